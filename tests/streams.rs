//! Streams: the same rows as in memory, bounded memory, faults with their place.

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use graven::data::{DataError, Part, Source, Stream};
use graven::metrics::{Accuracy, Metric};
use graven::training::{SourceError, SourceTrainer};
use graven::{Adam, Dataset, Index, Sample};
use support::{Classifier, iris};

type Numbers = Stream<[f32; 1], f32>;

fn numbers(count: usize) -> Numbers {
    Stream::new(move || (0..count).map(|number| Ok(([number as f32], number as f32))))
}

/// The targets of an epoch, and the sizes of its batches.
fn epoch<X: Sample>(source: &mut impl Source<X, f32>, number: u64, rows: usize) -> (Vec<f32>, Vec<usize>) {
    let (mut targets, mut sizes) = (Vec::new(), Vec::new());
    source.begin(number).unwrap();
    while let Some(batch) = source.next(rows).unwrap() {
        targets.extend_from_slice(batch.targets);
        sizes.push(batch.rows);
    }
    assert!(source.next(rows).unwrap().is_none(), "the end stays the end");
    (targets, sizes)
}

fn count(count: usize) -> Vec<f32> {
    (0..count).map(|number| number as f32).collect()
}

#[test]
fn batches_are_whole_until_the_last() {
    let mut stream = numbers(100_000);
    for rows in [32, 1, 1000, 77, 100_000, 200_000] {
        let (targets, sizes) = epoch(&mut stream, 1, rows);
        assert_eq!(targets, count(100_000), "batches of {rows}");
        let (last, whole) = sizes.split_last().unwrap();
        assert!(whole.iter().all(|&size| size == rows) && (1..=rows).contains(last), "batches of {rows}");
    }
}

#[test]
fn the_size_of_batches_may_change_within_an_epoch() {
    let mut stream = numbers(50_000);
    stream.begin(1).unwrap();
    let (mut seen, mut rows) = (Vec::new(), 1);
    while let Some(batch) = stream.next(rows).unwrap() {
        seen.extend_from_slice(batch.targets);
        rows = rows * 7 % 997;
    }
    assert_eq!(seen, count(50_000));
}

#[test]
fn data_sets_are_sources_too() {
    let data = Dataset::new(count(10), count(10)).unwrap();
    assert_eq!(epoch::<f32>(&mut data.in_order(), 3, 4), (count(10), vec![4, 4, 2]));
    let mut shuffled = data.shuffled(7);
    let first = epoch::<f32>(&mut shuffled, 1, 4).0;
    assert_ne!(first, epoch::<f32>(&mut shuffled, 2, 4).0);
    assert_eq!(first, epoch::<f32>(&mut shuffled, 1, 3).0);
    let mut stream = Stream::new(data.clone()).shuffle(0, 7);
    assert_eq!(first, epoch::<f32>(&mut stream, 1, 4).0, "a stream of a data set has its order");
    assert!(data.in_order().next(5).unwrap().is_some(), "no `begin` is the first epoch");
}

#[test]
fn a_shuffle_buffer_is_seeded_and_loses_nothing() {
    let shuffled = |seed, number, rows| epoch(&mut numbers(5000).shuffle(256, seed), number, rows).0;
    let first = shuffled(7, 1, 32);
    assert_eq!(first, shuffled(7, 1, 100), "whatever the batches");
    assert_ne!(first, shuffled(8, 1, 32));
    assert_ne!(first, shuffled(7, 2, 32));
    assert_ne!(first, count(5000));
    let sorted: BTreeSet<u32> = first.iter().map(|&number| number as u32).collect();
    assert_eq!((sorted.len(), first.len()), (5000, 5000));
    let far = first.iter().enumerate().filter(|&(place, &number)| (number as usize).abs_diff(place) > 64).count();
    assert!(far > 2500, "{far} rows moved far");
    let whole = epoch(&mut numbers(100).shuffle(1000, 1), 1, 10).0;
    assert_ne!(whole, count(100), "a buffer larger than the data");
}

#[test]
fn preparation_draws_by_row_not_by_order() {
    let noisy = |buffer, rows| {
        let mut stream = numbers(1000).shuffle(buffer, 5).map(|input, _, draw| input[0] += draw.uniform());
        stream.begin(2).unwrap();
        let mut pairs = Vec::new();
        while let Some(batch) = stream.next(rows).unwrap() {
            pairs.extend(
                batch.targets.iter().zip(batch.inputs).map(|(target, input)| (*target as u32, input[0].to_bits())),
            );
        }
        pairs.sort_unstable();
        pairs
    };
    assert_eq!(noisy(0, 10), noisy(100, 33));
}

