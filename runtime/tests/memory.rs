//! Arenas, copies and tensors by name.

use graven_runtime::network::{TensorError, TensorInfo};
use graven_runtime::{
    Arena, Axis, Cut, Init, Layout, Slot, copy, fill, get, initialise, put, read_tensor, reals_from_indices, row,
    row_mut, tail, view, view_mut, write_tensor,
};

fn count(length: usize) -> Vec<f32> {
    (0..length).map(|index| index as f32).collect()
}

#[test]
fn cut_takes_buffers_at_absolute_offsets() {
    let mut memory = count(20);
    let mut cut = Cut::new(&mut memory);
    let (a, b, c) = (cut.take(2, 3), cut.take(5, 1), cut.take(10, 4));
    assert_eq!((&*a, &*b, &*c), ([2.0, 3.0, 4.0].as_slice(), [5.0].as_slice(), [10.0, 11.0, 12.0, 13.0].as_slice()));
    let clamped = cut.take(18, 9);
    assert_eq!(clamped, [18.0, 19.0]);
    assert!(cut.take(40, 9).is_empty());
}

#[test]
fn an_arena_counts_in_rows() {
    let mut memory = count(20);
    let mut arena = Arena::new(&mut memory, 2);
    let [a, b, c] = arena.cut([(1, 1), (2, 3), (9, 4)]);
    assert_eq!(
        (&*a, &*b, &*c),
        ([2.0, 3.0].as_slice(), [4.0, 5.0, 6.0, 7.0, 8.0, 9.0].as_slice(), [18.0, 19.0].as_slice())
    );
    arena.at(4, 1).fill(-1.0);
    assert_eq!(arena.at(3, 2), [6.0, 7.0, -1.0, -1.0]);
    assert!(arena.at(usize::MAX, 2).is_empty());
    assert_eq!((arena.get(4), arena.get(5), arena.get(usize::MAX)), (-1.0, 10.0, 0.0));
}

#[test]
fn views_are_clamped() {
    let mut memory = count(6);
    assert_eq!(view(&memory, 4, 5), [4.0, 5.0]);
    assert_eq!(view(&memory, 1, 2), [1.0, 2.0]);
    assert!(view(&memory, 9, 1).is_empty() && tail(&memory, 7).is_empty());
    assert_eq!(row::<2>(&memory, 4), &[4.0, 5.0]);
    assert_eq!(row::<2>(&memory, 5), &[0.0, 0.0]);
    assert!(row_mut::<2>(&mut memory, 5).is_none());
    assert_eq!((get(&memory, 3), get(&memory, 6)), (3.0, 0.0));
    put(&mut memory, 6, 9.0);
    put(&mut memory, 0, 9.0);
    fill(view_mut(&mut memory, 4, 9), 7.0);
    assert_eq!(memory, [9.0, 1.0, 2.0, 3.0, 7.0, 7.0]);
}

