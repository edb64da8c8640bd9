//! Metrics and logs of one's own in `fit`: what they see, where their numbers are found.

#[path = "support/parted.rs"]
mod parted;

use std::fs;
use std::io;
use std::path::Path;

use graven::metrics::{Accuracy, Measured, Metric, MetricOf, TopK};
use graven::report::{CsvLog, JsonLines, Log};
use graven::training::{BoxError, Callback, Mode, Score};
use graven::{Adam, Checkpoints, Epoch, Fit, FitError, Flow, History, Index, Trainable};
use parted::{Data, Noisy, bits, data};

/// A metric whose value depends on every output and on their order.
#[derive(Default)]
struct Trace {
    rows: usize,
    value: f64,
}

impl Metric for Trace {
    fn name(&self) -> String {
        "trace".to_owned()
    }
    fn value(&self) -> f64 {
        self.value
    }
    fn reset(&mut self) {
        *self = Self::default();
    }
}

impl MetricOf<[f32; 4], Index<4>> for Trace {
    fn update(&mut self, outputs: &[[f32; 4]], targets: &[Index<4>]) {
        assert_eq!(outputs.len(), targets.len());
        for (output, target) in outputs.iter().zip(targets) {
            self.rows += 1;
            self.value = self.value * 0.99 + f64::from(output[0]) + target.get() as f64;
        }
    }
}

fn two_epochs<M>(
    model: &mut Noisy,
    data: &Data,
    mode: impl FnOnce(Fit<'_, Noisy, Adam, 16>) -> Fit<'_, Noisy, Adam, 16, M>,
) -> History
where
    M: Mode<Noisy, Adam, 16>,
{
    let fit = model.fit::<16>(data).optimizer(Adam::new(0.01)).epochs(2).seed(4).validation(data);
    mode(fit.metric(Accuracy::new()).metric(Trace::default())).run().unwrap()
}

#[test]
fn metrics_see_all_rows_once_and_in_order() {
    let data = data(150);
    let history = two_epochs(&mut Noisy::new(3), &data, |fit| fit);
    let known = |values: Vec<f64>| values.into_iter().map(|value| value as f32).collect::<Vec<_>>();
    let scores =
        |of: fn(&Epoch) -> Score| history.epochs.iter().map(of).map(|score| score.accuracy).collect::<Vec<_>>();
    assert_eq!(known(history.metric("accuracy")), scores(|epoch| epoch.training));
    assert_eq!(known(history.metric("validation_accuracy")), scores(|epoch| epoch.validation.unwrap()));
    assert_eq!(history.metrics.iter().map(|metrics| metrics.epoch).collect::<Vec<_>>(), [1, 2]);
    assert!(history.metric("no such").is_empty());

    let threads = |threads| two_epochs(&mut Noisy::new(3), &data, |fit| fit.batch_size(128).threads(threads).parts(8));
    let one = threads(1);
    assert_ne!(one.metric("validation_trace")[0], one.metric("validation_trace")[1]);
    for number in [2, 3, 8] {
        assert_eq!(threads(number).metrics, one.metrics, "{number} threads");
    }
}

#[test]
fn a_metric_by_reference_is_left_with_what_it_saw_last() {
    let (training, validation) = data(150).split_rows(130, 1).unwrap();
    let (mut trace, mut alone) = (Trace::default(), Trace::default());
    let mut model = Noisy::new(3);
    let history = model.fit::<16>(&training).validation(&validation).metric(&mut trace).run().unwrap();
    assert_eq!(trace.rows, 20);
    model.evaluate_with::<16>(&validation, &mut [&mut alone]).unwrap();
    assert_eq!(trace.value, alone.value);
    assert_eq!(history.metric("validation_trace"), [alone.value]);

    let history = model.fit::<16>(&training).metric(&mut trace).run().unwrap();
    assert_eq!(trace.rows, 130);
    assert!(history.metrics[0].validation.is_empty());
    let plain = model.fit::<16>(&training).validation(&validation).run().unwrap();
    assert!(plain.metrics.is_empty());
}

#[test]
fn metrics_change_nothing_of_what_is_trained() {
    let data = data(60);
    let (mut plain, mut measured) = (Noisy::new(3), Noisy::new(3));
    plain.fit::<16>(&data).epochs(2).validation(&data).run().unwrap();
    measured.fit::<16>(&data).epochs(2).validation(&data).metric(Trace::default()).run().unwrap();
    assert_eq!(bits(&*plain), bits(&*measured));
}

#[test]
fn metrics_are_in_logs_and_reports() {
    let folder = tempfile::tempdir().unwrap();
    let (table, lines) = (folder.path().join("log.csv"), folder.path().join("log.jsonl"));
    let (training, validation) = data(150).split_rows(130, 1).unwrap();
    let mut model = Noisy::new(3);
    let fit = model.fit::<16>(&training).validation(&validation).metric(TopK::<2>::new()).epochs(3);
    let fit = fit.log(CsvLog::create(&table).unwrap()).log(JsonLines::create(&lines).unwrap());
    let history = fit.run().unwrap();

    let table = fs::read_to_string(&table).unwrap();
    assert!(table.lines().next().unwrap().ends_with("seconds,top_2_accuracy,validation_top_2_accuracy"), "{table}");
    let last: Vec<&str> = table.lines().nth(3).unwrap().rsplitn(3, ',').collect();
    let numbers = [history.metric("top_2_accuracy")[2], history.metric("validation_top_2_accuracy")[2]];
    assert_eq!(last[..2], [numbers[1].to_string(), numbers[0].to_string()]);
    let lines: Vec<serde_json::Value> =
        fs::read_to_string(&lines).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), lines[2]["validation_top_2_accuracy"].as_f64()), (3, Some(numbers[1])));
    let shown = format!(", top_2_accuracy {:.4}, validation_top_2_accuracy {:.4}", numbers[0], numbers[1]);
    assert!(history.to_string().contains(&shown), "{history}");
    let again: History = serde_json::from_str(&serde_json::to_string(&history).unwrap()).unwrap();
    assert_eq!(again, history);
}

