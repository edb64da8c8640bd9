//! Steps in several processes, which threads stand for here: the same bits as in one.

#[path = "support/parted.rs"]
mod parted;

use std::fmt::Debug;
use std::sync::mpsc::{Receiver, Sender, channel};

use graven::training::{BoxError, Callback, Group, GroupError, StepReport};
use graven::{
    Accumulate, Adam, Checkpoints, FitError, Flow, GlobalNorm, History, Lamb, Optimizer, RowsError, Sgd, Trainable,
};
use parted::{Noisy, Normed, bits, data};

/// Messages of a thread from and to all threads, with itself too.
struct Wires {
    rank: usize,
    to: Vec<Sender<Vec<u64>>>,
    from: Vec<Receiver<Vec<u64>>>,
}

/// As many as there are processes.
fn wires(size: usize) -> Vec<Wires> {
    let mut all: Vec<Wires> = (0..size).map(|rank| Wires { rank, to: Vec::new(), from: Vec::new() }).collect();
    for from in 0..size {
        for to in 0..size {
            let (sender, receiver) = channel();
            all[from].to.push(sender);
            all[to].from.push(receiver);
        }
    }
    all
}

impl Wires {
    fn send(&self, to: usize, words: Vec<u64>) -> Result<(), GroupError> {
        self.to[to].send(words).map_err(|error| GroupError::Lost(error.to_string()))
    }

    /// What everyone sent to this thread.
    fn receive(&self) -> Result<Vec<u64>, GroupError> {
        let messages = self.from.iter().map(|from| from.recv().map_err(|error| GroupError::Lost(error.to_string())));
        Ok(messages.collect::<Result<Vec<_>, _>>()?.concat())
    }

    fn floats(&self, all: &mut [f32]) -> Result<(), GroupError> {
        let words = self.receive()?;
        assert!(words.len() <= all.len(), "{} words for {}", words.len(), all.len());
        all.iter_mut().zip(words).for_each(|(place, word)| *place = f32::from_bits(u32::try_from(word).unwrap()));
        Ok(())
    }
}

fn words(floats: &[f32]) -> Vec<u64> {
    floats.iter().map(|float| u64::from(float.to_bits())).collect()
}

impl Group for Wires {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.to.len()
    }

    fn exchange(&self, mine: &[f32], sent: &[usize], received: &[usize], all: &mut [f32]) -> Result<(), GroupError> {
        assert_eq!((sent.len(), received.len()), (self.size(), self.size()));
        let mut start = 0;
        for (to, &count) in sent.iter().enumerate() {
            self.send(to, words(&mine[start..start + count]))?;
            start += count;
        }
        self.floats(all)
    }

    fn gather(&self, mine: &[f32], counts: &[usize], all: &mut [f32]) -> Result<(), GroupError> {
        assert_eq!(counts[self.rank], mine.len());
        (0..self.size()).try_for_each(|to| self.send(to, words(mine)))?;
        self.floats(all)
    }

    fn gather_words(&self, mine: &[u64], all: &mut [u64]) -> Result<(), GroupError> {
        (0..self.size()).try_for_each(|to| self.send(to, mine.to_vec()))?;
        all.copy_from_slice(&self.receive()?);
        Ok(())
    }
}

/// Runs a function on as many threads, each with its wires; the results in order of ranks.
fn together<T: Send>(size: usize, run: impl Fn(&Wires) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let run = &run;
        let threads: Vec<_> = wires(size).into_iter().map(|wires| scope.spawn(move || run(&wires))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// Two epochs of 150 rows in batches of 64, the last of 22.
fn in_processes<O: Optimizer + Debug + Sync>(optimizer: O, size: usize, parts: usize) -> Vec<(Vec<u32>, History)> {
    let data = data(150);
    together(size, |wires| {
        let mut model = Noisy::new(3);
        let fit = model.fit::<64>(&data).optimizer(optimizer.clone()).epochs(2).seed(4).validation(&data);
        let history = fit.threads(1 + wires.rank % 2).ranks(wires).parts(parts).run().unwrap();
        (bits(&*model), history)
    })
}

fn scores(history: &History) -> Vec<(u32, u32, Option<u32>)> {
    let epochs = history.epochs.iter();
    epochs
        .map(|epoch| (epoch.training.loss, epoch.training.accuracy, epoch.validation.map(|score| score.loss)))
        .map(|(loss, accuracy, validation)| (loss.to_bits(), accuracy.to_bits(), validation.map(f32::to_bits)))
        .collect()
}

fn check<O: Optimizer + Debug + Sync>(optimizer: O) {
    let data = data(150);
    for parts in [1, 3, 4, 8] {
        let mut model = Noisy::new(3);
        let fit = model.fit::<64>(&data).optimizer(optimizer.clone()).epochs(2).seed(4).validation(&data);
        let history = fit.threads(1).parts(parts).run().unwrap();
        for size in [1, 2, 3, 4, 5] {
            for (rank, (values, there)) in in_processes(optimizer.clone(), size, parts).into_iter().enumerate() {
                assert_eq!(values, bits(&*model), "{optimizer:?}, {parts} parts in {size} processes, process {rank}");
                assert_eq!(scores(&there), scores(&history), "{parts} parts in {size} processes, process {rank}");
            }
        }
    }
}

#[test]
fn processes_give_the_bits_of_one() {
    check(Adam::new(0.01));
    check(GlobalNorm::new(Sgd { momentum: 0.9, ..Sgd::new(0.05) }, 0.5));
    check(Accumulate::new(Lamb::new(0.01)));
}

#[test]
fn statistics_are_those_of_all_parts() {
    let data = data(150);
    let mut one = Normed::new(3);
    one.fit::<64>(&data).epochs(2).seed(4).threads(1).parts(5).run().unwrap();
    assert_ne!(bits(&*one)[Normed::PARAMETERS..], bits(&*Normed::new(3))[Normed::PARAMETERS..]);
    for size in [2, 3, 5, 7] {
        let all = together(size, |wires| {
            let mut model = Normed::new(3);
            model.fit::<64>(&data).epochs(2).seed(4).ranks(wires).parts(5).run().unwrap();
            bits(&*model)
        });
        assert!(all.iter().all(|values| *values == bits(&*one)), "{size} processes");
    }
}

/// Counts what it is told, and stops or fails at a step.
struct Watch<'a> {
    told: &'a std::sync::Mutex<Vec<usize>>,
    rank: usize,
    at: u64,
    outcome: Result<Flow, &'static str>,
}

impl<N: Trainable> Callback<N> for Watch<'_> {
    fn on_step(&mut self, step: &StepReport, _model: &N) -> Result<Flow, BoxError> {
        self.told.lock().unwrap().push(self.rank);
        if step.steps == self.at { Ok(self.outcome?) } else { Ok(Flow::Continue) }
    }
}

