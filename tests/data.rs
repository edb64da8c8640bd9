//! Data sets, their files, splits and scaling, and the errors of each.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use graven::data::csv::Table;
use graven::data::{FileProblem, Part, Wanted, idx, to_array};
use graven::{Csv, DataError, Dataset, Index, MinMax, Scaling, Standardize};
use ndarray::{Array1, Array2, Array3};

fn problem<T>(result: Result<T, DataError>) -> FileProblem {
    match result {
        Err(DataError::File { problem, .. }) => problem,
        Err(other) => panic!("not a fault of a file: {other}"),
        Ok(_) => panic!("no error"),
    }
}

fn numbered(rows: usize) -> Dataset<[f32; 2], f32> {
    let inputs: Vec<[f32; 2]> = (0..rows).map(|row| [row as f32, 3.0]).collect();
    Dataset::new(inputs, (0..rows).map(|row| row as f32).collect::<Vec<f32>>()).unwrap()
}

#[test]
fn rows_come_from_vectors_slices_arrays_and_tuples() {
    let images = vec![[[1.0f32; 2]; 3]; 4];
    let labels: Vec<Index<10>> = (0..4).map(|label| Index::new(label).unwrap()).collect();
    let owned = Dataset::new(images.clone(), labels.clone()).unwrap();
    let borrowed = Dataset::new(images.as_slice(), &labels).unwrap();
    assert_eq!(owned.inputs(), borrowed.inputs());
    assert_eq!(owned.len(), 4);

    let several: Dataset<([f32; 2], Index<5>), (f32, f32)> =
        Dataset::new((vec![[1.0, 2.0], [3.0, 4.0]], vec![4u8, 0]), ([1.0, 2.0], [3.0, 4.0])).unwrap();
    let (reals, indices) = several.inputs();
    assert_eq!((reals[1], indices[0].get(), several.targets().1), ([3.0, 4.0], 4, &[3.0, 4.0][..]));
}

#[test]
fn faults_of_rows_are_named() {
    assert!(matches!(Dataset::<f32, f32>::new(vec![], vec![]), Err(DataError::Empty)));
    let lengths = Dataset::<f32, f32>::new(vec![1.0], vec![1.0, 2.0]);
    assert!(matches!(lengths, Err(DataError::Lengths { expected: 1, found: 2 })));
    let tuple = Dataset::<(f32, f32), f32>::new((vec![1.0], vec![1.0, 2.0]), vec![1.0]);
    assert!(matches!(tuple, Err(DataError::Lengths { expected: 1, found: 2 })));

    let target = Dataset::<f32, [f32; 2]>::new(vec![1.0, 2.0], vec![[0.0, 0.0], [0.0, f32::INFINITY]]);
    assert!(matches!(
        target,
        Err(DataError::NotFinite { part: Part::Targets, tensor: 0, row: 1, position: 1, value: f32::INFINITY })
    ));
    let second = Dataset::<(f32, [f32; 3]), f32>::new((vec![1.0], vec![[0.0, f32::NAN, 0.0]]), vec![1.0]);
    let Err(DataError::NotFinite { part: Part::Inputs, tensor: 1, row: 0, position: 1, value }) = second else {
        panic!("{second:?}")
    };
    assert!(value.is_nan());

    let label = Dataset::<f32, Index<3>>::new(vec![0.0, 0.0], vec![2usize, 3]);
    assert!(matches!(label, Err(DataError::Index { row: 1, position: 0, bound: 3, value: 3.0 })));
    let negative = Dataset::<f32, Index<3>>::new(vec![0.0], vec![-1i32]);
    assert!(matches!(negative, Err(DataError::Index { row: 0, bound: 3, value: -1.0, .. })));
}

#[test]
fn a_split_is_a_seeded_partition() {
    let data = numbered(40);
    let (first, second) = data.split(0.75, 7).unwrap();
    assert_eq!((first.len(), second.len()), (30, 10));
    let mut all: Vec<f32> = first.targets().iter().chain(second.targets()).copied().collect();
    assert_ne!(all, data.targets());
    all.sort_by(f32::total_cmp);
    assert_eq!(all, data.targets());
    assert!(first.inputs().iter().zip(first.targets()).all(|(input, &target)| input[0] == target));

    assert_eq!(data.split(0.75, 7).unwrap().0.targets(), first.targets());
    assert_ne!(data.split(0.75, 8).unwrap().0.targets(), first.targets());

    let (training, validation, test) = data.split3(0.5, 0.3, 1).unwrap();
    assert_eq!((training.len(), validation.len(), test.len()), (20, 12, 8));
    let mut all = [training.targets(), validation.targets(), test.targets()].concat();
    all.sort_by(f32::total_cmp);
    assert_eq!(all, data.targets());
}

