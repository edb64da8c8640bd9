//! Times the networks of the peers' suite that graven can express. `--help` lists the flags.

#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

use clap::Parser;
use graven_bench::limits::{self, Limits};
use graven_bench::machine;
use graven_bench::options::Options;
use graven_bench::report::{self, Line, Row, Run};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Seconds to measure the limits for.
const LIMITS_SECONDS: f64 = 4.0;

fn main() -> Outcome<()> {
    let options = Options::parse();
    let run = if options.table.is_empty() { measured(&options)? } else { kept(&options.table)? };
    if let Some(path) = &options.json {
        fs::write(path, serde_json::to_string_pretty(&run)? + "\n")?;
    }
    let mut peers = Vec::new();
    for path in &options.peers {
        peers.extend(report::read(path).map_err(|error| format!("{}: {error}", path.display()))?);
    }
    let lines: Vec<Line> = run.rows.iter().filter_map(|row| Line::of(row, &run.limits)).collect();
    if options.markdown {
        println!("{}", report::markdown_limits(&run.limits, &run.level));
        println!("{}", report::markdown(&lines, &peers));
        println!("{}", report::markdown_fit(&lines, &peers));
    } else {
        println!("{}", report::text(&lines));
    }
    Ok(())
}

fn measured(options: &Options) -> Outcome<Run> {
    let models = options.models()?;
    machine::settle(options.core)?;
    let load_before = machine::load();
    eprintln!("load average before: {:.2} {:.2}", load_before[0], load_before[1]);
    let limits = Limits::measure(LIMITS_SECONDS)?;
    eprintln!("{}", serde_json::to_string(&limits)?);
    let mut rows = Vec::new();
    if options.one_thread() {
        for model in models {
            for &mode in &options.modes {
                let row = Row::ours(model.name(), mode, model.time(mode, options.seconds)?);
                eprintln!("{} {mode} {} {}", row.model, row.timing.min, row.timing.median);
                rows.push(row);
            }
        }
    }
    Ok(Run {
        versions: BTreeMap::from([("graven".to_owned(), env!("CARGO_PKG_VERSION").to_owned())]),
        load_before,
        load_after: machine::load(),
        core: options.core,
        seconds: options.seconds,
        limits,
        level: limits::level_name(),
        rows,
    })
}

/// Earlier runs as one: the least disturbed figure of each cell and of each limit.
fn kept(paths: &[PathBuf]) -> Outcome<Run> {
    let mut runs = paths.iter().map(|path| -> Outcome<Run> { Ok(serde_json::from_str(&fs::read_to_string(path)?)?) });
    let mut all = runs.next().ok_or("no results")??;
    for run in runs {
        all.merge(run?);
    }
    Ok(all)
}
