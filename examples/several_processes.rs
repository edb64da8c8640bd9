//! One model trained by several processes, on one machine or many: each computes its share of every batch, all end with
//! the same weights, and the weights are those of one process.
//!
//! `cargo build --release --features mpi --example several_processes`
//! `mpirun -n 2 target/release/examples/several_processes [CHECKPOINTS]`
//!
//! With a folder for checkpoints, a run that was ended goes on from its last step.

use std::error::Error;
use std::path::Path;

use graven::mpi::World;
use graven::prelude::*;
use graven::training::Group;

graven::network! {
    /// 64 pixels, two wide hidden layers, ten classes.
    pub struct Wide;

    fn forward(image: [64]) -> [10] {
        let first = dropout(dense(image, 512, activation = relu), 0.2);
        dense(relu(batch_norm(dense(first, 512))), 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label) + l2(1e-4)
    }
}

const EPOCHS: usize = 20;

fn read() -> Result<Dataset<[f32; 64], Index<10>>, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/digits.csv.gz");
    let table = Csv::new().headers(false).read(path)?;
    Ok(Dataset::new(table.values::<[f32; 64]>(0..64)?, table.values::<Index<10>>(64)?)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let world = World::new()?;
    let (training, test) = read()?.map_inputs(|pixel| pixel / 16.0)?.split(0.8, 7)?;
    let mut model = Wide::new(7);
    let mut fit = model.fit::<32>(&training).batch_size(256).epochs(EPOCHS).seed(7);
    if let Some(folder) = std::env::args().nth(1) {
        fit = fit.checkpoints(Checkpoints::new(&folder).every_steps(5)).resume(folder);
    }
    let history = fit.threads(1).ranks(&world).parts(8).run()?;

    let (rank, seconds) = (world.rank(), history.epochs.iter().map(|epoch| epoch.seconds).sum::<f64>());
    let steps = (history.rows.div_ceil(history.batch_size) * history.epochs.len()) as f64;
    let messages = world.time_in_messages().as_secs_f64() / steps * 1e6;
    println!("process {rank}: {:.0} µs a step, {messages:.0} µs of them in messages", seconds / steps * 1e6);
    println!("process {rank}: weights {:016x}", model.weights_hash());
    if rank == 0 {
        println!("test accuracy {:.4}", model.evaluate::<32>(&test)?.accuracy);
    }
    Ok(())
}
