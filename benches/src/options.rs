//! The command line, with the flags of the peers' `peers.py`.

use std::path::PathBuf;

use clap::Parser;

use crate::mode::Mode;
use crate::suite::{Model, PEERS};

/// Times the networks of the peers' suite that graven can express, on one core, against that core's own limits.
#[derive(Clone, Debug, Parser)]
#[command(name = "graven-bench")]
pub struct Options {
    /// Networks, separated by commas, or `all`.
    #[arg(long, value_delimiter = ',', default_value = "all")]
    pub suite: Vec<String>,
    /// Modes, separated by commas; `fit32` times whole epochs of `fit`, `fullfit32` those with
    /// validation, a metric and progress, which is drawn where the standard error stream is a terminal.
    #[arg(long, value_delimiter = ',', default_value = "infer1,infer32,train32")]
    pub modes: Vec<Mode>,
    /// Numbers of threads, separated by commas; only one is timed here, the program `threads` compares others.
    #[arg(long, value_delimiter = ',', default_value = "1")]
    pub threads: Vec<usize>,
    /// The core to run on.
    #[arg(long, default_value_t = 0)]
    pub core: usize,
    /// Measuring time for each cell.
    #[arg(long, default_value_t = 1.5)]
    pub seconds: f64,
    /// Writes the results here.
    #[arg(long)]
    pub json: Option<PathBuf>,
    /// Prints the tables of the performance page.
    #[arg(long)]
    pub markdown: bool,
    /// Results of the peers' programs to compare with, separated by commas.
    #[arg(long, value_delimiter = ',')]
    pub peers: Vec<PathBuf>,
    /// Prints the tables of these earlier results of ours instead of measuring; of several, the least of each cell.
    #[arg(long, value_delimiter = ',')]
    pub table: Vec<PathBuf>,
}

impl Options {
    /// The networks to time. Those that graven cannot express yet are named on the standard error stream.
    ///
    /// # Errors
    /// A name that is not in the suite.
    pub fn models(&self) -> Result<Vec<Model>, String> {
        let all: Vec<&str> =
            if self.suite == ["all"] { PEERS.to_vec() } else { self.suite.iter().map(String::as_str).collect() };
        let mut models = Vec::new();
        for name in all {
            match Model::named(name) {
                Some(model) => models.push(model),
                None if PEERS.contains(&name) => eprintln!("{name}: not yet, graven has no layers for it"),
                None => return Err(format!("`{name}` is not in the suite: {} are", PEERS.join(", "))),
            }
        }
        Ok(models)
    }

    /// Names the numbers of threads that are left out on the standard error stream, and says whether one is asked for.
    #[must_use]
    pub fn one_thread(&self) -> bool {
        for threads in self.threads.iter().filter(|&&threads| threads != 1) {
            eprintln!("{threads} threads: left out, see the program `threads`");
        }
        self.threads.contains(&1)
    }
}