struct FullDisk;

impl Log for FullDisk {
    fn record(&mut self, epoch: &Epoch, _metrics: &[Measured]) -> io::Result<()> {
        if epoch.number < 2 { Ok(()) } else { Err(io::Error::from(io::ErrorKind::StorageFull)) }
    }
}

#[test]
fn a_log_that_fails_ends_the_run() {
    let data = data(40);
    let mut model = Noisy::new(3);
    let mut trainer = model.fit::<16>(&data).epochs(5).log(FullDisk).trainer().unwrap();
    trainer.epoch().unwrap();
    let error = trainer.epoch().unwrap_err();
    assert!(matches!(error, FitError::Log(_)) && error.to_string().starts_with("a log cannot be written: "), "{error}");
}

/// Stops when a metric of the validation data is above a border.
struct Above(f64);

impl<N: Trainable> Callback<N> for Above {
    fn on_history(&mut self, history: &History, _model: &N) -> Result<Flow, BoxError> {
        let last = history.metric("validation_accuracy").last().copied().unwrap_or(f64::NAN);
        Ok(if last > self.0 { Flow::Stop } else { Flow::Continue })
    }
}

#[test]
fn callbacks_know_the_metrics() {
    let data = data(40);
    let epochs = |border| {
        let mut model = Noisy::new(3);
        let fit = model.fit::<16>(&data).validation(&data).metric(Accuracy::new()).epochs(4);
        fit.callback(Above(border)).run().unwrap().epochs.len()
    };
    assert_eq!((epochs(-1.0), epochs(1.0)), (1, 4));
}

/// The second epoch was logged and is done again, for the last checkpoint was before its end.
#[test]
fn a_resumed_run_logs_every_epoch_once() {
    let folder = tempfile::tempdir().unwrap();
    let data = data(48);
    let path = folder.path().join("log.csv");
    fn run<'a>(model: &'a mut Noisy, data: &'a Data, folder: &Path, log: CsvLog) -> Fit<'a, Noisy, Adam, 16> {
        model.fit::<16>(data).epochs(3).seed(4).log(log).checkpoints(Checkpoints::new(folder).every_steps(5))
    }
    let whole = folder.path().join("whole.csv");
    run(&mut Noisy::new(3), &data, &folder.path().join("other"), CsvLog::create(&whole).unwrap()).run().unwrap();
    let checkpoints = folder.path().join("checkpoints");
    let log = CsvLog::create(&path).unwrap();
    let cut = run(&mut Noisy::new(3), &data, &checkpoints, log).callback(PowerCut).run();
    assert!(matches!(cut, Err(FitError::Callback(_))));
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 3, "a head and two epochs");
    let log = CsvLog::append(&path).unwrap();
    run(&mut Noisy::new(3), &data, &checkpoints, log).resume(&checkpoints).run().unwrap();
    let table = |path: &Path| -> Vec<Vec<String>> {
        let text = fs::read_to_string(path).unwrap();
        text.lines().map(|line| line.split(',').take(3).map(str::to_owned).collect()).collect()
    };
    assert_eq!(table(&path), table(&whole));
}

