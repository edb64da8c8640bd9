//! Logs, reports and pictures of training runs.

mod support;

use std::fs;
use std::path::Path;

use graven::metrics::Measured;
use graven::report::{CsvLog, Curves, JsonLines, Log, PlotError, RunReport, TensorBoard};
use graven::training::{Epoch, Score};
use graven::{Adam, History};
use support::{Classifier, iris};

fn epoch(number: usize) -> Epoch {
    let score = |loss| Score { loss, accuracy: 0.5 };
    let loss = 1.0 / number as f32;
    let validation = Some(score(loss + 0.25));
    Epoch { number, training: score(loss), validation, learning_rate: 0.5, seconds: 0.125 }
}

fn regression(number: usize) -> Epoch {
    let training = Score { loss: 2.0, accuracy: f32::NAN };
    Epoch { training, validation: None, ..epoch(number) }
}

fn f1(value: f64) -> [Measured; 1] {
    [Measured { name: "f1, macro".to_owned(), value }]
}

/// The history of a checkpoint after so many epochs.
fn until(last: usize) -> History {
    History {
        network: "Net".to_owned(),
        optimizer: "Adam".to_owned(),
        seed: 1,
        rows: 2,
        batch_size: 2,
        epochs: (1..=last).map(epoch).collect(),
        metrics: Vec::new(),
        kept: None,
        stopped: false,
    }
}

/// Writes epochs into a log.
fn record(mut log: impl Log, epochs: impl IntoIterator<Item = usize>) {
    for number in epochs {
        log.record(&epoch(number), &f1(0.75)).unwrap();
    }
}

fn history() -> (Box<Classifier>, History) {
    let (training, validation) = iris().split(0.8, 1).unwrap();
    let mut model = Classifier::new(1);
    let history =
        model.fit::<16>(&training).optimizer(Adam::new(0.05)).epochs(5).validation(&validation).run().unwrap();
    (model, history)
}

#[test]
fn a_table_has_a_line_for_each_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    let mut log = CsvLog::create(&path).unwrap();
    log.record(&epoch(1), &f1(0.75)).unwrap();
    log.record(&epoch(2), &f1(f64::NAN)).unwrap();
    drop(log);
    let head = "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,seconds,\"f1, macro\"\n";
    let lines = "1,1,0.5,1.25,0.5,0.5,0.125,0.75\n2,0.5,0.5,0.75,0.5,0.5,0.125,\n";
    assert_eq!(fs::read_to_string(&path).unwrap(), format!("{head}{lines}"));

    let mut cut = fs::read(&path).unwrap();
    cut.extend(b"3,0.3");
    fs::write(&path, cut).unwrap();
    let mut log = CsvLog::append(&path).unwrap();
    log.record(&regression(3), &[]).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), format!("{head}{lines}3,2,,,,0.5,0.125,\n"));

    let mut fresh = CsvLog::append(folder.path().join("new.csv")).unwrap();
    fresh.record(&epoch(1), &[]).unwrap();
    assert!(fs::read_to_string(folder.path().join("new.csv")).unwrap().starts_with("epoch,loss"));
    assert!(CsvLog::create(folder.path().join("none/log.csv")).is_err());
}

/// The epochs in a log of lines.
fn epochs(path: &Path) -> Vec<usize> {
    let text = fs::read_to_string(path).unwrap();
    let number = |line: &str| match line.starts_with('{') {
        true => serde_json::from_str::<serde_json::Value>(line).unwrap()["epoch"].as_u64().unwrap() as usize,
        false => line.split(',').next().unwrap().parse().unwrap(),
    };
    text.lines().filter(|line| !line.starts_with("epoch")).map(number).collect()
}

/// A run behind another one in the same file: after its first epoch a checkpoint, two epochs later the end.
fn log_that_goes_back<L: Log>(path: &Path, create: impl Fn(&Path) -> L, append: impl Fn(&Path) -> L) {
    record(create(path), [1, 2]);
    let mut log = append(path);
    let start = log.remember();
    log.record(&epoch(1), &f1(0.75)).unwrap();
    let place = log.remember();
    record(log, [2, 3]);
    let mut log = append(path);
    log.resume(&until(1), &place).unwrap();
    record(log, [2, 3, 4]);
    assert_eq!(epochs(path), [1, 2, 1, 2, 3, 4]);

    let mut log = append(path);
    log.resume(&until(0), &start).unwrap();
    assert_eq!(epochs(path), [1, 2]);
    log.record(&epoch(1), &[]).unwrap();
    log.resume(&until(0), &start).unwrap();
    assert_eq!(epochs(path), [1, 2]);

    for foreign in [&[], place.as_slice(), &[0; 16]] {
        let mut log = append(path);
        log.resume(&until(0), foreign).unwrap();
        assert_eq!(epochs(path), [1, 2], "what was written elsewhere, or is gone, removes nothing");
    }
    let other = path.with_extension("other");
    fs::copy(path, &other).unwrap();
    append(&other).resume(&until(0), &start).unwrap();
    assert_eq!(epochs(&other), [1, 2]);
    let mut log = create(path);
    let place = log.remember();
    log.record(&epoch(1), &f1(0.75)).unwrap();
    log.resume(&until(0), &place).unwrap();
    assert_eq!(fs::read_to_string(path).unwrap(), "");
    record(log, [1]);
    assert_eq!(epochs(path), [1]);
}

#[test]
fn logs_lose_what_was_written_after_the_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    log_that_goes_back(
        &folder.path().join("log.csv"),
        |path| CsvLog::create(path).unwrap(),
        |path| CsvLog::append(path).unwrap(),
    );
    log_that_goes_back(
        &folder.path().join("log.jsonl"),
        |path| JsonLines::create(path).unwrap(),
        |path| JsonLines::append(path).unwrap(),
    );
}