#[test]
fn a_shuffle_is_the_same_in_every_version() {
    let (first, second) = numbered(8).split_rows(5, 42).unwrap();
    let order = [first.targets(), second.targets()].concat();
    assert_eq!(order, [7.0, 1.0, 5.0, 4.0, 6.0, 0.0, 3.0, 2.0]);
}

#[test]
fn impossible_splits_are_errors() {
    let data = numbered(10);
    for fraction in [0.0, 1.0, 1.5, -0.1, f64::NAN] {
        assert!(matches!(data.split(fraction, 0), Err(DataError::Fraction { .. })));
    }
    assert!(matches!(data.split(0.01, 0), Err(DataError::Split { rows: 10, .. })));
    assert!(matches!(data.split_rows(10, 0), Err(DataError::Split { .. })));
    let Err(DataError::Split { parts, rows: 10 }) = data.split3(0.6, 0.7, 0) else { panic!("no error") };
    assert_eq!(parts, [6, 7, -3]);
}

#[test]
fn batches_cover_all_rows_and_end_short() {
    let data = numbered(10);
    let sizes: Vec<usize> = data.batches(4).map(|(inputs, _)| inputs.len()).collect();
    assert_eq!(sizes, [4, 4, 2]);
    let targets: Vec<f32> = data.batches(4).flat_map(|(_, targets)| targets.to_vec()).collect();
    assert_eq!(targets, data.targets());
}

#[test]
fn selected_rows_keep_their_order() {
    let data = numbered(5);
    assert_eq!(data.select([3, 1, 3]).unwrap().targets(), [3.0, 1.0, 3.0]);
    assert!(matches!(data.select([0, 5]), Err(DataError::Row { row: 5, rows: 5 })));
    assert!(matches!(data.select([]), Err(DataError::Empty)));
}

#[test]
fn mapping_must_stay_finite() {
    let data = numbered(3).map_inputs(|value| value / 2.0).unwrap();
    assert_eq!(data.inputs()[2], [1.0, 1.5]);
    let error = data.map_targets(|value| 1.0 / value).unwrap_err();
    assert!(matches!(error, DataError::NotFinite { part: Part::Targets, row: 0, .. }), "{error}");
}

#[test]
fn targets_are_made_of_others() {
    let training = numbered(6).select([5, 0, 3]).unwrap();
    let scaling = Standardize::fit(&training);
    let halves: Dataset<[f32; 2], Index<3>> = training.with_targets(|value| value as usize / 2).unwrap();
    assert_eq!(halves.targets().iter().map(|half| half.get()).collect::<Vec<_>>(), [2, 0, 1]);

    let mut same = halves.clone();
    scaling.apply(&mut same);
    assert!(same.check_unseen().is_err(), "the rows are still those that the scaling was fitted on");
    let refused = halves.clone().with_targets::<Index<2>, usize>(|half| half.get());
    assert!(matches!(refused, Err(DataError::Index { value: 2.0, bound: 2, .. })), "{refused:?}");
    let refused = halves.with_targets::<f32, f32>(|half| 1.0 / half.get() as f32);
    assert!(matches!(refused, Err(DataError::NotFinite { part: Part::Targets, .. })), "{refused:?}");
}

fn table(text: &str) -> Table {
    Csv::new().parse("flowers.csv", text.as_bytes()).unwrap()
}

#[test]
fn columns_are_found_by_number_and_name() {
    let table = table("a, b ,label\n1,2.5,x\n-3,4e1,y\n5,6,x\n");
    assert_eq!((table.len(), table.width()), (3, 3));
    assert_eq!(table.values::<[f32; 2]>(0..2).unwrap(), [[1.0, 2.5], [-3.0, 40.0], [5.0, 6.0]]);
    assert_eq!(table.values::<[f32; 2]>(["b", "a"]).unwrap()[0], [2.5, 1.0]);
    assert_eq!(table.values::<f32>(1).unwrap(), [2.5, 40.0, 6.0]);
    let (classes, names) = table.classes::<2>("label").unwrap();
    assert_eq!(classes.iter().map(|class| class.get()).collect::<Vec<_>>(), [0, 1, 0]);
    assert_eq!(names, ["x", "y"]);
}

