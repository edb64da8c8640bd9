//! Transforms that are stored with the model and applied again, and those that need no fitting.

mod support;

use std::fs;

use graven::data::text::{Lines, Tokens, Vocabulary, read_lines, windows};
use graven::data::{Labels, Normalize, Source, Stream, one_hot, smooth};
use graven::weights::WeightProblem;
use graven::{DataError, Dataset, Index, Scaling, Standardize, Weights};
use support::{Classifier, iris};

#[test]
fn what_prepared_the_data_travels_with_the_weights() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flowers.safetensors");
    let mut data = iris();
    let scaling = Standardize::fit(&data);
    scaling.apply(&mut data);
    let mut model = Classifier::new(1);
    model.fit::<16>(&data).epochs(2).run().unwrap();
    let labels = Labels::<3>::fit(["setosa", "versicolor", "virginica"]).unwrap();
    model.save_with(&path, &(&scaling, &labels)).unwrap();

    let weights = Weights::open(&path).unwrap();
    let (again, names): (Scaling<[f32; 4]>, Labels<3>) = weights.preparation().unwrap();
    assert_eq!((&again, &names), (&scaling, &labels));
    let loaded: Box<Classifier> = weights.into_model().unwrap();
    assert_eq!(loaded.weights_hash(), model.weights_hash());
    let mut flowers = iris().inputs().to_vec();
    again.apply_rows(&mut flowers);
    assert_eq!(loaded.predict_rows::<8>(&flowers).unwrap(), model.predict_rows::<8>(data.inputs()).unwrap());

    let first = fs::read(&path).unwrap();
    model.save_with(&path, &(&scaling, &labels)).unwrap();
    assert_eq!(fs::read(&path).unwrap(), first, "equal contents are equal bytes");
}

#[test]
fn a_preparation_that_is_not_there_or_another_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flowers.safetensors");
    let model = Classifier::new(1);
    model.save(&path).unwrap();
    let error = Weights::open(&path).unwrap().preparation::<Labels<3>>().unwrap_err();
    assert!(matches!(error.problem, WeightProblem::NoPreparation), "{error}");
    model.save_with(&path, &Labels::<3>::fit(["a"]).unwrap()).unwrap();
    let error = Weights::open(&path).unwrap().preparation::<Scaling<[f32; 4]>>().unwrap_err();
    assert!(matches!(error.problem, WeightProblem::Preparation(_)), "{error}");
    let before = fs::read(&path).unwrap();
    let error = model.save_with(&path, &std::collections::HashMap::from([((1, 2), 3)])).unwrap_err();
    assert!(matches!(error.problem, WeightProblem::Preparation(_)), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn rows_are_divided_by_their_length() {
    let rows = [[1.0f32, -3.0], [0.0, 0.0]];
    let divided = |by: Normalize| {
        let mut rows = rows;
        by.apply_rows::<[f32; 2]>(&mut rows);
        rows
    };
    assert_eq!(divided(Normalize::Sum), [[0.25, -0.75], [0.0, 0.0]]);
    assert_eq!(divided(Normalize::Greatest), [[1.0 / 3.0, -1.0], [0.0, 0.0]]);
    let root = 10f64.sqrt();
    assert_eq!(divided(Normalize::Euclidean)[0], [1.0 / root, -3.0 / root].map(|value| value as f32));
    let mut data: Dataset<([f32; 2], Index<3>), f32> =
        Dataset::new((rows.to_vec(), vec![1, 2]), vec![5.0, 6.0]).unwrap();
    Normalize::Sum.apply(&mut data);
    assert_eq!((data.inputs().0[0], data.targets()), ([0.25, -0.75], &[5.0, 6.0][..]));
}

#[test]
fn classes_become_shares() {
    let classes = [2, 0].map(|class| Index::<3>::new(class).unwrap());
    assert_eq!(one_hot(&classes), [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]);
    let soft = smooth(&classes, 0.3);
    assert!((soft[0][2] - 0.8).abs() < 1e-6 && (soft[0][0] - 0.1).abs() < 1e-6);
}

const REVIEWS: &str = "1\tA good, good film!\r\n0\tA bad film.\nno review\n1\tGood\n";

fn review(line: &str) -> Option<(&str, Index<2>)> {
    let (label, text) = line.split_once('\t')?;
    Some((text, Index::new(label.parse().ok()?).ok()?))
}

#[test]
fn lines_of_text_become_tokens_and_targets() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reviews.txt");
    fs::write(&path, REVIEWS).unwrap();
    let lines = read_lines(&path).unwrap();
    assert_eq!((lines.len(), lines[0].as_str()), (4, "1\tA good, good film!"));
    let vocabulary =
        Vocabulary::<5>::fit(Tokens::Words, lines.iter().filter_map(|line| Some(review(line)?.0))).unwrap();
    assert_eq!(vocabulary.tokens(), ["good", "a", "film"], "by frequency, then by spelling, as many as there is room");

    let mut stream: Stream<[Index<5>; 4], Index<2>> = Stream::new(Lines::new(&path, vocabulary.clone(), review));
    stream.begin(1).unwrap();
    let batch = stream.next(10).unwrap().unwrap();
    let texts: Vec<String> = batch.inputs.iter().map(|line| vocabulary.decode(line)).collect();
    assert_eq!(texts, ["a good good film", "a ? film", "good"]);
    assert_eq!(batch.targets.iter().map(|target| target.get()).collect::<Vec<_>>(), [1, 0, 1]);

    fs::write(&path, b"1\tfine\n0\t\xff\n").unwrap();
    stream.begin(2).unwrap();
    let error = stream.next(10).map(|_| ()).unwrap_err().to_string();
    assert_eq!(error, format!("{}: line 2 is not UTF-8", path.display()));
    assert!(read_lines(&path).unwrap_err().to_string().ends_with("line 2 is not UTF-8"));
}

#[test]
fn vocabularies_are_stored_and_bounded() {
    let vocabulary = Vocabulary::<10>::fit(Tokens::Characters, ["hello", "world"]).unwrap();
    assert_eq!(vocabulary.tokens()[..2], ["l", "o"]);
    assert_eq!(vocabulary.decode(&vocabulary.encode::<8>("hollow!")), "hollow?");
    let stored = serde_json::to_string(&vocabulary).unwrap();
    assert_eq!(serde_json::from_str::<Vocabulary<10>>(&stored).unwrap(), vocabulary);
    assert!(serde_json::from_str::<Vocabulary<5>>(&stored).is_err(), "more tokens than there is room for");
    assert!(matches!(Vocabulary::<10>::fit(Tokens::Words, ["", " .,"]), Err(DataError::Empty)));
}

#[test]
fn windows_are_followed_by_their_next_tokens() {
    let vocabulary = Vocabulary::<30>::fit(Tokens::Characters, ["abcdefgh"]).unwrap();
    let (inputs, targets) = windows::<30, 3>(&vocabulary, "abcdefgh", 2).unwrap();
    let text = |rows: &[[Index<30>; 3]]| rows.iter().map(|row| vocabulary.decode(row)).collect::<Vec<_>>();
    assert_eq!(text(&inputs), ["abc", "cde", "efg"]);
    assert_eq!(text(&targets), ["bcd", "def", "fgh"]);
    assert!(matches!(windows::<30, 8>(&vocabulary, "abcdefgh", 1), Err(DataError::Empty)));
}
