//! DS-CNN (MLPerf Tiny keyword spotting) on the Free Spoken Digit Dataset; recordings 0 to 4 of each digit and speaker are
//! its test split.
//!
//! `cargo run --release --example spoken_digits -- DIR [EPOCHS [CURVES]]`, where `DIR` holds `DIGIT_SPEAKER_NUMBER.wav`, one
//! channel of 16-bit samples at 8 kHz, and `CURVES` is a picture to write, say `curves.svg`.

use std::error::Error;
use std::f32::consts::PI;
use std::fs;
use std::path::{Path, PathBuf};

use graven::prelude::*;

graven::network! {
    /// A convolution over the spectrogram, and four pairs of depthwise and pointwise ones.
    pub struct DsCnn;

    fn norm(x) {
        relu(batch_norm(x, momentum = 0.9))
    }

    fn forward(frames: [49, 20]) -> [10] {
        let spectrogram = gaussian_noise(reshape(frames, [49, 20, 1]), 0.1);
        let mut x = norm(conv2d(spectrogram, 64, kernel = [10, 4], stride = 2, padding = same));
        for _ in 0..4 {
            x = norm(depthwise_conv2d(x, 3, padding = same));
            x = norm(conv2d(x, 64, kernel = 1));
        }
        dense(dropout(global_avg_pool2d(x), 0.2), 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label) + l2(1e-4)
    }
}

const FRAMES: usize = 49;
const BANDS: usize = 20;
/// Samples of a frame, and from one frame to the next.
const WINDOW: usize = 256;
const STEP: usize = 160;
const RATE: f32 = 8000.0;

type Spectrogram = [[f32; BANDS]; FRAMES];

/// The samples of a WAV file of one channel of 16 bits: what follows the `data` chunk's header.
fn samples(bytes: &[u8]) -> Option<Vec<f32>> {
    let start = bytes.windows(4).position(|word| word == b"data")? + 8;
    let pairs = bytes.get(start..)?.as_chunks::<2>().0;
    Some(pairs.iter().map(|pair| f32::from(i16::from_le_bytes(*pair)) / 32768.0).collect())
}

/// The logarithm of the energy of each frame in bands that are evenly spaced on the mel scale, standardised.
struct Mel {
    /// Hann's window times the cosines and sines of each frequency.
    waves: Vec<[[f32; WINDOW]; 2]>,
    /// For each band the weight of each frequency: triangles that overlap by half.
    bands: Vec<Vec<f32>>,
}

impl Mel {
    fn new() -> Self {
        let hann = |at: usize| 0.5 - 0.5 * (2.0 * PI * at as f32 / WINDOW as f32).cos();
        let angle = |frequency: usize, at: usize| 2.0 * PI * ((frequency * at) % WINDOW) as f32 / WINDOW as f32;
        let wave =
            |frequency| [f32::cos, f32::sin].map(|f| std::array::from_fn(|at| hann(at) * f(angle(frequency, at))));
        let mel = |hertz: f32| 2595.0 * (1.0 + hertz / 700.0).log10();
        let width = mel(RATE / 2.0) / (BANDS + 1) as f32;
        let weight = |band: usize, frequency: usize| {
            let place = mel(frequency as f32 * RATE / WINDOW as f32) / width - (band + 1) as f32;
            (1.0 - place.abs()).max(0.0)
        };
        let band = |band| (0..=WINDOW / 2).map(|frequency| weight(band, frequency)).collect();
        Self { waves: (0..=WINDOW / 2).map(wave).collect(), bands: (0..BANDS).map(band).collect() }
    }

    fn spectrogram(&self, samples: &[f32]) -> Box<Spectrogram> {
        let mut frames = Box::new([[0.0; BANDS]; FRAMES]);
        for (number, frame) in frames.iter_mut().enumerate() {
            let rest = samples.get(number * STEP..).unwrap_or_default();
            let sum = |wave: &[f32; WINDOW]| wave.iter().zip(rest).map(|(a, b)| a * b).sum::<f32>();
            let power: Vec<f32> = self.waves.iter().map(|[c, s]| sum(c).powi(2) + sum(s).powi(2)).collect();
            for (value, band) in frame.iter_mut().zip(&self.bands) {
                let energy: f32 = band.iter().zip(&power).map(|(weight, power)| weight * power).sum();
                *value = (energy + 1e-4).ln();
            }
        }
        let values = frames.as_flattened_mut();
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / values.len() as f32;
        values.iter_mut().for_each(|value| *value = (*value - mean) / (variance + 1e-3).sqrt());
        frames
    }
}

type Digits = Dataset<Spectrogram, Index<10>>;

/// The recordings for training, and those for the test.
fn read(folder: &Path) -> Result<[Digits; 2], Box<dyn Error>> {
    let mel = Mel::new();
    let mut parts = [(Vec::new(), Vec::new()), (Vec::new(), Vec::new())];
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "wav")) {
        let name = file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let words: Vec<&str> = name.split('_').collect();
        let [digit, _, number] = words[..] else { return Err(format!("{name}.wav is no DIGIT_SPEAKER_NUMBER").into()) };
        let samples = samples(&fs::read(file)?).ok_or_else(|| format!("{name}.wav has no samples"))?;
        let (inputs, labels) = &mut parts[usize::from(number.parse::<usize>()? < 5)];
        inputs.push(*mel.spectrogram(&samples));
        labels.push(Index::new(digit.parse()?)?);
    }
    let [training, test] = parts;
    Ok([Dataset::new(training.0, training.1)?, Dataset::new(test.0, test.1)?])
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = arguments.next().map(PathBuf::from).ok_or("usage: spoken_digits DIR [EPOCHS [CURVES]]")?;
    let epochs = arguments.next().map_or(Ok(40), |epochs| epochs.to_string_lossy().parse())?;
    let curves = arguments.next();
    let [training, test] = read(&folder)?;
    println!("{}", DsCnn::SUMMARY);

    let mut model = DsCnn::new(1);
    let history = model.fit::<32>(&training).optimizer(Adam::new(2e-3)).epochs(epochs).seed(1).run()?;
    println!("{history}");
    if let Some(curves) = curves {
        history.plot(curves)?;
    }
    println!("test accuracy {:.4}", model.evaluate::<32>(&test)?.accuracy);
    Ok(())
}
