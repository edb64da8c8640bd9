//! A stream from a file against the same data in memory: rows a second and the largest resident memory.
//!
//! `cargo run --release -p graven-bench --bin stream -- 240000` writes so many images of 784 bytes to a temporary file,
//! and trains 784-128-10 on it in processes of their own: from memory, from a stream, from a stream without any
//! training, and from a stream of a file four times as long.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use graven::data::{Source, Stream};
use graven::prelude::*;
use graven::training::SourceTrainer;

graven::network! {
    /// The network of the benchmarks.
    pub struct Mlp;

    fn forward(image: [784]) -> [10] {
        let hidden = dense(image, 128, activation = relu);
        dense(hidden, 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
}

type Image = [f32; 784];

const BATCH: usize = 32;
const EPOCHS: u64 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [mode, images, labels] => run(mode, images, labels),
        [rows] => compare(rows.parse()?),
        _ => Err("usage: stream ROWS".into()),
    }
}

fn compare(rows: u32) -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("graven-stream-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    println!("{:>9} {:>12} {:>12} {:>14}", "source", "rows", "rows/s", "resident KiB");
    for (mode, rows) in [("memory", rows), ("stream", rows), ("read", rows), ("stream", 4 * rows)] {
        let (images, labels) = (folder.join("images"), folder.join("labels"));
        write(&images, rows, &[28, 28], 784)?;
        write(&labels, rows, &[], 1)?;
        let child = Command::new(std::env::current_exe()?).arg(mode).arg(&images).arg(&labels).output()?;
        if !child.status.success() {
            return Err(String::from_utf8_lossy(&child.stderr).into());
        }
        println!("{mode:>9} {rows:>12} {}", String::from_utf8_lossy(&child.stdout).trim_end());
    }
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// An idx file of bytes that follow from row and place.
fn write(path: &Path, rows: u32, sizes: &[u32], width: u32) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(&[0, 0, 8, 1 + sizes.len() as u8])?;
    for size in [rows].iter().chain(sizes) {
        file.write_all(&size.to_be_bytes())?;
    }
    for row in 0..rows {
        let bytes: Vec<u8> =
            (0..width).map(|place| (row.wrapping_mul(31).wrapping_add(place * row) % 10) as u8).collect();
        file.write_all(&bytes)?;
    }
    file.flush()
}

fn run(mode: &str, images: &str, labels: &str) -> Result<(), Box<dyn Error>> {
    let rate = if mode == "memory" {
        let data: Dataset<Image, Index<10>> =
            Dataset::new(idx::read::<Image>(images)?, idx::read::<Index<10>>(labels)?)?;
        train(&mut data.shuffled(7))?
    } else if mode == "read" {
        let files = idx::open::<Image>(images)?.zip(idx::open::<Index<10>>(labels)?)?;
        read(&mut Stream::new(files).shuffle(4096, 7))?
    } else {
        let files = idx::open::<Image>(images)?.zip(idx::open::<Index<10>>(labels)?)?;
        train(&mut Stream::new(files).shuffle(4096, 7))?
    };
    println!("{rate:>12.0} {:>14}", resident()?);
    Ok(())
}

/// The rows a second of the fastest epoch, without training.
fn read(source: &mut impl Source<Image, Index<10>>) -> Result<f64, Box<dyn Error>> {
    let mut best = 0.0f64;
    for epoch in 1..=EPOCHS {
        let start = Instant::now();
        source.begin(epoch)?;
        let mut rows = 0;
        while let Some(batch) = source.next(BATCH)? {
            rows += batch.rows;
        }
        best = best.max(rows as f64 / start.elapsed().as_secs_f64());
    }
    Ok(best)
}

/// The rows a second of the fastest epoch.
fn train(source: &mut impl Source<Image, Index<10>>) -> Result<f64, Box<dyn Error>> {
    let mut model = Mlp::new(7);
    let mut trainer = SourceTrainer::<Mlp, Adam, BATCH>::new(Adam::new(1e-3), 7);
    let mut best = 0.0f64;
    for epoch in 1..=EPOCHS {
        let start = Instant::now();
        trainer.epoch(&mut model, source, epoch)?;
        best = best.max(source.rows().unwrap_or(0) as f64 / start.elapsed().as_secs_f64());
    }
    Ok(best)
}

/// The largest resident memory of this process so far.
fn resident() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
