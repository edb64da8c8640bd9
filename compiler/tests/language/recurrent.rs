//! Recurrent layers.

use graven_compiler::ir::Purpose;
use graven_compiler::rules::eval::evaluate;
use ndarray::{ArrayD, s};

use crate::support::{ROWS, environment, messages, network, parameter_names};

/// What `torch.nn.RNN(2, 3, batch_first=True, dtype=torch.float64)` gives for the last row of [`environment`], all four
/// steps: its parameters in order are `ramp(shape, 31 * i + 7)`, and its input is `x = ramp((3, 4, 2), 0)`.
const PYTORCH: [f64; 12] = [
    0.9289340963058701,
    -0.7607451922365447,
    -0.8953476853133504,
    0.35974815365314833,
    0.9999984880318923,
    0.9089846981094408,
    -0.9165120408527762,
    0.3397171660333041,
    0.9999990079397044,
    -0.8268497580507316,
    -0.9995409173113371,
    0.4533801421460095,
];

/// The same of `x.flip(1)`: the steps from back to front.
const BACKWARDS: [f64; 12] = [
    0.7507657104711065,
    -0.9993766139225334,
    -0.9503037322366928,
    -0.472000809526611,
    0.9999737619438712,
    0.6354521870485451,
    -0.9770095949237233,
    0.999713063363662,
    0.9999977450644563,
    -0.2326213611760965,
    -0.9805384599481302,
    0.9473586304747694,
];

fn result(body: &str) -> ArrayD<f64> {
    let network = network(&format!("struct N; fn forward(x: [4, 2]) {{ {body} }}"));
    evaluate(&network.forward, &environment(&network)).swap_remove(0).1
}

fn assert_last_row(body: &str, expected: &[f64]) {
    let result = result(body);
    let found = result.slice(s![ROWS - 1, ..]);
    assert_eq!(found.len(), expected.len(), "{body}");
    assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{body}: {found} against {expected:?}");
}

#[test]
fn rnn_gives_what_pytorch_gives() {
    assert_last_row("rnn(x, 3)", &PYTORCH[9..]);
    assert_last_row("flatten(rnn(x, 3, return_sequences = true))", &PYTORCH);
    assert_last_row("rnn(x, 3, go_backwards = true)", &BACKWARDS[9..]);
    assert_last_row("flatten(rnn(x, 3, return_sequences = true, go_backwards = true))", &BACKWARDS);
}

#[test]
fn rnn_is_its_steps_unrolled() {
    let body = "rnn(x, 3, activation = relu, use_bias = false, return_sequences = true)";
    let source = format!("struct N; fn forward(x: [4, 2]) -> [4, 3] {{ {body} }}");
    let network = network(&source);
    let environment = environment(&network);
    let result = evaluate(&network.forward, &environment).swap_remove(0).1;
    let [weight_ih, weight_hh] = &environment.parameters[..] else { panic!("two weights") };
    let x = &environment.inputs[0];
    for row in 0..ROWS {
        let mut h = [0.0; 3];
        for step in 0..4 {
            let unit = |unit: usize| {
                let from_x: f64 = (0..2).map(|k| weight_ih[[unit, k]] * x[[row, step, k]]).sum();
                from_x + (0..3).map(|k| weight_hh[[unit, k]] * h[k]).sum::<f64>()
            };
            h = [0, 1, 2].map(|at| unit(at).max(0.0));
            assert!((0..3).all(|at| (result[[row, step, at]] - h[at]).abs() < 1e-12 * h[at].max(1.0)));
        }
    }
}

#[test]
fn leaves_are_named_as_in_pytorchs_files() {
    let network = network(
        "struct N; fn forward(x: [4, 2]) { let h = rnn(x, 8); rnn(rnn(x, 3, return_sequences = true), 1) + sum(h) }",
    );
    let leaves = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];
    let expected = ["h", "rnn", "rnn_1"].iter().flat_map(|layer| leaves.map(|leaf| format!("{layer}.{leaf}")));
    assert_eq!(parameter_names(&network), expected.collect::<Vec<_>>());
    let shapes: Vec<&[usize]> = network.forward.parameters[..4].iter().map(|known| &known.shape[..]).collect();
    assert_eq!(shapes, [&[8, 2][..], &[8, 8], &[8], &[8]]);
}

