//! The form of the results, and the tables.

use std::error::Error;
use std::fs;

use graven_bench::limits::Limits;
use graven_bench::measure::{Timing, measure};
use graven_bench::mode::{Kind, Mode};
use graven_bench::report::{self, Line, Row, Run};
use serde_json::{Value, json};

fn timing(min: f64) -> Timing {
    Timing { min, median: 2.0 * min, cpu_min: None, reps: 7, first_call: 3.0 * min }
}

fn run(rows: Vec<Row>) -> Run {
    let limits = Limits {
        fma_avx512_gflops: 248.6,
        read_l2: 248.9,
        read_l3: 117.9,
        update_l2: 479.0,
        update_l3: 229.3,
        ..Limits::default()
    };
    Run {
        versions: [("graven".to_owned(), "0.1.0".to_owned())].into(),
        load_before: [0.5, 0.25, 0.125],
        load_after: [0.5, 0.25, 0.125],
        core: 0,
        seconds: 1.5,
        limits,
        level: "AVX-512".to_owned(),
        rows,
    }
}

#[test]
fn a_row_has_the_keys_of_the_peers() -> Result<(), Box<dyn Error>> {
    let row = serde_json::to_value(Row::ours("mlp", Mode::infer(1), timing(2.0)))?;
    let expected = json!({
        "peer": "graven", "model": "mlp", "mode": "infer1", "threads": 1, "min": 2.0, "median": 4.0,
        "cpu_min": null, "reps": 7, "first_call": 6.0,
    });
    assert_eq!(row, expected);
    let row = serde_json::to_value(Row::ours("mlp", Mode { kind: Kind::Fit, batch: 32 }, timing(64.0)))?;
    assert_eq!(row["samples_per_s"], json!(500_000.0));
    Ok(())
}

#[test]
fn a_run_is_read_back_with_the_peers_rows() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (ours, lines) = (folder.path().join("run.json"), folder.path().join("lines.jsonl"));
    let rows = vec![Row::ours("mlp", Mode::infer(1), timing(2.0))];
    fs::write(&ours, serde_json::to_string(&run(rows.clone()))?)?;
    assert_eq!(report::read(&ours)?, rows);
    let line =
        r#"{"peer": "tract", "model": "mlp", "mode": "infer1", "threads": 1, "min": 3.5, "median": 4.0, "reps": 9}"#;
    let failed = r#"{"peer": "jax", "model": "mlp", "mode": "infer1", "threads": 1, "error": "no"}"#;
    let two = line.replace("\"threads\": 1", "\"threads\": 2");
    fs::write(&lines, format!("a heading\n{line}\n{failed}\n{two}\n"))?;
    let peers = report::read(&lines)?;
    assert_eq!(peers.len(), 1);
    assert_eq!((peers[0].peer.as_str(), peers[0].timing.min), ("tract", 3.5));
    Ok(())
}

#[test]
fn tables_show_the_best_peer_and_the_floor() -> Result<(), Box<dyn Error>> {
    let run = run(vec![
        Row::ours("mlp", Mode::infer(1), timing(3.28)),
        Row::ours("mlp", Mode { kind: Kind::Fit, batch: 32 }, timing(100.0)),
        Row::ours("mlp", Mode { kind: Kind::FullFit, batch: 32 }, timing(128.0)),
        Row::ours("mlp2", Mode { kind: Kind::FullFit, batch: 32 }, timing(500.0)),
    ]);
    let peer = |value: Value| serde_json::from_value::<Row>(value);
    let row = |name: &str, mode: &str, min: f64| json!({"peer": name, "model": "mlp", "mode": mode, "threads": 1, "min": min, "median": min, "reps": 1});
    let mut keras = row("keras", "train32", 300.0);
    keras["ways"] = json!({"fit": {"min": 400.0, "samples_per_s": 80_000.0}, "step": {"min": 300.0}});
    let peers = [peer(row("slow", "infer1", 9.0))?, peer(row("fast", "infer1", 4.91))?, peer(keras)?];
    let lines: Vec<Line> = run.rows.iter().filter_map(|row| Line::of(row, &run.limits)).collect();
    let table = report::markdown(&lines, &peers);
    assert!(
        table.ends_with("| mlp | infer1 | 1.64 | memory | 3.28 | 6.56 | 2.01 | 1.30 | fast | 4.91 | 3.00 |\n"),
        "{table}"
    );
    let fit = report::markdown_fit(&lines, &peers);
    let expected = "| mlp | graven | `fit` | 320000 |\n| mlp | graven | `fit`, validated and measured | 250000 |\n\
         | mlp | keras | one step | 106667 |\n| mlp | keras | `fit` | 80000 |\n";
    assert!(fit.ends_with(expected), "{fit}");
    assert!(report::text(&lines).contains("infer1"));
    Ok(())
}

#[test]
fn merged_runs_keep_the_least_of_each_cell() {
    let mut first =
        run(vec![Row::ours("mlp", Mode::infer(1), timing(3.0)), Row::ours("mlp", Mode::infer(32), timing(5.0))]);
    let mut second =
        run(vec![Row::ours("mlp", Mode::infer(1), timing(2.0)), Row::ours("mlp", Mode::infer(32), timing(6.0))]);
    second.limits.read_l1 = 1.0;
    first.merge(second);
    let least: Vec<f64> = first.rows.iter().map(|row| row.timing.min).collect();
    assert_eq!(least, [2.0, 5.0]);
    assert_eq!((first.limits.read_l1, first.limits.read_l2), (1.0, 248.9));
}

#[test]
fn measuring_calls_at_least_four_times_and_orders_its_figures() {
    let mut calls = 0;
    let timing = measure(0.0, || calls += 1);
    assert!(timing.reps >= 4 && calls >= timing.reps, "{timing:?}");
    assert!(timing.min <= timing.median && timing.best() <= timing.min);
}
