//! The floor formula, against figures worked out by hand and against those that the peers' program worked out for one
//! processor (`floors.json`: its limits and floors, as the program's kept run has them).

use graven_bench::floor::{Counts, Floor};
use graven_bench::limits::Limits;
use graven_bench::mode::Mode;
use graven_bench::suite::Model;
use serde_json::Value;

fn limits() -> Limits {
    Limits {
        fma_avx512_gflops: 200.0,
        fma_avx2_gflops: 100.0,
        read_l1: 400.0,
        read_l2: 200.0,
        read_l3: 100.0,
        read_dram: 40.0,
        update_l1: 800.0,
        update_l2: 400.0,
        update_l3: 200.0,
        update_dram: 80.0,
    }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs()
}

#[test]
fn arithmetic_counts_two_operations_a_product_and_no_first_input_gradient() {
    let counts = Counts { macs: 1_000_000, first_layer_macs: 400_000, parameters: 10 };
    assert!(near(Floor::of(&limits(), &counts, Mode::infer(8)).arithmetic, 80.0));
    assert!(near(Floor::of(&limits(), &counts, Mode::train(8)).arithmetic, 8.0 * 26.0));
}

#[test]
fn memory_counts_bytes_at_the_smallest_cache_that_holds_them() {
    let memory =
        |parameters, mode| Floor::of(&limits(), &Counts { macs: 0, first_layer_macs: 0, parameters }, mode).memory;
    for (parameters, rate) in [(8 << 10, 400.0), ((8 << 10) + 1, 200.0), (230_401, 100.0), ((6 << 20) + 1, 40.0)] {
        assert!(near(memory(parameters, Mode::infer(1)), 4.0 * parameters as f64 / rate * 1e-3), "{parameters}");
    }
    for (parameters, rate) in [(2 << 10, 800.0), (57_600, 400.0), (57_601, 200.0), ((3 << 19) + 1, 80.0)] {
        assert!(near(memory(parameters, Mode::train(32)), 28.0 * parameters as f64 / rate * 1e-3), "{parameters}");
    }
}

#[test]
fn the_floor_is_the_larger_of_both() {
    let floor = Floor { arithmetic: 1.0, memory: 2.0 };
    assert_eq!((floor.us(), floor.limit()), (2.0, "memory"));
    let floor = Floor { arithmetic: 3.0, memory: 2.0 };
    assert_eq!((floor.us(), floor.limit()), (3.0, "arithmetic"));
}

#[test]
fn costs_of_the_suite_follow_from_its_widths() {
    let counts = Model::Mlp.counts();
    assert_eq!(counts.macs, 784 * 128 + 128 * 10);
    assert_eq!(counts.first_layer_macs, 784 * 128);
    assert_eq!(counts.parameters, 784 * 128 + 128 + 128 * 10 + 10);
}

#[test]
fn floors_are_those_of_the_peers_kept_run() -> Result<(), Box<dyn std::error::Error>> {
    let kept: Value = serde_json::from_str(include_str!("floors.json"))?;
    let limits: Limits = serde_json::from_value(kept["limits"].clone())?;
    let mut compared = 0;
    for row in kept["floors"].as_array().ok_or("no floors")? {
        let Some(model) = row["model"].as_str().and_then(Model::named) else { continue };
        let mode: Mode = serde_json::from_value(row["mode"].clone())?;
        let floor = Floor::of(&limits, &model.counts(), mode);
        for (ours, theirs) in [(floor.arithmetic, &row["floor_flop_us"]), (floor.memory, &row["floor_mem_us"])] {
            let theirs = theirs.as_f64().ok_or("a floor is a number")?;
            assert!((ours - theirs).abs() < 0.006, "{} {mode}: {ours} and {theirs}", model.name());
        }
        compared += 1;
    }
    assert_eq!(compared, 3 * Model::ALL.len());
    Ok(())
}