fn watched(outcome: Result<Flow, &'static str>) -> (Vec<Result<History, FitError>>, Vec<usize>) {
    let (data, told) = (data(150), std::sync::Mutex::new(Vec::new()));
    let results = together(3, |wires| {
        let watch = Watch { told: &told, rank: wires.rank, at: 2, outcome };
        Noisy::new(3).fit::<64>(&data).epochs(2).callback(watch).ranks(wires).run()
    });
    (results, told.into_inner().unwrap())
}

#[test]
fn the_leading_process_decides_for_all() {
    let (results, told) = watched(Ok(Flow::Stop));
    assert_eq!(told, [0, 0]);
    for history in results {
        let history = history.unwrap();
        assert!(history.stopped && history.epochs.len() == 1);
    }
    let (results, told) = watched(Err("no disk"));
    assert_eq!(told, [0, 0]);
    assert!(matches!(results[0], Err(FitError::Callback(_))));
    assert_eq!(results[1].as_ref().unwrap_err(), &FitError::Group(GroupError::Ended { rank: 0 }));
    assert_eq!(results[2], results[1]);
}

#[test]
fn processes_that_differ_do_not_begin() {
    let data = data(150);
    let differing = |seed: u64, weights: u64, rows: usize| {
        let other = data.select(0..rows).unwrap();
        together(3, |wires| {
            let odd = wires.rank == 2;
            let mut model = Noisy::new(if odd { weights } else { 3 });
            let fit = model.fit::<64>(if odd { &other } else { &data }).seed(if odd { seed } else { 4 });
            fit.ranks(wires).run().map(drop)
        })
    };
    assert!(differing(4, 3, 150).iter().all(Result::is_ok));
    for results in [differing(5, 3, 150), differing(4, 2, 150), differing(4, 3, 149)] {
        assert!(results.iter().all(|result| *result == Err(FitError::Group(GroupError::Differs { rank: 2 }))));
    }
}

#[test]
fn rows_of_ones_own_must_be_as_many_everywhere() {
    let data = data(150);
    let step = |odd: usize| {
        together(3, |wires| {
            let mut model = Noisy::new(3);
            let mut trainer = model.fit::<64>(&data).ranks(wires).trainer().unwrap();
            let rows = if wires.rank == 1 { odd } else { 64 };
            trainer.step(&data.inputs()[..rows], &data.targets()[..rows]).map(f32::to_bits)
        })
    };
    let even = step(64);
    assert!(even[0].is_ok() && even.iter().all(|loss| *loss == even[0]));
    assert!(step(60).iter().all(|loss| *loss == Err(FitError::Group(GroupError::Differs { rank: 1 }))));
    let empty = step(0);
    assert_eq!(empty[1], Err(FitError::Rows(RowsError::Empty)));
    assert_eq!((&empty[0], &empty[2]), (&Err(FitError::Group(GroupError::Ended { rank: 1 })), &empty[0]));
}

/// Three processes, of which one dies; two go on from the last checkpoint to the bits of one that never died.
#[test]
fn a_lost_process_ends_the_run_and_a_checkpoint_goes_on() {
    let data = data(150);
    let folder = tempfile::tempdir().unwrap();
    let train = |wires: &Wires, dies: Option<usize>| {
        let mut model = Noisy::new(3);
        let fit = model.fit::<64>(&data).optimizer(Adam::new(0.01)).epochs(3).seed(4);
        let fit = fit.checkpoints(Checkpoints::new(folder.path()).every_steps(2)).resume(folder.path());
        let mut trainer = fit.ranks(wires).parts(4).trainer()?;
        while !trainer.is_done() {
            if dies == Some(trainer.history().epochs.len()) {
                return Ok(None);
            }
            trainer.epoch()?;
        }
        trainer.finish()?;
        Ok::<_, FitError>(Some(bits(&*model)))
    };
    let results = together(3, |wires| train(wires, (wires.rank == 1).then_some(1)));
    assert_eq!(results[1], Ok(None));
    for rank in [0, 2] {
        assert!(matches!(results[rank], Err(FitError::Group(GroupError::Lost(_)))), "{:?}", results[rank]);
    }
    let mut whole = Noisy::new(3);
    whole.fit::<64>(&data).optimizer(Adam::new(0.01)).epochs(3).seed(4).threads(1).parts(4).run().unwrap();
    for result in together(2, |wires| train(wires, None)) {
        assert_eq!(result, Ok(Some(bits(&*whole))));
    }
}
