//! Runs that are cut off and go on: to the same bits, or not at all.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use graven::schedule::{Cosine, ReduceOnPlateau, Schedule};
use graven::training::{BoxError, Callback, CheckpointProblem, Difference, Flow, StepReport};
use graven::{
    Adam, Checkpoints, Dataset, EarlyStopping, FitError, GlobalNorm, History, Index, Lamb, Nadam, Optimizer, Sgd,
    network,
};

network! {
    struct Noisy;

    fn forward(x: [6]) -> [3] {
        let hidden = dropout(batch_norm(dense(x, 20, activation = tanh)), 0.3);
        dense(gaussian_noise(hidden, 0.05), 3)
    }

    fn loss(logits, label: index<3>) {
        cross_entropy(logits, label) + l2(1e-4)
    }
}

const ROWS: usize = 100;
const EPOCHS: usize = 5;
/// Batches of sixteen rows, the last of four.
const STEPS: u64 = 7 * EPOCHS as u64;

type Data = Dataset<[f32; 6], Index<3>>;

fn data(rows: usize) -> Data {
    let inputs: Vec<[f32; 6]> =
        (0..rows).map(|row| std::array::from_fn(|column| ((row * 7 + column * 3) as f32).sin())).collect();
    let labels: Vec<Index<3>> =
        inputs.iter().map(|x| Index::new(usize::from(x[0] > 0.3) + usize::from(x[1] > 0.0)).unwrap()).collect();
    Dataset::new(inputs, labels).unwrap()
}

/// Cuts the power after some steps; counts the steps it ever saw, across cuts.
struct PowerCut {
    at: Option<u64>,
    seen: u64,
}

impl<N: graven::Trainable> Callback<N> for PowerCut {
    fn on_step(&mut self, step: &StepReport, _: &N) -> Result<Flow, BoxError> {
        if self.at == Some(step.steps) {
            return Err("the power is cut".into());
        }
        self.seen += 1;
        Ok(Flow::Continue)
    }
    fn on_end(&mut self, history: &History, _: &N) -> Result<(), BoxError> {
        let all = history.epochs.len() as u64 * 7;
        if self.seen == all { Ok(()) } else { Err(format!("{} steps seen of {all}", self.seen).into()) }
    }
    fn remember(&self) -> Vec<u8> {
        self.seen.to_le_bytes().to_vec()
    }
    fn recall(&mut self, bytes: &[u8]) {
        // A checkpoint of a step comes after its callbacks.
        self.seen = u64::from_le_bytes(bytes.try_into().unwrap());
    }
}

/// Trains from the last checkpoint on, until the power is cut or to the end.
fn life(folder: &Path, threads: Option<usize>, cut: Option<u64>) -> Result<(u64, History), FitError> {
    let (training, validation) = data(130).split_rows(ROWS, 3).unwrap();
    // A model of other weights: everything has to come from the checkpoint.
    let mut model = Noisy::new(if folder.read_dir().is_ok_and(|mut all| all.next().is_some()) { 9 } else { 1 });
    let schedule = Cosine::new(0.02, STEPS).warmup(5).times(ReduceOnPlateau::new(1.0).patience(1));
    let fit = model
        .fit::<16>(&training)
        .optimizer(GlobalNorm::new(Adam::new(1.0), 1.0))
        .epochs(EPOCHS)
        .validation(&validation)
        .seed(11)
        .schedule(schedule)
        .average(0.9)
        .keep_best(true)
        .early_stopping(EarlyStopping::new(4))
        .callback(PowerCut { at: cut, seen: 0 })
        .checkpoints(Checkpoints::new(folder).every_steps(3).keep(3).best(true))
        .resume(folder);
    let history = match threads {
        Some(threads) => fit.threads(threads).parts(3).run(),
        None => fit.run(),
    }?;
    Ok((model.weights_hash(), history))
}

