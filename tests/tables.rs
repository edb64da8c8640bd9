//! Tables of typed columns, in memory and streamed.

use std::fs;

use graven::data::csv::Table;
use graven::data::{
    DataError, Encoder, FileProblem, Labels, MissingCategory, MissingNumber, Schema, Source, Stream, UnknownCategory,
    Wanted,
};
use graven::{Csv, Index};

fn problem<T>(result: Result<T, DataError>) -> FileProblem {
    match result {
        Err(DataError::File { problem, .. }) => problem,
        Err(other) => panic!("not a fault of a file: {other}"),
        Ok(_) => panic!("no error"),
    }
}

const PASSENGERS: &str =
    "age,port,fare,class\n22,S,7,third\n?,C,71,first\n26,?,8,third\n35,S,53,first\n29,Q,?,second\n";

fn table(text: &str) -> Table {
    Csv::new().parse("passengers.csv", text.as_bytes()).unwrap()
}

fn schema(age: MissingNumber, port: MissingCategory) -> Schema {
    Schema::new().number("age", age).category("port", port, UnknownCategory::Error).missing(["?"])
}

#[test]
fn missing_numbers_follow_the_policy() {
    let table = table(PASSENGERS);
    let age = |missing| Schema::new().number("age", missing).missing(["?"]).fit::<f32>(&table)?.encode(&table);
    assert_eq!(age(MissingNumber::Mean).unwrap(), [22.0, 28.0, 26.0, 35.0, 29.0]);
    assert_eq!(age(MissingNumber::Median).unwrap()[1], 27.5);
    assert_eq!(age(MissingNumber::Value(-1.0)).unwrap()[1], -1.0);
    let error = age(MissingNumber::Error).unwrap_err();
    assert_eq!(error.to_string(), "passengers.csv: line 3, column `age`: `?` is not a finite number");
    let fares = Schema::new().number(2, MissingNumber::Median).missing(["?"]).fit::<f32>(&table).unwrap();
    assert_eq!(fares.encode(&table).unwrap()[4], 30.5, "the middle of four");
}