#[test]
fn faults_of_cells_name_line_column_and_value() {
    let table = table("a,b\n1,0\n2,NaN\noops,3\n");
    let FileProblem::Cell { line, column, value, wanted } = problem(table.values::<f32>("b")) else { panic!() };
    assert_eq!((line, column.as_str(), value.as_str(), wanted), (3, "b", "NaN", Wanted::FiniteNumber));
    let error = table.values::<f32>("a").unwrap_err();
    assert_eq!(error.to_string(), "flowers.csv: line 4, column `a`: `oops` is not a finite number");
    let FileProblem::Cell { line: 4, wanted, .. } =
        problem(Csv::new().parse("x", b"label\n0\n2\n3\n").unwrap().values::<Index<3>>(0))
    else {
        panic!()
    };
    assert_eq!(wanted, Wanted::Index { bound: 3 });
}

#[test]
fn faults_of_tables_are_named() {
    let bad = |text: &str| problem(Csv::new().parse("x", text.as_bytes()));
    assert!(matches!(bad("a,b\n1,2\n1\n"), FileProblem::Ragged { line: 3, expected: 2, found: 1 }));
    assert!(matches!(bad("a,b\n"), FileProblem::Empty));
    assert!(matches!(bad(""), FileProblem::Empty));
    assert!(matches!(problem(Csv::new().parse("x", b"a\n\xff\xfe\n")), FileProblem::Csv(_)));
    assert!(matches!(problem(Csv::new().read("no/such/file.csv")), FileProblem::Io(_)));

    let table = table("a,b\n1,2\n3,4\n");
    assert!(matches!(problem(table.values::<f32>("c")), FileProblem::Column { columns: 2, .. }));
    assert!(matches!(problem(table.values::<f32>(2)), FileProblem::Column { .. }));
    assert!(matches!(problem(table.values::<[f32; 3]>(0..2)), FileProblem::Width { expected: 3, found: 2 }));
    assert!(matches!(problem(table.classes::<1>("a")), FileProblem::Classes { classes: 1, found: 2, .. }));
}

#[test]
fn the_shipped_files_are_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let digits = Csv::new().headers(false).read(folder.join("digits.csv.gz")).unwrap();
    assert_eq!((digits.len(), digits.width()), (1797, 65));
    assert_eq!(digits.values::<Index<10>>(64).unwrap()[3].get(), 3);
    assert!(digits.values::<[[f32; 8]; 8]>(0..64).unwrap().as_flattened().as_flattened().contains(&16.0));
    let blanks = Csv::new().headers(false).delimiter(b' ');
    let diabetes = blanks.read(folder.join("diabetes_data_raw.csv.gz")).unwrap();
    assert_eq!(diabetes.values::<[f32; 10]>(0..10).unwrap()[1][0], 48.0);
    assert_eq!(blanks.read(folder.join("diabetes_target.csv.gz")).unwrap().values::<f32>(0).unwrap()[0], 151.0);
}

fn idx_bytes(kind: u8, sizes: &[u32], numbers: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, kind, sizes.len() as u8];
    bytes.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
    bytes.extend(numbers);
    bytes
}

#[test]
fn idx_files_give_rows() {
    let images = idx_bytes(0x08, &[2, 2, 2], &[0, 1, 2, 3, 4, 5, 6, 255]);
    assert_eq!(idx::parse::<[[f32; 2]; 2]>(&images).unwrap()[1], [[4.0, 5.0], [6.0, 255.0]]);
    assert_eq!(idx::parse::<[f32; 4]>(&images).unwrap()[0], [0.0, 1.0, 2.0, 3.0]);
    let labels = idx::parse::<Index<10>>(&idx_bytes(0x08, &[3], &[9, 0, 4])).unwrap();
    assert_eq!(labels.iter().map(|label| label.get()).collect::<Vec<_>>(), [9, 0, 4]);
    let floats = [1.5f32, -2.0].map(f32::to_be_bytes).concat();
    assert_eq!(idx::parse::<f32>(&idx_bytes(0x0d, &[2], &floats)).unwrap(), [1.5, -2.0]);
    assert_eq!(idx::parse::<f32>(&idx_bytes(0x0b, &[1], &(-300i16).to_be_bytes())).unwrap(), [-300.0]);
}

#[test]
fn idx_files_may_be_compressed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("labels");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&idx_bytes(0x08, &[2], &[1, 2])).unwrap();
    let bytes = encoder.finish().unwrap();
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(idx::read::<f32>(&path).unwrap(), [1.0, 2.0]);
    std::fs::write(&path, &bytes[..bytes.len() - 9]).unwrap();
    assert!(matches!(problem(idx::read::<f32>(&path)), FileProblem::Io(_)));
}