/// Without times, which differ.
fn timeless(mut history: History) -> History {
    history.epochs.iter_mut().for_each(|epoch| epoch.seconds = 0.0);
    history
}

fn moments(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

#[test]
fn fifty_cuts_at_random_moments_leave_no_trace() {
    for ways in [[None, None], [Some(1), Some(2)]] {
        let folder = tempfile::tempdir().unwrap();
        let (hash, history) = life(folder.path(), ways[0], None).unwrap();
        let mut moment = moments(5);
        for _ in 0..25 {
            let folder = tempfile::tempdir().unwrap();
            let (first, second) = (1 + moment(STEPS), 1 + moment(STEPS));
            for (cut, threads) in [first.min(second), first.max(second)].into_iter().zip(ways) {
                match life(folder.path(), threads, Some(cut)) {
                    Err(FitError::Callback(error)) => assert_eq!(error.to_string(), "the power is cut"),
                    Err(error) => panic!("{error}"),
                    // The second cut is at the step of the first, or the run had stopped before it.
                    Ok((found, _)) => assert_eq!(found, hash),
                }
            }
            let (found, again) = life(folder.path(), ways[1], None).unwrap();
            assert_eq!(found, hash, "cut at {first} and {second}");
            assert_eq!(timeless(again), timeless(history.clone()), "cut at {first} and {second}");
        }
    }
}

const FOLDER: &str = "GRAVEN_TEST_CHECKPOINTS";

/// This program again, as a process that may be killed: only the test of that name, in a folder.
fn process(test: &str, folder: &Path, before: &str) -> Child {
    let program = std::env::current_exe().unwrap();
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{before} exec \"$0\" \"$@\"")).arg(program);
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]).env(FOLDER, folder);
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// What a process printed behind a word.
fn printed(child: Child, word: &str) -> String {
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.split_once(word)).unwrap_or_else(|| panic!("{text}"));
    line.1.trim().to_owned()
}

#[test]
#[cfg(unix)]
fn killed_processes_leave_no_trace() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let (hash, _) = life(Path::new(&folder), None, None).unwrap();
        println!("\nhash {hash}");
        return;
    }
    let whole = tempfile::tempdir().unwrap();
    let (hash, _) = life(whole.path(), None, None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut moment = moments(8);
    for _ in 0..12 {
        let mut child = process("killed_processes_leave_no_trace", folder.path(), "");
        std::thread::sleep(Duration::from_millis(2 + moment(40)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let child = process("killed_processes_leave_no_trace", folder.path(), "");
    assert_eq!(printed(child, "hash"), hash.to_string());
}

#[test]
#[cfg(unix)]
fn a_full_disk_leaves_the_last_checkpoint() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        println!("\nerror {}", life(Path::new(&folder), None, None).unwrap_err());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    life(folder.path(), None, Some(10)).unwrap_err();
    let before = files(folder.path());
    let child = process("a_full_disk_leaves_the_last_checkpoint", folder.path(), "trap '' XFSZ; ulimit -f 1;");
    let error = printed(child, "error");
    assert!(error.contains("cannot be written"), "{error}");
    assert_eq!(files(folder.path()), before, "nothing new, nothing half-written");
    let whole = tempfile::tempdir().unwrap();
    assert_eq!(life(folder.path(), None, None).unwrap().0, life(whole.path(), None, None).unwrap().0);
}

/// Names and contents.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let name = |(path, _): (PathBuf, _)| path.file_name().unwrap().to_str().unwrap().to_owned();
    files(folder).into_iter().map(name).collect()
}

/// A short run of two epochs of seven steps.
fn short<O: Optimizer + std::fmt::Debug>(
    optimizer: O,
    checkpoints: Checkpoints,
    resume: &Path,
) -> Result<u64, FitError> {
    let data = data(ROWS);
    let mut model = Noisy::new(1);
    let fit = model.fit::<16>(&data).optimizer(optimizer).epochs(2).seed(2);
    fit.checkpoints(checkpoints).resume(resume).run()?;
    Ok(model.weights_hash())
}

#[test]
fn as_many_are_kept_as_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("new").join("folder");
    short(Sgd::new(0.1), Checkpoints::new(&place).every_steps(2).keep(3).best(true), &place).unwrap();
    let kept = ["best", "step-000000000010", "step-000000000012", "step-000000000014"];
    assert_eq!(names(&place), kept.map(|name| format!("{name}.graven")));
    let other = folder.path().join("epochs");
    short(Sgd::new(0.1), Checkpoints::new(&other), &other).unwrap();
    assert_eq!(names(&other), ["step-000000000007.graven", "step-000000000014.graven"]);
    let done = short(Sgd::new(0.1), Checkpoints::new(&other), &other);
    assert_eq!(done, short(Sgd::new(0.1), Checkpoints::new(&place), &folder.path().join("nowhere")));
}

