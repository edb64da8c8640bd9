//! Folders of pictures, in memory and streamed.

use std::fs;
use std::path::Path;

use graven::data::{FileProblem, ImageFolder, Source, Stream};
use graven::{DataError, Index};
use image::{GrayImage, Luma, Rgb, RgbImage};

type Colours = [[[f32; 3]; 4]; 2];

fn problem<T>(result: Result<T, DataError>) -> FileProblem {
    match result {
        Err(DataError::File { problem, .. }) => problem,
        Err(other) => panic!("not a fault of a file: {other}"),
        Ok(_) => panic!("no error"),
    }
}

/// Two cats and three dogs, of four by two pixels; green and blue tell row and column, red the picture.
fn pictures(folder: &Path) {
    for (class, count) in [("dog", 3u8), ("cat", 2)] {
        fs::create_dir_all(folder.join(class)).unwrap();
        for number in 0..count {
            let picture = RgbImage::from_fn(4, 2, |x, y| Rgb([number, y as u8, x as u8]));
            picture.save(folder.join(class).join(format!("{number}.png"))).unwrap();
        }
    }
    fs::write(folder.join("dog/notes.txt"), "no picture").unwrap();
    fs::write(folder.join("dog/.hidden.png"), "no picture").unwrap();
}

#[test]
fn folders_are_classes() {
    let folder = tempfile::tempdir().unwrap();
    pictures(folder.path());
    let folder = ImageFolder::<Colours, 3>::open(folder.path()).unwrap();
    assert_eq!((folder.len(), folder.labels().names()), (5, &["cat".to_owned(), "dog".to_owned()][..]));
    let (images, classes) = folder.read().unwrap();
    assert_eq!(classes.iter().map(|class| class.get()).collect::<Vec<_>>(), [0, 0, 1, 1, 1]);
    assert_eq!(images[4][1][3], [2.0, 1.0, 3.0].map(|byte: f32| byte / 255.0), "row 1, column 3 of the third dog");

    let mut stream: Stream<Colours, Index<3>> = Stream::new(folder).shuffle(0, 1);
    let mut epoch = |number| {
        stream.begin(number).unwrap();
        let batch = stream.next(10).unwrap().unwrap();
        let rows = batch.inputs.iter().zip(batch.targets);
        rows.map(|(image, class)| (class.get(), (image[0][0][0] * 255.0) as u8)).collect::<Vec<_>>()
    };
    let mut first = epoch(1);
    assert_ne!(first, epoch(2));
    first.sort_unstable();
    assert_eq!(first, [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)]);
}

#[test]
fn pictures_of_other_sizes_and_colours_are_converted_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let class = folder.path().join("only");
    fs::create_dir(&class).unwrap();
    GrayImage::from_pixel(9, 5, Luma([128])).save(class.join("a.jpg")).unwrap();
    let strict = ImageFolder::<Colours, 1>::open(folder.path()).unwrap();
    let error = strict.read().unwrap_err();
    assert!(error.to_string().ends_with("a.jpg: 5 by 9 pixels, not 2 by 4"), "{error}");
    let (images, _) = strict.resize(true).read().unwrap();
    assert!(images[0].as_flattened().as_flattened().iter().all(|&value| (value - 128.0 / 255.0).abs() < 0.01));
    let (grey, _) = ImageFolder::<[[f32; 9]; 5], 1>::open(folder.path()).unwrap().read().unwrap();
    assert!((grey[0][4][8] - 128.0 / 255.0).abs() < 0.01);
}

#[test]
fn faults_of_folders_are_named() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(problem(ImageFolder::<Colours, 3>::open(folder.path())), FileProblem::Empty));
    assert!(matches!(problem(ImageFolder::<Colours, 3>::open(folder.path().join("none"))), FileProblem::Io(_)));
    pictures(folder.path());
    let many = problem(ImageFolder::<Colours, 1>::open(folder.path()));
    assert!(matches!(many, FileProblem::Classes { classes: 1, found: 2, .. }));
    fs::write(folder.path().join("cat/1.png"), "no picture").unwrap();
    let error = ImageFolder::<Colours, 2>::open(folder.path()).unwrap().read().unwrap_err();
    assert!(error.to_string().contains("cat/1.png: "), "{error}");
    assert!(matches!(problem::<()>(Err(error)), FileProblem::Picture(_)));
}