#[test]
fn a_folder_of_idx_files_is_two_data_sets() {
    let folder = tempfile::tempdir().unwrap();
    let read = || idx::folder::<[[f32; 2]; 1], Index<10>>(folder.path());
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    assert!(matches!(problem(read()), FileProblem::Io(_)));
    write("train-images-idx3-ubyte", &idx_bytes(0x08, &[2, 1, 2], &[1, 2, 3, 4]));
    write("train-labels-idx1-ubyte", &idx_bytes(0x08, &[2], &[7, 8]));
    write("t10k-labels-idx1-ubyte", &idx_bytes(0x08, &[1], &[9]));
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&idx_bytes(0x08, &[1, 1, 2], &[5, 6])).unwrap();
    write("t10k-images-idx3-ubyte.gz", &encoder.finish().unwrap());
    let [training, test] = read().unwrap();
    assert_eq!(training.inputs(), [[[1.0, 2.0]], [[3.0, 4.0]]]);
    assert_eq!(training.targets().iter().map(|label| label.get()).collect::<Vec<_>>(), [7, 8]);
    assert_eq!((test.inputs(), test.targets()[0].get()), (&[[[5.0, 6.0]]][..], 9));
    write("train-labels-idx1-ubyte", &idx_bytes(0x08, &[1], &[7]));
    assert!(matches!(read(), Err(DataError::Lengths { .. })));
}

#[test]
fn faults_of_idx_files_are_named() {
    let parse = |bytes: &[u8]| idx::parse::<[f32; 2]>(bytes).unwrap_err();
    let good = idx_bytes(0x08, &[2, 2], &[1, 2, 3, 4]);
    for length in 0..good.len() {
        match parse(&good[..length]) {
            FileProblem::Magic { found, format: "an idx" } => assert!(length < 4 && found.len() == length),
            FileProblem::Length { found, .. } => assert_eq!(found, length as u64),
            other => panic!("{other}"),
        }
    }
    let long = idx_bytes(0x08, &[2, 2], &[1, 2, 3, 4, 5]);
    assert!(matches!(parse(&long), FileProblem::Length { expected: 16, found: 17 }));
    assert!(matches!(parse(b"\x89PNG...."), FileProblem::Magic { .. }));
    assert!(matches!(parse(&idx_bytes(0x0a, &[1, 2], &[1, 2])), FileProblem::Magic { .. }));
    assert!(matches!(parse(&idx_bytes(0x08, &[0, 2], &[])), FileProblem::Empty));
    assert!(matches!(parse(&idx_bytes(0x08, &[2, 3], &[0; 6])), FileProblem::Sizes { width: 2, .. }));
    assert!(matches!(parse(&idx_bytes(0x08, &[u32::MAX; 9], &[])), FileProblem::Sizes { .. }));
    let nan = [1.0f32, f32::NAN].map(f32::to_be_bytes).concat();
    assert!(matches!(
        parse(&idx_bytes(0x0d, &[1, 2], &nan)),
        FileProblem::Value { row: 0, position: 1, wanted: Wanted::FiniteNumber, .. }
    ));
    let label = idx::parse::<Index<10>>(&idx_bytes(0x08, &[2], &[9, 10])).unwrap_err();
    assert!(matches!(label, FileProblem::Value { row: 1, position: 0, wanted: Wanted::Index { bound: 10 }, .. }));
}

fn column(data: &Dataset<[f32; 2], f32>) -> Vec<f32> {
    data.inputs().iter().map(|row| row[0]).collect()
}

#[test]
fn scaling_is_fitted_on_the_training_part_only() {
    let (mut training, mut test) = numbered(40).split(0.5, 3).unwrap();
    let (mean, least) = (column(&training).iter().sum::<f32>() / 20.0, column(&training)[0]);
    let test_before = column(&test);
    let scaling = Standardize::fit(&training);
    scaling.apply(&mut training);
    scaling.apply(&mut test);

    let scaled = column(&training);
    let variance = scaled.iter().map(|value| value * value).sum::<f32>() / 20.0;
    assert!(scaled.iter().sum::<f32>().abs() < 1e-5 && (variance - 1.0).abs() < 1e-5);
    let factor = scaled[0] / (least - mean);
    for (before, after) in test_before.iter().zip(column(&test)) {
        assert!(((before - mean) * factor - after).abs() < 1e-5);
    }
}