#[test]
fn every_optimizer_goes_on() {
    fn check<O: Optimizer + std::fmt::Debug>(optimizer: O) {
        let folder = tempfile::tempdir().unwrap();
        let checkpoints = Checkpoints::new(folder.path()).every_steps(1).keep(100);
        let hash = short(optimizer.clone(), checkpoints.clone(), folder.path()).unwrap();
        for step in [1, 6, 7, 10] {
            let from = folder.path().join(format!("step-{step:012}.graven"));
            assert_eq!(short(optimizer.clone(), checkpoints.clone(), &from), Ok(hash), "from step {step}");
        }
    }
    check(Sgd { momentum: 0.9, ..Sgd::new(0.05) });
    check(Nadam::new(0.01));
    check(Lamb::new(0.01));
    check(graven::RmsProp { momentum: 0.5, centered: true, ..graven::RmsProp::new(0.01) });
    check(graven::ClipValue::new(graven::Groups::new(graven::Adadelta::new(1.0), [("*.bias", 0.0)]), 0.5));
}

#[track_caller]
fn problem(result: Result<u64, FitError>) -> CheckpointProblem {
    match result {
        Err(FitError::Checkpoint(error)) => error.problem,
        other => panic!("{other:?}"),
    }
}

#[test]
fn damaged_files_are_refused_and_earlier_ones_stay() {
    let folder = tempfile::tempdir().unwrap();
    let run = |from: &Path| short(Adam::new(0.01), Checkpoints::new(folder.path()).every_steps(4).keep(9), from);
    let hash = run(folder.path()).unwrap();
    let newest = folder.path().join("step-000000000014.graven");
    let whole = fs::read(&newest).unwrap();
    let before = files(folder.path());
    let mut moment = moments(3);
    for _ in 0..20 {
        let mut bytes = whole.clone();
        let at = moment(whole.len() as u64) as usize;
        bytes[at] ^= 1 << moment(8);
        fs::write(&newest, &bytes).unwrap();
        let found = problem(run(folder.path()));
        let damaged = matches!(
            found,
            CheckpointProblem::Damaged(_) | CheckpointProblem::NotACheckpoint | CheckpointProblem::Version { .. }
        );
        assert!(damaged, "byte {at}: {found:?}");
        fs::write(&newest, &whole[..at]).unwrap();
        problem(run(folder.path()));
        assert_eq!(files(folder.path())[..3], before[..3]);
    }
    fs::write(&newest, "some notes").unwrap();
    assert_eq!(problem(run(folder.path())), CheckpointProblem::NotACheckpoint);
    assert_eq!(run(&folder.path().join("step-000000000012.graven")), Ok(hash));
}

