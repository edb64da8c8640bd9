//! Files of numbers, whole and streamed: idx and NumPy's formats. The arrays of `tests/arrays` are NumPy's own.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use graven::Index;
use graven::data::{DataError, FileProblem, Source, Stream, Wanted, idx, npy};

fn array(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/arrays").join(name)
}

fn problem<T>(result: Result<T, DataError>) -> FileProblem {
    match result {
        Err(DataError::File { problem, .. }) => problem,
        Err(other) => panic!("not a fault of a file: {other}"),
        Ok(_) => panic!("no error"),
    }
}

const QUARTERS: [[[f32; 2]; 2]; 3] =
    [[[0.0, 0.25], [0.5, 0.75]], [[1.0, 1.25], [1.5, 1.75]], [[2.0, 2.25], [2.5, 2.75]]];

#[test]
fn arrays_of_numpy_are_rows() {
    assert_eq!(npy::read::<[[f32; 2]; 2]>(array("c_order.npy")).unwrap(), QUARTERS);
    assert_eq!(npy::read::<[[f32; 2]; 2]>(array("fortran_order.npy")).unwrap(), QUARTERS);
    assert_eq!(npy::read::<[f32; 4]>(array("c_order.npy")).unwrap()[2], [2.0, 2.25, 2.5, 2.75]);
}

#[test]
fn archives_of_numpy_have_named_arrays() {
    let path = array("several.npz");
    let mut names = npy::names(&path).unwrap();
    names.sort();
    assert_eq!(names, ["flags", "half", "labels"]);
    assert_eq!(npy::read_npz::<[[f32; 2]; 2]>(&path, "half").unwrap(), QUARTERS);
    let labels = npy::read_npz::<Index<3>>(&path, "labels").unwrap();
    assert_eq!(labels.iter().map(|label| label.get()).collect::<Vec<_>>(), [2, 0, 1]);
    assert_eq!(npy::read_npz::<[f32; 4]>(&path, "flags").unwrap()[0], [1.0, 0.0, 0.0, 1.0]);
    assert!(matches!(problem(npy::read_npz::<f32>(&path, "weights")), FileProblem::Zip(_)));
    assert!(matches!(problem(npy::read_npz::<f32>(array("c_order.npy"), "half")), FileProblem::Zip(_)));
    let error = npy::read_npz::<Index<2>>(&path, "labels").unwrap_err();
    assert!(error.to_string().ends_with("several.npz: row 0, position 0: 2 is not an index below 2"), "{error}");
}

#[test]
fn faults_of_arrays_are_named() {
    let good = fs::read(array("c_order.npy")).unwrap();
    for length in 0..good.len() {
        match npy::parse::<[f32; 4]>(&good[..length]).unwrap_err() {
            FileProblem::Magic { format: "an npy", .. } => assert!(length < 8),
            FileProblem::Length { expected, found } => assert!(found == length as u64 && expected > found),
            other => panic!("{other}"),
        }
    }
    assert!(matches!(npy::parse::<[f32; 3]>(&good), Err(FileProblem::Sizes { width: 3, .. })));
    let text = String::from_utf8_lossy(&good[..128]).into_owned();
    let changed = |from: &str, to: &str| {
        let mut bytes = good.clone();
        let at = text.find(from).unwrap() - text.find("NUMPY").unwrap() + 1;
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        npy::parse::<[f32; 4]>(&bytes)
    };
    assert!(matches!(changed("<f4", "<c4"), Err(FileProblem::DataType { found }) if found == "<c4"));
    assert!(matches!(changed("descr", "descx"), Err(FileProblem::DataType { .. })));
    assert!(matches!(changed("(3,", "(0,"), Err(FileProblem::Empty)));
    assert!(matches!(changed("(3,", "(4,"), Err(FileProblem::Length { .. })));
    assert!(matches!(changed("(3,", "(x,"), Err(FileProblem::DataType { .. })));
}

/// 5000 images of four pixels, and their labels, as idx files.
fn images(folder: &Path) -> (PathBuf, PathBuf) {
    let (images, labels) = (folder.join("images"), folder.join("labels"));
    let rows = 5000u32;
    let mut bytes = vec![0, 0, 8, 3];
    [rows, 200, 2].iter().for_each(|size| bytes.extend(size.to_be_bytes()));
    bytes.extend((0..rows).flat_map(|row| std::iter::repeat_n((row % 251) as u8, 400)));
    fs::write(&images, bytes).unwrap();
    let mut bytes = vec![0, 0, 8, 1];
    bytes.extend(rows.to_be_bytes());
    bytes.extend((0..rows).map(|row| (row % 10) as u8));
    fs::write(&labels, bytes).unwrap();
    (images, labels)
}

type Images = Stream<[f32; 400], Index<10>>;

fn stream(images: &Path, labels: &Path) -> Images {
    Stream::new(idx::open(images).unwrap().zip(idx::open(labels).unwrap()).unwrap())
}