#[test]
fn lines_of_json_leave_out_what_does_not_exist() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.jsonl");
    let mut log = JsonLines::create(&path).unwrap();
    log.record(&epoch(1), &f1(0.75)).unwrap();
    drop(log);
    let mut log = JsonLines::append(&path).unwrap();
    log.record(&regression(2), &[]).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["validation_loss"], 1.25);
    assert_eq!(lines[0]["f1, macro"], 0.75);
    assert_eq!((lines[1]["epoch"].as_u64(), lines[1].get("accuracy")), (Some(2), None));
}

/// The data of the records of an event file, whose lengths are checked; checksums are tested beside their computation.
fn records(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let length = u64::from_le_bytes(*length) as usize;
        records.push(rest[4..4 + length].to_vec());
        bytes = &rest[4 + length + 4..];
    }
    records
}

#[test]
fn event_files_hold_a_record_for_each_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let runs = folder.path().join("runs/first");
    let mut board = TensorBoard::create(&runs).unwrap();
    let _second = TensorBoard::create(&runs).unwrap();
    board.record(&epoch(1), &f1(0.75)).unwrap();
    board.record(&regression(300), &[]).unwrap();
    board.scalar("gradient", u64::MAX, -1.0).unwrap();
    board.resume(&until(299), &[]).unwrap();
    let mut files: Vec<_> = fs::read_dir(&runs).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 2, "a file of its own for each writer");
    let records = records(&fs::read(&files[0]).unwrap());
    assert_eq!(records.len(), 6);
    // step 300, a session log that says start, twice
    assert!(records[4..].iter().all(|record| record.ends_with(&[16, 172, 2, 58, 2, 8, 1])));
    let has = |record: &[u8], text: &str| record.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has(&records[0], "brain.Event:2"));
    for tag in ["loss/training", "loss/validation", "accuracy/validation", "learning_rate", "f1, macro"] {
        assert!(has(&records[1], tag), "{tag}");
    }
    assert!(has(&records[2], "loss/training") && !has(&records[2], "validation"));
}

#[test]
fn curves_are_drawn_as_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("curves.svg");
    let (_, history) = history();
    history.plot(&path).unwrap();
    let svg = fs::read_to_string(&path).unwrap();
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
    let lines = |colour: &str| svg.matches(&format!("stroke=\"{colour}\"")).count();
    assert_eq!((lines("#0000FF"), lines("#FF0000")), (4, 4), "a curve and its key in each of two diagrams");
    for text in ["loss", "accuracy", "epoch", "training", "validation"] {
        assert!(svg.contains(text), "{text}");
    }
    assert_eq!(svg, history.to_svg().unwrap(), "the same history, the same picture");

    let before = fs::read(&path).unwrap();
    let empty = History { epochs: Vec::new(), ..history.clone() };
    assert!(matches!(empty.plot(&path), Err(PlotError::Empty)));
    assert_eq!(fs::read(&path).unwrap(), before);
    assert!(matches!(history.plot(folder.path().join("none/curves.svg")), Err(PlotError::Write { .. })));

    let single = History { epochs: vec![regression(1)], ..history };
    let svg = single.to_svg().unwrap();
    assert!(!svg.contains("accuracy") && !svg.contains("validation"));
}

#[test]
fn curves_are_drawn_as_text() {
    let mut curves = Curves::new();
    for number in 1..=20 {
        curves.record(&epoch(number), &[]).unwrap();
    }
    let picture = curves.picture();
    let lines: Vec<&str> = picture.lines().collect();
    assert_eq!(lines.len(), 9);
    let empty = '\u{2800}';
    assert!(lines[0].starts_with("1.2500 ") && lines[0].chars().nth(7) != Some(empty), "{picture}");
    assert!(lines[7].starts_with("0.0500 ") && !lines[7].ends_with(empty), "{picture}");
    assert_eq!(lines[8].trim(), "training 0.0500, validation 0.3000");

    let mut resumed = Curves::new();
    resumed.resume(&until(19), &[]).unwrap();
    resumed.record(&epoch(20), &[]).unwrap();
    assert_eq!(resumed.picture(), picture);
}

#[test]
fn a_report_is_enough_to_repeat_a_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.json");
    let (model, history) = history();
    let report = RunReport::new(&*model, &history)
        .seed("weights", 1)
        .seed("split", 1)
        .note("data", "iris")
        .metrics(f1(0.5))
        .metrics([Measured { name: "none".to_owned(), value: f64::NAN }]);
    report.save(&path).unwrap();
    let read = RunReport::load(&path).unwrap();
    assert_eq!(read.to_json(), report.to_json());
    assert_eq!((read.weights, read.graven.as_str()), (format!("{:016x}", model.weights_hash()), "0.1.0"));
    assert_eq!((read.parameters, read.seeds["weights"], read.history.epochs.len()), (15, 1, 5));
    assert!(!read.instructions.is_empty() && read.target.contains(std::env::consts::ARCH));
    assert!(read.metrics[1].value.is_nan());

    let (training, validation) = iris().split(0.8, read.seeds["split"]).unwrap();
    let mut again = Classifier::new(read.seeds["weights"]);
    let fit = again.fit::<16>(&training).optimizer(Adam::new(read.history.epochs[0].learning_rate));
    fit.epochs(read.history.epochs.len()).seed(read.history.seed).validation(&validation).run().unwrap();
    assert_eq!(again.weights_hash(), model.weights_hash());
}
