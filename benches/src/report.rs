//! Rows in the form of the peers' programs, and the tables made of them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::floor::Floor;
use crate::limits::Limits;
use crate::measure::Timing;
use crate::mode::{Kind, Mode};
use crate::suite::Model;

/// The name of our rows among those of the peers.
pub const PEER: &str = "graven";

/// One cell, as the peers' programs write it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Which system.
    pub peer: String,
    /// Which network.
    pub model: String,
    /// Which mode.
    pub mode: Mode,
    /// How many threads.
    pub threads: usize,
    /// Microseconds a call.
    #[serde(flatten)]
    pub timing: Timing,
    /// Only for `fit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples_per_s: Option<f64>,
    /// The ways in which a peer was driven; the row itself is the best of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ways: BTreeMap<String, Way>,
}

/// One way of driving a peer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Way {
    /// The least, in microseconds.
    pub min: f64,
    /// Only for `fit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples_per_s: Option<f64>,
}

impl Row {
    /// A row of ours.
    #[must_use]
    pub fn ours(model: impl Into<String>, mode: Mode, timing: Timing) -> Self {
        let rate = || (mode.batch as f64 * 1e6 / timing.min).round();
        let samples_per_s = mode.kind.is_fit().then(rate);
        Self {
            peer: PEER.to_owned(),
            model: model.into(),
            mode,
            threads: 1,
            timing,
            samples_per_s,
            ways: BTreeMap::new(),
        }
    }

    /// Samples a second: of `fit` where the peer has one, and of the best call.
    fn rates(&self) -> impl Iterator<Item = (&'static str, f64)> {
        let fit = self.ways.values().filter_map(|way| way.samples_per_s).reduce(f64::max);
        let call = self.mode.batch as f64 * 1e6 / self.timing.best();
        let what = match self.mode.kind {
            Kind::Fit => "`fit`",
            Kind::FullFit => "`fit`, validated and measured",
            Kind::Infer | Kind::Train => "one step",
        };
        fit.map(|rate| ("`fit`", rate)).into_iter().chain([(what, call)])
    }
}

/// A run, as the peers' programs write it, with the limits that were measured before.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    /// What was measured.
    pub versions: BTreeMap<String, String>,
    /// The machine's load averages when it began.
    pub load_before: [f64; 3],
    /// And when it ended.
    pub load_after: [f64; 3],
    /// The core it ran on.
    pub core: usize,
    /// Seconds for each cell.
    pub seconds: f64,
    /// The limits of that core, measured by the same process.
    pub limits: Limits,
    /// The instruction set.
    pub level: String,
    /// The cells.
    pub rows: Vec<Row>,
}

impl Run {
    /// Takes the least of both for each cell, and the better of both for each limit.
    pub fn merge(&mut self, other: Self) {
        self.limits = self.limits.best(&other.limits);
        for row in other.rows {
            match self.rows.iter_mut().find(|known| known.model == row.model && known.mode == row.mode) {
                Some(known) if known.timing.best() <= row.timing.best() => {}
                Some(known) => *known = row,
                None => self.rows.push(row),
            }
        }
    }
}

/// The one-thread rows of a run: a JSON object with `rows`, or a line for each. Cells that failed are left out.
///
/// # Errors
/// A file that cannot be read, or holds neither.
pub fn read(path: &Path) -> io::Result<Vec<Row>> {
    let text = fs::read_to_string(path)?;
    let values: Vec<Value> = match serde_json::from_str::<Value>(&text) {
        Ok(Value::Object(mut run)) if run.contains_key("rows") => serde_json::from_value(run["rows"].take())?,
        _ => text.lines().filter(|line| line.starts_with('{')).map(serde_json::from_str).collect::<Result<_, _>>()?,
    };
    let measured = values.into_iter().filter(|row| row.get("error").is_none());
    let rows: Vec<Row> = measured.map(serde_json::from_value).collect::<Result<_, _>>()?;
    Ok(rows.into_iter().filter(|row| row.threads == 1).collect())
}

/// The fastest row of another system for the same cell.
#[must_use]
pub fn best_peer<'a>(peers: &'a [Row], row: &Row) -> Option<&'a Row> {
    peers
        .iter()
        .filter(|peer| peer.peer != PEER && peer.model == row.model && peer.mode == row.mode)
        .min_by(|a, b| a.timing.best().total_cmp(&b.timing.best()))
}

/// One row with its floor.
pub struct Line<'a> {
    /// What was measured.
    pub row: &'a Row,
    /// What it cannot go below.
    pub floor: Floor,
    /// The most it may take, as a multiple of the floor.
    pub bar: Option<f64>,
}

impl<'a> Line<'a> {
    /// A row of the suite.
    #[must_use]
    pub fn of(row: &'a Row, limits: &Limits) -> Option<Self> {
        let model = Model::named(&row.model)?;
        Some(Self { row, floor: Floor::of(limits, &model.counts(), row.mode), bar: model.bar(row.mode) })
    }