#[test]
fn copy_transposes_reverses_repeats_and_clamps() {
    let from = count(6);
    let mut to = vec![-1.0; 6];
    copy(&from, 0, &mut to, 0, [Axis { length: 3, from: 1, to: 2 }, Axis { length: 2, from: 3, to: 1 }]);
    assert_eq!(to, [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
    copy(&from, 5, &mut to, 0, [Axis { length: 6, from: -1, to: 1 }]);
    assert_eq!(to, [5.0, 4.0, 3.0, 2.0, 1.0, 0.0]);
    copy(&from, 2, &mut to, 0, [Axis { length: 2, from: 0, to: 3 }, Axis { length: 3, from: 1, to: 1 }]);
    assert_eq!(to, [2.0, 3.0, 4.0, 2.0, 3.0, 4.0]);
    copy(&from, 4, &mut to, 1, [Axis { length: 9, from: 1, to: 1 }]);
    assert_eq!(to, [2.0, 4.0, 5.0, 2.0, 3.0, 4.0]);
    copy(&from, 1, &mut to, 0, [Axis { length: 3, from: -1, to: 1 }]);
    assert_eq!(to, [1.0, 0.0, 5.0, 2.0, 3.0, 4.0]);
    copy(&from, 5, &mut to, 2, []);
    assert_eq!(to[2], 5.0);
}

#[test]
fn indices_become_reals() {
    let mut reals = [0.0; 3];
    reals_from_indices(&[0, 7, 16_777_215], &mut reals);
    assert_eq!(reals, [0.0, 7.0, 16_777_215.0]);
}

fn slot(name: &'static str, shape: &'static [usize], offset: usize, layout: Layout, init: Init) -> Slot {
    Slot { info: TensorInfo { name, shape, trainable: true }, offset, layout, init }
}

fn weight(init: Init) -> Slot {
    slot("a.weight", &[40, 3], 5, Layout::Panels { k: 3, n: 40, transposed: true }, init)
}

#[test]
fn panels_keep_their_documented_order() {
    let mut memory = vec![0.0; 130];
    let slots = [weight(Init::Zeros)];
    write_tensor(&slots, &mut memory, "a.weight", &count(120)).unwrap();
    for (n, k) in (0..40).flat_map(|n| (0..3).map(move |k| (n, k))) {
        let (panel, width) = (n / 32, if n < 32 { 32 } else { 8 });
        assert_eq!(memory[5 + panel * 32 * 3 + k * width + n % 32], (n * 3 + k) as f32);
    }
    let mut values = vec![0.0; 120];
    read_tensor(&slots, &memory, "a.weight", &mut values).unwrap();
    assert_eq!(values, count(120));
    assert!(memory[..5].iter().chain(&memory[125..]).all(|&value| value == 0.0));
}

#[test]
fn a_faulty_write_changes_nothing() {
    let slots = [weight(Init::Zeros), slot("b", &[2], 0, Layout::RowMajor, Init::Ones)];
    let mut memory = count(130);
    let mut values = count(120);
    values[119] = f32::NAN;
    assert_eq!(write_tensor(&slots, &mut memory, "a.weight", &values), Err(TensorError::NotFinite { position: 119 }));
    assert_eq!(
        write_tensor(&slots, &mut memory, "b", &values),
        Err(TensorError::WrongLength { expected: 2, found: 120 })
    );
    assert_eq!(read_tensor(&slots, &memory, "c", &mut values), Err(TensorError::UnknownName));
    assert_eq!(memory, count(130));
}

fn initial(slots: &[Slot], length: usize, seed: u64) -> Vec<f32> {
    let mut memory = vec![0.0; length];
    initialise(slots, &mut memory, seed);
    memory
}

#[test]
fn initial_values_depend_on_seed_name_and_logical_index_alone() {
    let init = Init::Normal { deviation: 2.0 };
    let in_panels = [weight(init)];
    let in_rows = [slot("a.weight", &[40, 3], 1, Layout::RowMajor, init)];
    let mut values = vec![0.0; 120];
    read_tensor(&in_panels, &initial(&in_panels, 130, 7), "a.weight", &mut values).unwrap();
    assert_eq!(values, initial(&in_rows, 121, 7)[1..]);
    assert_ne!(values, initial(&in_rows, 121, 8)[1..]);
    let renamed = [slot("b.weight", &[40, 3], 1, Layout::RowMajor, init)];
    assert_ne!(values, initial(&renamed, 121, 7)[1..]);
}

/// The bits are a promise to every target and every later version.
#[test]
fn initial_values_keep_their_bits() {
    let of = |init| initial(&[slot("w", &[3], 0, Layout::RowMajor, init)], 3, 1).iter().map(|v| v.to_bits()).collect();
    let check = |init, expected: [u32; 3]| {
        let found: Vec<u32> = of(init);
        assert_eq!(found, expected, "{init:?}");
    };
    check(Init::Uniform { limit: 1.0 }, [0x3e99_28ce, 0xbe9e_4176, 0x3ee1_02a6]);
    check(Init::Normal { deviation: 1.0 }, [0x3d66_b7c5, 0xbe25_d890, 0x3ef3_a34e]);
    check(Init::TruncatedNormal { deviation: 1.0 }, [0x3d66_b7c5, 0xbe25_d890, 0x3ef3_a34e]);
}

fn moments(values: &[f32]) -> (f64, f64) {
    let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / values.len() as f64;
    let variance = values.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / values.len() as f64;
    (mean, variance.sqrt())
}

#[test]
fn initial_values_have_the_distribution_asked_for() {
    const COUNT: usize = 100_000;
    let of = |init| initial(&[slot("w", &[COUNT], 0, Layout::RowMajor, init)], COUNT, 3);
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 0.01, "{found} instead of {expected}");

    let uniform = of(Init::Uniform { limit: 0.5 });
    assert!(uniform.iter().all(|value| value.abs() <= 0.5));
    near(moments(&uniform).0, 0.0);
    near(moments(&uniform).1, 1.0 / 12.0f64.sqrt());

    let normal = of(Init::Normal { deviation: 1.0 });
    near(moments(&normal).0, 0.0);
    near(moments(&normal).1, 1.0);
    let within = normal.iter().filter(|value| value.abs() < 1.0).count();
    near(within as f64 / COUNT as f64, 0.682_689);
    let beyond = normal.iter().filter(|value| value.abs() > 2.0).count();
    near(beyond as f64 / COUNT as f64, 0.045_5);

    let truncated = of(Init::TruncatedNormal { deviation: 1.0 });
    assert!(truncated.iter().all(|value| value.abs() <= 2.0));
    near(moments(&truncated).1, 0.879_626);

    assert!(of(Init::Zeros).iter().all(|&value| value == 0.0));
    assert!(of(Init::Ones).iter().all(|&value| value == 1.0));
    assert!(of(Init::Constant(0.25)).iter().all(|&value| value == 0.25));
}