#[test]
fn an_activation_with_parameters_has_them_in_the_cell() {
    let network =
        network("struct N; fn forward(x: [4, 2]) { let h = rnn(x, 8, activation = prelu, use_bias = false); h }");
    assert_eq!(parameter_names(&network), ["h.weight_ih", "h.weight_hh", "h.cell.activation.weight"]);
}

#[test]
fn the_summary_has_one_row_for_the_layer() {
    let network = network("struct N; fn forward(x: [4, 2]) { let h = rnn(x, 8, return_sequences = true); h }");
    let [row] = &network.layers[..] else { panic!("one row, not {:?}", network.layers) };
    assert_eq!((&*row.name, &*row.kind, &*row.output.written()), ("h", "rnn", "f32[4, 8]"));
    assert_eq!((row.parameters, row.macs), (8 * 2 + 8 * 8 + 16, 4 * 8 * (2 + 8)));
}

#[test]
fn penalties_count_the_weights_of_both_kinds() {
    let source = "struct N; fn forward(x: [4, 2]) { rnn(x, 3) } fn loss(h, t: [3]) { mse(h, h) + l2(1.0) }";
    let network = network(source);
    let environment = environment(&network);
    let kept = evaluate(network.evaluation.as_ref().expect("a loss"), &environment);
    let loss = kept.iter().find(|(purpose, _)| *purpose == Purpose::Loss).expect("a loss").1[[]];
    let weights = environment.parameters[..2].iter().flatten();
    let expected: f64 = weights.map(|weight| weight * weight).sum();
    assert!((loss - expected).abs() < 1e-9, "{loss} against {expected}");
}

#[test]
fn mistakes_are_those_of_the_layer() {
    for (body, expected) in [
        ("rnn(x)", "1:38 `rnn` needs an argument for `units`"),
        ("rnn(x, 0)", "1:38 `units` of `rnn` must be positive, but it is 0\n  inside `rnn`, which comes with graven"),
        ("rnn(x, 8.0)", "1:38 `units` of `rnn` must be a whole number, but this is the number 8.0"),
        ("rnn(flatten(x), 3)", "1:38 `rnn` takes a sequence [steps, features], not [8]"),
        ("rnn(x, 3, hidden_size = 4)", "1:48 `rnn` has no argument `hidden_size`"),
        ("rnn(x, 3, activation = 1)", "1:38 `activation` is the name of a function, but this is the number 1"),
        ("rnn(x, 3, activation = glu)", "1:38 axis 0 of length 3 cannot be split into 2 equal parts"),
        ("_linear(x, x)", "1:38 there is no `_linear` here"),
        ("_rnn_cell(x, x)", "1:38 there is no `_rnn_cell` here"),
    ] {
        let found = messages(&format!("struct N; fn forward(x: [4, 2]) {{    {body} }}"));
        assert!(found.len() == 1 && found[0].starts_with(expected), "{body}: {found:#?}");
    }
}

#[test]
fn what_is_private_to_the_prelude_is_free_for_users() {
    let source = "struct N; fn _linear(x, units) { dense(x, units) } fn forward(x: [4, 2]) { rnn(_linear(x, 5), 3) }";
    assert_eq!(parameter_names(&network(source))[0], "_linear.dense.weight");
}

#[test]
fn flip_turns_the_axes_back_to_front() {
    let (x, both) = (result("x"), result("flip(x)"));
    let steps = result("flip(x, axis = 0)");
    for ((row, step, feature), value) in x.view().into_dimensionality::<ndarray::Ix3>().expect("rank 3").indexed_iter()
    {
        assert_eq!((steps[[row, 3 - step, feature]], both[[row, 3 - step, 1 - feature]]), (*value, *value));
    }
}