    /// How far the best call is above the floor.
    #[must_use]
    pub fn times_floor(&self) -> f64 {
        self.row.timing.best() / self.floor.us()
    }
}

/// Columns apart by blanks, for a terminal.
#[must_use]
pub fn text(lines: &[Line]) -> String {
    let mut out = format!(
        "{:14} {:10} {:>10} {:>10} {:>10} {:>10} {:>8}\n",
        "network", "mode", "us", "median", "flop us", "mem us", "x floor"
    );
    for line in lines {
        let (timing, floor) = (&line.row.timing, &line.floor);
        let _ = writeln!(
            out,
            "{:14} {:10} {:>10.2} {:>10.2} {:>10.2} {:>10.2} {:>8.2}",
            line.row.model,
            line.row.mode,
            timing.best(),
            timing.median,
            floor.arithmetic,
            floor.memory,
            line.times_floor()
        );
    }
    out
}

/// The table of the performance page, with the best of `peers` beside ours.
#[must_use]
pub fn markdown(lines: &[Line], peers: &[Row]) -> String {
    let mut out = String::from(
        "| network | mode | floor µs | by | graven µs | median | × floor | goal | best peer | µs | × floor |\n\
         | --- | --- | ---: | --- | ---: | ---: | ---: | ---: | --- | ---: | ---: |\n",
    );
    for line in lines.iter().filter(|line| !line.row.mode.kind.is_fit()) {
        let peer = best_peer(peers, line.row).map_or_else(
            || "– | – | –".to_owned(),
            |peer| {
                let us = peer.timing.best();
                format!("{} | {us:.2} | {:.2}", peer.peer, us / line.floor.us())
            },
        );
        let bar = line.bar.map_or_else(|| "–".to_owned(), |bar| format!("{bar:.2}"));
        let _ = writeln!(
            out,
            "| {} | {} | {:.2} | {} | {:.2} | {:.2} | {:.2} | {bar} | {peer} |",
            line.row.model,
            line.row.mode,
            line.floor.us(),
            line.floor.limit(),
            line.row.timing.best(),
            line.row.timing.median,
            line.times_floor()
        );
    }
    out
}

/// A table of growth along one axis.
#[must_use]
pub fn markdown_growth(lines: &[Line]) -> String {
    let mut out = String::from(
        "| point | mode | floor µs | by | µs | median | × floor |\n| --- | --- | ---: | --- | ---: | ---: | ---: |\n",
    );
    for line in lines {
        let (row, floor) = (line.row, &line.floor);
        let _ = writeln!(
            out,
            "| {} | {} | {:.2} | {} | {:.2} | {:.2} | {:.2} |",
            row.model,
            row.mode,
            floor.us(),
            floor.limit(),
            row.timing.best(),
            row.timing.median,
            line.times_floor()
        );
    }
    out
}

/// The rates of `fit` beside `fit` and the best training step of every peer, in samples a second.
#[must_use]
pub fn markdown_fit(lines: &[Line], peers: &[Row]) -> String {
    let mut out = String::from("| network | system | what | samples/s |\n| --- | --- | --- | ---: |\n");
    let ours = |kind: Kind| lines.iter().map(|line| line.row).filter(move |row| row.mode.kind == kind);
    for row in ours(Kind::Fit) {
        let step = Mode::train(row.mode.batch);
        let others = peers.iter().filter(|peer| peer.peer != PEER && peer.model == row.model && peer.mode == step);
        let mut rates: Vec<(&str, &str, f64)> = others
            .chain([row])
            .chain(ours(Kind::FullFit).filter(|full| full.model == row.model && full.mode.batch == row.mode.batch))
            .flat_map(|row| row.rates().map(move |(what, rate)| (row.peer.as_str(), what, rate)))
            .collect();
        rates.sort_by(|(.., a), (.., b)| b.total_cmp(a));
        for (peer, what, rate) in rates {
            let _ = writeln!(out, "| {} | {peer} | {what} | {rate:.0} |", row.model);
        }
    }
    out
}

/// The limits as a table.
#[must_use]
pub fn markdown_limits(limits: &Limits, level: &str) -> String {
    format!(
        "| {level} | L1 | L2 | L3 | DRAM |\n| --- | ---: | ---: | ---: | ---: |\n\
         | read, GB/s | {:.0} | {:.0} | {:.0} | {:.0} |\n| read and write in place, GB/s | {:.0} | {:.0} | {:.0} | {:.0} |\n\n\
         Multiply-adds: {:.1} GFLOP/s.\n",
        limits.read_l1,
        limits.read_l2,
        limits.read_l3,
        limits.read_dram,
        limits.update_l1,
        limits.update_l2,
        limits.update_l3,
        limits.update_dram,
        limits.peak()
    )
}
