//! ResNet-8 (MLPerf Tiny image classification) on CIFAR-10, with augmentation.
//!
//! `cargo run --release --example cifar -- DIR [EPOCHS]`, where `DIR` holds `data_batch_1.bin` … `data_batch_5.bin` and
//! `test_batch.bin` of the binary version of CIFAR-10.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use graven::prelude::*;

graven::network! {
    /// Three stacks of two convolutions with a way around.
    pub struct ResNet8;

    fn conv_norm(x, filters, stride = 1) {
        batch_norm(conv2d(x, filters, kernel = 3, stride = stride, padding = same))
    }

    fn stack(x, filters, stride = 1) {
        let y = conv_norm(relu(conv_norm(x, filters, stride = stride)), filters);
        let shortcut = if stride == 1 { x } else { conv2d(x, filters, kernel = 1, stride = stride, padding = same) };
        relu(y + shortcut)
    }

    fn forward(image: [32, 32, 3]) -> [10] {
        let image = random_crop(zero_pad2d(random_flip(image, mode = horizontal), 4), 32, 32);
        let mut x = relu(conv_norm(image, 16));
        for (filters, stride) in [(16, 1), (32, 2), (64, 2)] {
            x = stack(x, filters, stride = stride);
        }
        dense(global_avg_pool2d(x), 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label) + l2(1e-4)
    }
}

type Image = [[[f32; 3]; 32]; 32];

/// A label, then the red, green and blue pixels of an image.
const RECORD: usize = 1 + 3 * 32 * 32;

fn read(folder: &Path, files: &[String]) -> Result<Dataset<Image, Index<10>>, Box<dyn Error>> {
    let (mut images, mut labels) = (Vec::new(), Vec::new());
    for file in files {
        let bytes = fs::read(folder.join(file)).map_err(|error| format!("{file}: {error}"))?;
        for record in bytes.chunks_exact(RECORD) {
            labels.push(Index::new(record[0].into())?);
            let value = |line, column, channel| f32::from(record[1 + (channel * 32 + line) * 32 + column]) / 255.0;
            images.push(std::array::from_fn(|line| {
                std::array::from_fn(|column| std::array::from_fn(|channel| value(line, column, channel)))
            }));
        }
    }
    Ok(Dataset::new(images, labels)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = arguments.next().map(PathBuf::from).ok_or("usage: cifar DIR [EPOCHS]")?;
    let epochs = arguments.next().map_or(Ok(40), |epochs| epochs.to_string_lossy().parse())?;
    let batches: Vec<String> = (1..=5).map(|batch| format!("data_batch_{batch}.bin")).collect();
    let (training, test) = (read(&folder, &batches)?, read(&folder, &["test_batch.bin".to_owned()])?);
    println!("{}", ResNet8::SUMMARY);

    let mut model = ResNet8::new(1);
    let history = model.fit::<32>(&training).optimizer(Adam::new(1e-3)).epochs(epochs).seed(1).run()?;
    println!("{history}");
    println!("test accuracy {:.4}", model.evaluate::<100>(&test)?.accuracy);
    Ok(())
}