#[test]
fn missing_categories_follow_the_policy() {
    let table = table(PASSENGERS);
    let row = |encoder: Encoder<[f32; 4]>| encoder.encode(&table).unwrap()[2];
    let frequent = schema(MissingNumber::Mean, MissingCategory::MostFrequent);
    assert_eq!(row(frequent.fit(&table).unwrap()), [26.0, 0.0, 0.0, 1.0], "age, C, Q, S");
    let own = schema(MissingNumber::Mean, MissingCategory::Own).fit::<[f32; 5]>(&table).unwrap();
    assert_eq!(own.encode(&table).unwrap()[2], [26.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(own.names(), ["age", "port=C", "port=Q", "port=S", "port="]);
    let width = problem(schema(MissingNumber::Mean, MissingCategory::Own).fit::<[f32; 4]>(&table));
    assert!(matches!(width, FileProblem::Width { expected: 4, found: 5 }));
    let strict = schema(MissingNumber::Mean, MissingCategory::Error).fit::<[f32; 4]>(&table).unwrap();
    let FileProblem::Cell { line: 4, wanted: Wanted::Category, .. } = problem(strict.encode(&table)) else { panic!() };
}

#[test]
fn encoders_know_only_what_they_were_fitted_on() {
    let whole = table(PASSENGERS);
    let training = whole.select([0, 1, 3]).unwrap();
    let strict = schema(MissingNumber::Mean, MissingCategory::Own).fit::<[f32; 4]>(&training).unwrap();
    assert_eq!(strict.encode(&training).unwrap()[1][0], 28.5);
    let error = strict.encode(&whole).unwrap_err();
    assert_eq!(error.to_string(), "passengers.csv: line 6, column `port`: `Q` is not a known category");
    let lenient = Schema::new()
        .category("port", MissingCategory::Own, UnknownCategory::Zeros)
        .missing(["?"])
        .fit::<[f32; 3]>(&training)
        .unwrap();
    assert_eq!(lenient.encode(&whole).unwrap()[4], [0.0; 3]);

    let stored = serde_json::to_string(&lenient).unwrap();
    assert_eq!(serde_json::from_str::<Encoder<[f32; 3]>>(&stored).unwrap(), lenient);
}

#[test]
fn columns_without_a_known_cell_and_faulty_cells_are_errors() {
    let text = "a,b\n?,x\n?,y\n";
    let fit = |missing| problem(Schema::new().number("a", missing).missing(["?"]).fit::<f32>(&table(text)));
    assert!(matches!(fit(MissingNumber::Mean), FileProblem::NothingKnown { column } if column == "a"));
    let numbers = problem(Schema::new().number("b", MissingNumber::Mean).fit::<f32>(&table(text)));
    assert!(matches!(numbers, FileProblem::Cell { line: 2, wanted: Wanted::FiniteNumber, .. }));
    let none = problem(Schema::new().number("c", MissingNumber::Mean).fit::<f32>(&table(text)));
    assert!(matches!(none, FileProblem::Column { .. }));
}

#[test]
fn labels_have_classes_both_ways() {
    let whole = table(PASSENGERS);
    let labels = Labels::<3>::fit_column(&whole, "class").unwrap();
    assert_eq!(labels.names(), ["first", "second", "third"]);
    let classes = labels.column("class").encode(&whole).unwrap();
    assert_eq!(classes.iter().map(|class| class.get()).collect::<Vec<_>>(), [2, 0, 2, 0, 1]);
    assert_eq!(labels.name(classes[4]), "second");
    assert!(matches!(problem(Labels::<2>::fit_column(&whole, 3)), FileProblem::Classes { classes: 2, found: 3, .. }));
    assert!(matches!(labels.encode(["first", "fourth"]), Err(DataError::UnknownName { row: 1, .. })));
    assert!(matches!(Labels::<3>::fit(Vec::<String>::new()), Err(DataError::Empty)));
    let two = Labels::<3>::fit_column(&whole.select([0, 1]).unwrap(), "class").unwrap();
    let error = two.column("class").encode(&whole).unwrap_err();
    assert!(error.to_string().contains("line 6, column `class`: `second` is not a known category"), "{error}");

    let stored = serde_json::to_string(&labels).unwrap();
    assert_eq!(stored, r#"["first","second","third"]"#);
    assert_eq!(serde_json::from_str::<Labels<3>>(&stored).unwrap(), labels);
    assert!(serde_json::from_str::<Labels<2>>(&stored).is_err(), "more names than classes");
}

#[test]
fn tables_are_split_before_anything_is_fitted() {
    let whole = table(PASSENGERS);
    let (first, second) = whole.split(0.6, 7).unwrap();
    assert_eq!((first.len(), second.len()), (3, 2));
    assert!(matches!(whole.split(0.01, 7), Err(DataError::Split { .. })));
    assert!(matches!(whole.select([5]), Err(DataError::Row { row: 5, rows: 5 })));
}

fn large(rows: usize) -> String {
    let lines = (0..rows).map(|row| format!("{},{},{}\n", row, if row % 3 == 0 { "red" } else { "blue" }, row % 4));
    std::iter::once("number,colour,label\n".to_owned()).chain(lines).collect()
}

type Rows = Stream<[f32; 3], Index<4>>;

fn stream(path: &std::path::Path, encoder: &Encoder<[f32; 3]>) -> Rows {
    Stream::new(Csv::new().stream(path, encoder.clone(), "label"))
}

fn encoder() -> Encoder<[f32; 3]> {
    let sample = Csv::new().parse("sample", large(10).as_bytes()).unwrap();
    let schema = Schema::new().number("number", MissingNumber::Error);
    schema.category("colour", MissingCategory::Error, UnknownCategory::Error).fit(&sample).unwrap()
}

fn read(stream: &mut Rows) -> Result<(Vec<[f32; 3]>, Vec<usize>), DataError> {
    let (mut inputs, mut targets) = (Vec::new(), Vec::new());
    stream.begin(1)?;
    while let Some(batch) = stream.next(100)? {
        inputs.extend_from_slice(batch.inputs);
        targets.extend(batch.targets.iter().map(|label| label.get()));
    }
    Ok((inputs, targets))
}

#[test]
fn streamed_lines_are_those_of_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.csv");
    fs::write(&path, large(20_000)).unwrap();
    let table = Csv::new().read(&path).unwrap();
    let (inputs, targets) = read(&mut stream(&path, &encoder())).unwrap();
    assert_eq!(inputs, encoder().encode(&table).unwrap());
    let labels = table.values::<Index<4>>("label").unwrap();
    assert_eq!(targets, labels.iter().map(|label| label.get()).collect::<Vec<_>>());
}

#[test]
fn faults_of_streamed_lines_name_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.csv");
    let text = large(5000);
    let fault = |text: &str| {
        fs::write(&path, text).unwrap();
        read(&mut stream(&path, &encoder())).unwrap_err().to_string()
    };
    let at = |text: &str, fault: &str| format!("{}: {fault}", path.display()) == text;
    let label = fault(&text.replace("4001,blue,1\n", "4001,blue,4\n"));
    assert!(at(&label, "line 4003, column `label`: `4` is not an index below 4"), "{label}");
    let colour = fault(&text.replace("4001,blue", "4001,green"));
    assert!(at(&colour, "line 4003, column `colour`: `green` is not a known category"), "{colour}");
    let number = fault(&text.replace("4001,blue", "inf,blue"));
    assert!(at(&number, "line 4003, column `number`: `inf` is not a finite number"), "{number}");
    let ragged = fault(&text.replace("4001,blue", "4001"));
    assert!(at(&ragged, "line 4003 has 2 cells, the first row has 3"), "{ragged}");
    assert!(at(&fault("number,colour,label\n"), "no rows"));
    assert!(at(&fault("number,label\n1,2\n"), "no column `colour` among 2"));
}

#[test]
fn a_table_that_shrinks_while_it_is_read_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.csv");
    fs::write(&path, large(200_000)).unwrap();
    let whole = fs::metadata(&path).unwrap().len();
    let mut stream = stream(&path, &encoder());
    stream.begin(1).unwrap();
    stream.next(10).unwrap().unwrap();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(whole / 2).unwrap();
    let error = loop {
        match stream.next(1000) {
            Ok(batch) => assert!(batch.is_some(), "the fault was not noticed"),
            Err(error) => break problem::<()>(Err(error)),
        }
    };
    assert!(
        matches!(error, FileProblem::Length { expected, found } if expected == whole && found == whole / 2),
        "{error}"
    );
}
