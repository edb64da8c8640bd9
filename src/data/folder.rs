//! Folders of pictures: a folder for each class goes in, images of one size and their classes come out.

use std::fs;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use graven_runtime::index::Index;
use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat, ImageReader};

use super::error::{DataError, FileProblem};
use super::stream::{Order, Records, Rows};
use super::{Image, Labels, open};
use crate::random;

/// Pictures (PNG, JPEG) in a folder for each of at most `K` classes, which are numbered by the sorted names of the
/// folders. They stay on the disk until they are read; files of other kinds are left out.
///
/// An image `I` has one channel (grey), three (red, green, blue) or four (with opacity), each from 0 to 1.
///
/// ```no_run
/// use graven::data::{ImageFolder, Stream};
/// use graven::{Dataset, Index};
///
/// type Image = [[[f32; 3]; 32]; 32];
///
/// let folder = ImageFolder::<Image, 10>::open("pictures/train")?.resize(true);
/// println!("{:?}", folder.labels().names());
/// let (images, classes) = folder.read()?;
/// let in_memory: Dataset<Image, Index<10>> = Dataset::new(images, classes)?;
/// let stream: Stream<Image, Index<10>> = Stream::new(folder).shuffle(0, 7);
/// # Ok::<(), graven::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ImageFolder<I, const K: usize> {
    labels: Labels<K>,
    files: Vec<(PathBuf, Index<K>)>,
    resize: bool,
    marker: PhantomData<fn() -> I>,
}

impl<I: Image, const K: usize> ImageFolder<I, K> {
    /// Lists the pictures of a folder, in the order of their names.
    ///
    /// # Errors
    /// A folder that cannot be read, no picture, or more than `K` classes.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, DataError> {
        const { assert!(matches!(I::SIZE[2], 1 | 3 | 4), "a picture has one, three or four channels") };
        let folder = folder.as_ref();
        Self::list(folder).map_err(|problem| open::problem(folder, problem))
    }

    fn list(folder: &Path) -> Result<Self, FileProblem> {
        let mut names = Vec::new();
        for path in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
            names.push(name(&path)?);
        }
        let labels = Labels::fit(names.iter().cloned()).map_err(|error| match error {
            DataError::Classes { classes, found } => {
                FileProblem::Classes { column: "folders".to_owned(), classes, found }
            }
            _ => FileProblem::Empty,
        })?;
        let mut files = Vec::new();
        for class in labels.names() {
            let pictures = entries(&folder.join(class))?.into_iter().filter(|path| is_picture(path));
            files.extend(pictures.filter_map(|path| Some((path, labels.class(class)?))));
        }
        if files.is_empty() {
            Err(FileProblem::Empty)
        } else {
            Ok(Self { labels, files, resize: false, marker: PhantomData })
        }
    }

    /// Whether pictures of other sizes are scaled to that of `I`, each side by itself; otherwise they are errors.
    #[must_use]
    pub fn resize(self, resize: bool) -> Self {
        Self { resize, ..self }
    }

    /// The names of the classes.
    #[must_use]
    pub fn labels(&self) -> &Labels<K> {
        &self.labels
    }

    /// The number of pictures, never zero.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "a folder has at least one picture")]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Reads all pictures.
    ///
    /// # Errors
    /// A file that cannot be read, is no picture, or is one of another size.
    pub fn read(&self) -> Result<(Vec<I>, Vec<Index<K>>), DataError> {
        self.files.iter().map(|(path, class)| Ok((self.picture(path)?, *class))).collect()
    }

    fn picture(&self, path: &Path) -> Result<I, DataError> {
        self.decode(path).map_err(|problem| open::problem(path, problem))
    }

    fn decode(&self, path: &Path) -> Result<I, FileProblem> {
        let picture = ImageReader::open(path)?.with_guessed_format()?.decode().map_err(FileProblem::Picture)?;
        let [height, width, channels] = I::SIZE;
        let found = [picture.height() as usize, picture.width() as usize];
        let picture = match found == [height, width] {
            true => picture,
            false if self.resize => picture.resize_exact(width as u32, height as u32, FilterType::Triangle),
            false => return Err(FileProblem::PictureSize { expected: [height, width], found }),
        };
        let mut image = I::ZERO;
        let places = I::reals_mut(std::slice::from_mut(&mut image)).iter_mut();
        places.zip(bytes(picture, channels)).for_each(|(place, byte)| *place = f32::from(byte) / 255.0);
        Ok(image)
    }
}

fn bytes(picture: DynamicImage, channels: usize) -> Vec<u8> {
    match channels {
        1 => picture.into_luma8().into_raw(),
        3 => picture.into_rgb8().into_raw(),
        _ => picture.into_rgba8().into_raw(),
    }
}

/// The contents of a folder in the order of their names, without hidden ones.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, FileProblem> {
    let paths = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<PathBuf> = paths.collect::<Result<_, _>>()?;
    paths.retain(|path| path.file_name().is_some_and(|name| !name.as_encoded_bytes().starts_with(b".")));
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> Result<String, FileProblem> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned).ok_or(FileProblem::Text { line: 1 })
}

fn is_picture(path: &Path) -> bool {
    path.is_file() && ImageFormat::from_path(path).is_ok_and(|format| format.reading_enabled())
}

impl<I: Image, const K: usize> Records<I, Index<K>> for ImageFolder<I, K> {
    fn open(&self, order: Order) -> Result<Rows<'_, I, Index<K>>, DataError> {
        let order = match order.seed {
            Some(seed) => random::permutation(self.files.len(), seed, order.epoch),
            None => (0..self.files.len()).collect(),
        };
        Ok(Box::new(order.into_iter().map(|row| {
            let (path, class) = &self.files[row];
            Ok((self.picture(path)?, *class))
        })))
    }

    fn rows(&self) -> Option<usize> {
        Some(self.files.len())
    }
}