#[test]
fn checkpoints_of_other_runs_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = data(ROWS);
    Noisy::new(1).fit::<16>(&data).checkpoints(Checkpoints::new(folder.path())).run().unwrap();
    let what = |result: Result<History, FitError>| match result {
        Err(FitError::Checkpoint(error)) => match error.problem {
            CheckpointProblem::Foreign { what, .. } => what,
            problem => panic!("{problem}"),
        },
        other => panic!("{other:?}"),
    };
    let resumed = folder.path();
    let mut model = Noisy::new(4);
    let before = model.weights_hash();
    assert_eq!(what(model.fit::<16>(&data).seed(1).resume(resumed).run()), Difference::Seed);
    assert_eq!(what(model.fit::<16>(&data).batch_size(8).resume(resumed).run()), Difference::BatchSize);
    assert_eq!(
        what(model.fit::<16>(&data).optimizer(Adam::new(0.5)).resume(resumed).run()),
        Difference::OptimizerSettings
    );
    assert_eq!(what(model.fit::<16>(&data).threads(1).resume(resumed).run()), Difference::Engine);
    assert_eq!(what(model.fit::<16>(&data).average(0.5).resume(resumed).run()), Difference::Settings);
    let fewer = data.select(0..50).unwrap();
    assert_eq!(what(model.fit::<16>(&fewer).resume(resumed).run()), Difference::Rows);
    assert_eq!(model.weights_hash(), before, "the model stays as it was");
    assert_eq!(what(Other::new(1).fit::<16>(&data).resume(resumed).run()), Difference::NetworkName);
    assert_eq!(model.fit::<16>(&data).epochs(3).resume(resumed).run().unwrap().epochs.len(), 3);
}

network! {
    struct Other;
    fn forward(x: [6]) -> [3] { dense(x, 3) }
    fn loss(logits, label: index<3>) { cross_entropy(logits, label) }
}

#[test]
fn a_place_that_cannot_be_written_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "not a folder").unwrap();
    let nowhere = folder.path().join("nowhere");
    let found = problem(short(Sgd::new(0.1), Checkpoints::new(file.join("inside")), &nowhere));
    assert!(matches!(found, CheckpointProblem::Write { .. }), "{found:?}");
    assert_eq!(fs::read(&file).unwrap(), b"not a folder");
}

#[test]
fn a_trainer_is_saved_and_resumed_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("by-hand.graven");
    let data = data(ROWS);
    let (mut whole, mut first, mut second) = (Noisy::new(1), Noisy::new(1), Noisy::new(7));
    let mut trainer = whole.fit::<16>(&data).epochs(2).trainer().unwrap();
    (0..2).for_each(|_| assert!(trainer.epoch().is_ok()));
    trainer.finish().unwrap();
    let mut trainer = first.fit::<16>(&data).epochs(2).trainer().unwrap();
    trainer.epoch().unwrap();
    trainer.save(&file).unwrap();
    drop(trainer);
    let mut trainer = second.fit::<16>(&data).epochs(2).trainer().unwrap();
    trainer.resume(&file).unwrap();
    assert_eq!(trainer.steps(), 7);
    trainer.epoch().unwrap();
    assert!(trainer.is_done());
    trainer.finish().unwrap();
    assert_eq!(second.weights_hash(), whole.weights_hash());
    assert_ne!(first.weights_hash(), whole.weights_hash());
}

#[test]
fn a_stop_in_the_middle_of_an_epoch_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let data = data(ROWS);
    let run = |from: &Path| {
        let mut model = Noisy::new(1);
        let fit = model.fit::<16>(&data).epochs(3).validation(&data).resume(from);
        let fit = fit.on_step(|step, _| if step.steps == 10 { Flow::Stop } else { Flow::Continue });
        let history = fit.checkpoints(Checkpoints::new(folder.path()).every_steps(1).keep(99)).run().unwrap();
        (model.weights_hash(), timeless(history))
    };
    let whole = run(&folder.path().join("nothing"));
    assert_eq!((whole.1.epochs.len(), whole.1.stopped), (2, true));
    for step in [7, 9, 10] {
        assert_eq!(run(&folder.path().join(format!("step-{step:012}.graven"))), whole, "from step {step}");
    }
}