#[test]
fn no_more_than_the_bounded_rows_are_read_ahead() {
    let read = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&read);
    let mut stream: Stream<[f32; 1024], f32> = Stream::new(move || {
        let counter = Arc::clone(&counter);
        (0..1_000_000).map(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
            Ok(([0.0; 1024], 0.0))
        })
    });
    stream.begin(1).unwrap();
    for _ in 0..10 {
        stream.next(64).unwrap().unwrap();
    }
    std::thread::sleep(std::time::Duration::from_millis(50));
    // Ten blocks of 64 rows were used; fifteen more may be full, and one row in the reader's hand.
    assert!(read.load(Ordering::Relaxed) <= 25 * 64 + 1, "{read:?} rows read");
}

#[test]
fn an_epoch_can_be_left() {
    let mut stream = numbers(100_000).shuffle(10, 1);
    stream.begin(1).unwrap();
    let first = stream.next(8).unwrap().unwrap().targets.to_vec();
    stream.next(8).unwrap();
    stream.begin(1).unwrap();
    assert_eq!(first, stream.next(8).unwrap().unwrap().targets);
    assert_eq!(stream.rows(), None, "no epoch was finished");
}

#[test]
fn faults_name_the_row() {
    let mut stream: Numbers =
        Stream::new(|| (0..100).map(|row| Ok(([if row == 70 { f32::NAN } else { 0.0 }], 0.0)))).shuffle(50, 1);
    stream.begin(1).unwrap();
    let error = loop {
        match stream.next(16) {
            Ok(batch) => assert!(batch.is_some(), "the fault was not noticed"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, DataError::NotFinite { part: Part::Inputs, row: 70, position: 0, .. }), "{error}");
    assert!(stream.next(16).unwrap().is_none(), "the epoch is over");

    let own = || (0..3).map(|row| if row < 2 { Ok((0.0, 0.0)) } else { Err(DataError::Own("no signal".into())) });
    let mut stream: Stream<f32, f32> = Stream::new(own);
    stream.begin(1).unwrap();
    assert_eq!(stream.next(2).map(|batch| batch.map(|batch| batch.rows)).unwrap_err().to_string(), "no signal");
}

#[test]
fn no_rows_and_other_numbers_of_rows_are_faults() {
    let mut empty = numbers(0);
    empty.begin(1).unwrap();
    assert!(matches!(empty.next(1), Err(DataError::Empty)));

    let lengths = AtomicUsize::new(11);
    let shrinking = move || (0..lengths.fetch_sub(1, Ordering::Relaxed)).map(|_| Ok((0.0f32, 0.0f32)));
    let mut stream: Stream<f32, f32> = Stream::new(shrinking);
    epoch(&mut stream, 1, 4);
    assert_eq!(stream.rows(), Some(11));
    stream.begin(2).unwrap();
    let error = std::iter::from_fn(|| stream.next(4).map(|batch| batch.map(|_| ())).transpose()).last().unwrap();
    assert!(matches!(error, Err(DataError::RowsChanged { before: 11, now: 10 })), "{error:?}");
}

#[test]
fn a_panic_of_the_reader_is_not_the_end_of_the_data() {
    let mut stream: Stream<f32, f32> =
        Stream::new(|| (0..10).map(|row| if row < 5 { Ok((0.0, 0.0)) } else { panic!("no row {row}") }));
    stream.begin(1).unwrap();
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| stream.next(8).map(|_| ()))).unwrap_err();
    assert_eq!(panic.downcast_ref::<String>().unwrap(), "no row 5");
}

#[test]
fn a_stream_trains_to_the_same_bits_as_memory() {
    let data = iris();
    let mut in_memory = Classifier::new(1);
    in_memory.fit::<16>(&data).optimizer(Adam::new(0.01)).epochs(3).seed(9).run().unwrap();

    let mut streamed = Classifier::new(1);
    let mut trainer = SourceTrainer::<Classifier, Adam, 16>::new(Adam::new(0.01), 9);
    let mut stream = Stream::new(data.clone()).shuffle(0, 9);
    for number in 1..=3 {
        trainer.epoch(&mut streamed, &mut stream, number).unwrap();
    }
    assert_eq!(streamed.weights_hash(), in_memory.weights_hash());

    let mut accuracy = Accuracy::new();
    let mut source: Stream<[f32; 4], Index<3>> = Stream::new(data.clone());
    let score = streamed.evaluate_source::<16>(&mut source, &mut [&mut accuracy]).unwrap();
    assert_eq!(score, in_memory.evaluate::<16>(&data).unwrap());
    assert_eq!(accuracy.value() as f32, score.accuracy);

    let faulty = || [Ok(([f32::INFINITY; 4], Index::ZERO))];
    let error = streamed.evaluate_source::<16>(&mut Stream::new(faulty), &mut []).unwrap_err();
    assert!(matches!(error, SourceError::Data(DataError::NotFinite { row: 0, .. })), "{error}");
}