/// The numbers of the epochs that it was given; it fails where it is to go back.
#[derive(Default)]
struct Stubborn(Vec<usize>);

impl Log for &mut Stubborn {
    fn record(&mut self, epoch: &Epoch, _metrics: &[Measured]) -> io::Result<()> {
        self.0.push(epoch.number);
        Ok(())
    }
    fn resume(&mut self, history: &History, place: &[u8]) -> io::Result<()> {
        assert!(history.epochs.len() == 1 && !place.is_empty());
        Err(io::Error::other("it only grows"))
    }
}

#[test]
fn a_trainer_that_goes_back_takes_its_logs_along() {
    let folder = tempfile::tempdir().unwrap();
    let (path, file) = (folder.path().join("log.csv"), folder.path().join("by-hand.graven"));
    let data = data(48);
    let mut model = Noisy::new(3);
    let mut trainer = model.fit::<16>(&data).epochs(3).log(CsvLog::create(&path).unwrap()).trainer().unwrap();
    trainer.epoch().unwrap();
    let first = fs::read_to_string(&path).unwrap();
    trainer.save(&file).unwrap();
    trainer.epoch().unwrap();
    trainer.resume(&file).unwrap();
    trainer.epoch().unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with(&first));
    assert_eq!(text.lines().map(|line| line.split(',').next().unwrap()).collect::<Vec<_>>(), ["epoch", "1", "2"]);

    let (mut other, mut log) = (Noisy::new(3), Stubborn::default());
    let mut trainer = other.fit::<16>(&data).epochs(3).log(&mut log).trainer().unwrap();
    trainer.resume(&file).unwrap();
    for _ in 0..2 {
        let error = trainer.epoch().unwrap_err();
        assert!(matches!(&error, FitError::Log(cause) if cause.to_string() == "it only grows"), "{error}");
    }
    drop(trainer);
    assert!(log.0.is_empty());
}

/// Ends the program in the middle of an epoch, as far as the run can tell.
struct PowerCut;

impl<N: Trainable> Callback<N> for PowerCut {
    fn on_step(&mut self, step: &graven::training::StepReport, _model: &N) -> Result<Flow, BoxError> {
        if step.steps == 7 { Err("the power is gone".into()) } else { Ok(Flow::Continue) }
    }
}

#[test]
fn an_epoch_resumed_in_its_middle_has_no_training_metrics() {
    let folder = tempfile::tempdir().unwrap();
    let data = data(64);
    fn run<'a>(model: &'a mut Noisy, data: &'a Data) -> Fit<'a, Noisy, Adam, 16> {
        model.fit::<16>(data).epochs(3).seed(4).validation(data).metric(Trace::default())
    }
    let whole = run(&mut Noisy::new(3), &data).run().unwrap();
    let checkpoints = || Checkpoints::new(folder.path()).every_steps(3);
    let cut = run(&mut Noisy::new(3), &data).checkpoints(checkpoints()).callback(PowerCut).run();
    assert!(matches!(cut, Err(FitError::Callback(_))));
    let mut model = Noisy::new(3);
    let resumed = run(&mut model, &data).checkpoints(checkpoints()).resume(folder.path()).run().unwrap();
    assert_eq!(resumed.metric("validation_trace"), whole.metric("validation_trace"));
    let (resumed, whole) = (resumed.metric("trace"), whole.metric("trace"));
    assert!(resumed[1].is_nan(), "six of its eight steps were seen by the first program: {resumed:?}");
    assert_eq!((resumed[0], resumed[2]), (whole[0], whole[2]));
}