/// The number of each row of an epoch, from its image and label.
fn rows(stream: &mut Images, epoch: u64) -> Result<Vec<(u32, usize)>, DataError> {
    let mut rows = Vec::new();
    stream.begin(epoch)?;
    while let Some(batch) = stream.next(64)? {
        assert!(batch.inputs.iter().all(|image| image.iter().all(|&pixel| pixel == image[0])));
        rows.extend(batch.inputs.iter().zip(batch.targets).map(|(image, label)| (image[0] as u32, label.get())));
    }
    Ok(rows)
}

#[test]
fn files_are_streamed_row_by_row() {
    let folder = tempfile::tempdir().unwrap();
    let (images, labels) = images(folder.path());
    let expected: Vec<(u32, usize)> = (0..5000).map(|row| (row % 251, row as usize % 10)).collect();
    let mut plain = stream(&images, &labels);
    assert_eq!(plain.rows(), Some(5000));
    assert_eq!(rows(&mut plain, 1).unwrap(), expected);

    let mut encoder = GzEncoder::new(fs::File::create(folder.path().join("gz")).unwrap(), Compression::fast());
    encoder.write_all(&fs::read(&images).unwrap()).unwrap();
    encoder.finish().unwrap();
    assert_eq!(rows(&mut stream(&folder.path().join("gz"), &labels), 1).unwrap(), expected);

    let mut shuffled = stream(&images, &labels).shuffle(100, 3);
    let first = rows(&mut shuffled, 1).unwrap();
    assert_eq!(first, rows(&mut shuffled, 1).unwrap());
    assert_ne!(first, rows(&mut shuffled, 2).unwrap());
    // Image and label stay together, and the first rows come from a later part of the file.
    let sorted = |mut rows: Vec<(u32, usize)>| {
        rows.sort_unstable();
        rows
    };
    assert_eq!(sorted(first), sorted(expected));
}

#[test]
fn a_file_that_shrinks_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let (images, labels) = images(folder.path());
    let mut stream = stream(&images, &labels);
    rows(&mut stream, 1).unwrap();
    let whole = fs::metadata(&images).unwrap().len();
    fs::OpenOptions::new().write(true).open(&images).unwrap().set_len(whole - 100).unwrap();
    let error = rows(&mut stream, 2).unwrap_err();
    assert!(error.to_string().contains("images: "), "{error}");
    let FileProblem::Length { expected, found } = problem::<()>(Err(error)) else { panic!() };
    assert_eq!((expected, found), (whole, whole - 100));
    assert!(matches!(problem(idx::open::<[f32; 400]>(&images)), FileProblem::Length { .. }));
}

#[test]
fn faults_of_streamed_files_name_row_and_position() {
    let folder = tempfile::tempdir().unwrap();
    let (images, labels) = images(folder.path());
    let mut bytes = fs::read(&labels).unwrap();
    bytes[8 + 4321] = 10;
    fs::write(&labels, bytes).unwrap();
    let error = problem(rows(&mut stream(&images, &labels), 1));
    let wanted = Wanted::Index { bound: 10 };
    assert!(matches!(error, FileProblem::Value { row: 4321, position: 0, wanted: w, .. } if w == wanted), "{error}");

    let short = idx::open::<[f32; 400]>(&images).unwrap().zip(npy::open::<[f32; 4]>(array("c_order.npy")).unwrap());
    assert!(matches!(short, Err(DataError::Lengths { expected: 5000, found: 3 })));
    assert!(matches!(problem(npy::open::<[f32; 4]>(array("fortran_order.npy"))), FileProblem::ColumnMajor));
}

#[test]
fn a_compressed_file_that_is_cut_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let (images, labels) = images(folder.path());
    let path = folder.path().join("gz");
    let compress = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        fs::write(&path, encoder.finish().unwrap()).unwrap();
    };
    let bytes = fs::read(&images).unwrap();
    compress(&bytes[..bytes.len() - 1]);
    assert!(matches!(problem(rows(&mut stream(&path, &labels), 1)), FileProblem::Length { .. }));
    let mut huge = bytes.clone();
    huge[4..8].fill(0xff);
    compress(&huge);
    let labels_of_all = folder.path().join("labels.gz");
    let mut many = fs::read(&labels).unwrap();
    many[4..8].fill(0xff);
    let mut encoder = GzEncoder::new(fs::File::create(&labels_of_all).unwrap(), Compression::fast());
    encoder.write_all(&many).unwrap();
    encoder.finish().unwrap();
    let FileProblem::Length { expected, .. } = problem(rows(&mut stream(&path, &labels_of_all).shuffle(9, 1), 1))
    else {
        panic!()
    };
    assert_eq!(expected, 16 + 400 * u64::from(u32::MAX), "a header that announces more than there is");
    compress(&[&bytes[..], &[0]].concat());
    assert!(matches!(problem(rows(&mut stream(&path, &labels), 1)), FileProblem::Length { .. }));
}