#[test]
fn constant_columns_are_only_shifted() {
    let thirds = Dataset::new(vec![[1.0f32 / 3.0, 1.0]; 7], vec![0.0f32; 7]).unwrap();
    for scaling in [Standardize::fit(&thirds), MinMax::fit(&thirds)] {
        let mut data = thirds.clone();
        scaling.apply(&mut data);
        assert_eq!(data.inputs(), [[0.0, 0.0]; 7]);
        let mut unseen = [[4.0 / 3.0, 3.0]];
        scaling.apply_rows(&mut unseen);
        assert_eq!(unseen, [[1.0, 2.0]]);
    }
}

#[test]
fn min_max_gives_the_unit_range_and_can_be_undone() {
    let mut data = numbered(5);
    let (inputs, targets) = (MinMax::fit(&data), MinMax::fit_targets(&data));
    inputs.apply(&mut data);
    targets.apply_targets(&mut data);
    assert_eq!(column(&data), [0.0, 0.25, 0.5, 0.75, 1.0]);
    assert_eq!(data.targets(), [0.0, 0.25, 0.5, 0.75, 1.0]);
    let mut predicted = [0.5, 2.0];
    targets.invert_rows(&mut predicted);
    assert_eq!(predicted, [2.0, 8.0]);
}

#[test]
fn scaling_leaves_indices_and_reaches_every_real_tensor() {
    let inputs = (vec![1.0f32, 3.0], vec![0u8, 4], vec![[10.0f32, 0.0], [30.0, 0.0]]);
    let mut data: Dataset<(f32, Index<5>, [f32; 2]), f32> = Dataset::new(inputs, vec![0.0, 0.0]).unwrap();
    MinMax::fit(&data).apply(&mut data);
    let (first, indices, third) = data.inputs();
    assert_eq!((first, indices[1].get(), third), (&[0.0, 1.0][..], 4, &[[0.0, 0.0], [1.0, 0.0]][..]));
}

#[test]
fn scaling_stays_finite() {
    let narrow = Dataset::new(vec![0.0f32, 1e-30], vec![0.0f32; 2]).unwrap();
    let mut wide = Dataset::new(vec![1e30f32, -1e30], vec![0.0f32; 2]).unwrap();
    MinMax::fit(&narrow).apply(&mut wide);
    assert_eq!(wide.inputs(), [f32::MAX, f32::MIN]);
}

#[test]
fn a_scaling_can_be_stored() {
    let scaling = Standardize::fit(&numbered(9));
    let text = serde_json::to_string(&scaling).unwrap();
    assert_eq!(serde_json::from_str::<Scaling<[f32; 2]>>(&text).unwrap(), scaling);
}

#[test]
fn arrays_of_ndarray_are_rows() {
    let inputs = Array2::from_shape_fn((3, 2), |(row, column)| (10 * row + column) as f64);
    let labels = Array1::from(vec![2usize, 0, 1]);
    let data: Dataset<[f32; 2], Index<3>> = Dataset::new(&inputs, labels).unwrap();
    assert_eq!((data.inputs()[2], data.targets()[0].get()), ([20.0, 21.0], 2));
    let turned: Dataset<[f32; 3], f32> = Dataset::new(inputs.t(), vec![0.0, 0.0]).unwrap();
    assert_eq!(turned.inputs()[1], [1.0, 11.0, 21.0]);
    let images: Dataset<[[f32; 2]; 4], f32> = Dataset::new(Array3::<f32>::zeros((1, 4, 2)), [0.0]).unwrap();
    assert_eq!(images.len(), 1);

    assert_eq!(to_array(data.inputs()), inputs.mapv(|value| value as f32));
    assert_eq!(to_array(data.targets()).into_raw_vec_and_offset().0, [2.0, 0.0, 1.0]);

    let shape = Dataset::<[f32; 3], f32>::new(&inputs, vec![0.0; 3]);
    assert!(matches!(shape, Err(DataError::Shape { width: 3, .. })));
    let label = Dataset::<[f32; 2], Index<3>>::new(&inputs, Array1::from(vec![0u8, 3, 0]));
    assert!(matches!(label, Err(DataError::Index { row: 1, bound: 3, .. })));
    let nan = Dataset::<f32, f32>::new(Array1::from(vec![0.0, f64::NAN]), vec![0.0; 2]);
    assert!(matches!(nan, Err(DataError::NotFinite { row: 1, .. })));
}
