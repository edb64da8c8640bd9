//! Layers that are written in the language.

use graven_compiler::ir::{Purpose, Type};
use graven_compiler::prelude::{Prelude, texts};
use graven_compiler::rules::eval::evaluate;

use crate::support::{environment, messages, network, parameter_names};

fn names(body: &str) -> Vec<String> {
    let network = network(&format!("struct N; fn act(x) {{ relu(x) }} fn forward(x: [6]) {{ {body} }}"));
    parameter_names(&network).into_iter().map(ToOwned::to_owned).collect()
}

/// A call of each layer, and the shape of its result; `x` is [6], `image` is [2, 2, 6], `rows` is [3, 4].
const CALLS: &[(&str, &str)] = &[
    ("glu(x)", "f32[3]"),
    ("gated_dense(x, 5, activation = silu)", "f32[5]"),
    ("mlp(x, [8, 5], rate = 0.1)", "f32[5]"),
    ("sequential(x, [relu, layer_norm, glu])", "f32[3]"),
    ("residual(x, highway)", "f32[6]"),
    ("pre_norm(x, mish, norm = rms_norm)", "f32[6]"),
    ("post_norm(x, mish)", "f32[6]"),
    ("feed_forward(rows, 16, activation = gelu, rate = 0.5)", "f32[3, 4]"),
    ("highway(x, activation = tanh)", "f32[6]"),
    ("squeeze_excite(image, ratio = 2)", "f32[2, 2, 6]"),
    ("separable_conv2d(image, 5, kernel = 2, activation = relu)", "f32[1, 1, 5]"),
    ("low_rank_dense(x, 7, 2)", "f32[7]"),
    ("maxout(rows, 5, pieces = 3)", "f32[3, 5]"),
    ("mixer_block(rows, 8, 16)", "f32[3, 4]"),
    ("layer_scale(x)", "f32[6]"),
    ("prelu(image)", "f32[2, 2, 6]"),
    ("mish(x)", "f32[6]"),
    ("celu(x, alpha = 0.5)", "f32[6]"),
    ("log_sigmoid(x)", "f32[6]"),
    ("log_cosh(x, x * 2)", "f32[]"),
    ("poisson(x, x * 2)", "f32[]"),
    ("rnn(rows, 5)", "f32[5]"),
];

#[test]
fn every_layer_is_called_by_a_test_and_gives_its_shape() {
    let prelude = Prelude::default();
    for (name, _) in texts() {
        assert!(prelude.find(name).is_some(), "{name} cannot be parsed");
        assert!(CALLS.iter().any(|(call, _)| call.starts_with(&format!("{name}("))), "{name} is not called");
    }
    for (call, shape) in CALLS {
        let source = format!("struct N; fn forward(x: [6], image: [2, 2, 6], rows: [3, 4]) {{ {call} }}");
        assert_eq!(network(&source).outputs.iter().map(Type::written).collect::<Vec<_>>(), [*shape], "{call}");
    }
}

/// Applies an expression to `x: [5]` and compares each element with a formula of one number.
fn check_map(expr: &str, formula: impl Fn(f64) -> f64) {
    let network = network(&format!("struct N; fn forward(x: [5]) -> [5] {{ {expr} }}"));
    let environment = environment(&network);
    let result = evaluate(&network.forward, &environment).swap_remove(0).1;
    for (x, y) in environment.inputs[0].iter().zip(&result) {
        assert!((y - formula(*x)).abs() < 1e-12, "{expr} of {x}: {y} against {}", formula(*x));
    }
}

#[test]
fn functions_of_one_number_are_their_formulas() {
    check_map("mish(x)", |x| x * x.exp().ln_1p().tanh());
    check_map("celu(x, alpha = 0.5)", |x| x.max(0.0) + (0.5 * ((x / 0.5).exp() - 1.0)).min(0.0));
    check_map("log_sigmoid(x)", |x| -(-x).exp().ln_1p());
    check_map("glu(concat([x, 2 * x]))", |x| x / (1.0 + (-2.0 * x).exp()));
    check_map("residual(x, square)", |x| x + x * x);
    check_map("sequential(x, [square, exp])", |x| (x * x).exp());
}

#[test]
fn losses_are_their_formulas() {
    for (body, formula) in [
        ("log_cosh(y, t)", (|y, t| (y - t).cosh().ln()) as fn(f64, f64) -> f64),
        ("poisson(square(y), square(t), epsilon = 0.0)", |y, t| y * y - t * t * (y * y).ln()),
    ] {
        let network = network(&format!("struct N; fn forward(x: [4]) -> [4] {{ x }} fn loss(y, t: [4]) {{ {body} }}"));
        let environment = environment(&network);
        let kept = evaluate(network.evaluation.as_ref().expect("a loss"), &environment);
        let loss = kept.iter().find(|(purpose, _)| *purpose == Purpose::Loss).expect("a loss").1[[]];
        let pairs = environment.inputs[0].iter().zip(&environment.targets[0]);
        let expected: f64 = pairs.map(|(y, t)| formula(*y, *t)).sum::<f64>() / environment.inputs[0].len() as f64;
        assert!((loss - expected).abs() < 1e-12, "{body}: {loss} against {expected}");
    }
}

#[test]
fn a_highway_gates_with_its_second_layer() {
    let network = network("struct N; fn forward(x: [4]) -> [4] { highway(x, activation = tanh) }");
    assert_eq!(
        parameter_names(&network),
        ["highway.value.weight", "highway.value.bias", "highway.gate.weight", "highway.gate.bias"]
    );
    let environment = environment(&network);
    let result = evaluate(&network.forward, &environment).swap_remove(0).1;
    let [value_weight, value_bias, gate_weight, gate_bias] = &environment.parameters[..] else { panic!("four") };
    let x = &environment.inputs[0];
    for ((row, unit), y) in result.view().into_dimensionality::<ndarray::Ix2>().expect("rank 2").indexed_iter() {
        let dense = |weight: &ndarray::ArrayD<f64>, bias: &ndarray::ArrayD<f64>| {
            (0..4).map(|k| x[[row, k]] * weight[[unit, k]]).sum::<f64>() + bias[[unit]]
        };
        let gate = 1.0 / (1.0 + (-dense(gate_weight, gate_bias)).exp());
        let expected = gate * dense(value_weight, value_bias).tanh() + (1.0 - gate) * x[[row, unit]];
        assert!((y - expected).abs() < 1e-12);
    }
}

#[test]
fn scopes_are_named_as_those_of_users_blocks() {
    assert_eq!(
        names("mlp(x, [4, 2])"),
        ["mlp.dense.weight", "mlp.dense.bias", "mlp.dense_1.weight", "mlp.dense_1.bias"]
    );
    assert_eq!(names("let gamma = layer_scale(x); gamma"), ["gamma.gamma"]);
    assert_eq!(names("layer_scale(x, name = \"last\")"), ["last.gamma"]);
    assert_eq!(names("let y = act(layer_scale(x)); y"), ["y.gamma"]);
    assert_eq!(names("residual(x, prelu)"), ["residual.prelu.weight"]);
}

#[test]
fn the_users_functions_win_and_are_not_seen_inside() {
    let source = "struct N;
        fn mish(x) { x * param([6]) }
        fn sigmoid(x) { x * param([6]) }
        fn gated(x) { gated_dense(x, 6) }
        fn forward(x: [6]) { mish(x) + gated(x) }";
    let network = network(source);
    let expected = [
        "mish.param",
        "gated.gated_dense.value.weight",
        "gated.gated_dense.value.bias",
        "gated.gated_dense.gate.weight",
        "gated.gated_dense.gate.bias",
    ];
    assert_eq!(parameter_names(&network), expected);
}

#[test]
fn mistakes_inside_are_at_the_users_call() {
    let found = messages(
        "struct N;\nfn forward(x: [6], y: [5]) -> [6] {\n    let z = mlp(x, [4, 0]);\n    residual(y, glu) + squeeze_excite(x)\n}",
    );
    let expected = [
        "3:13 `units` of `dense` must be positive, but it is 0\n  inside `mlp`, which comes with graven",
        "4:5 axis 0 of length 5 cannot be split into 2 equal parts",
        "4:24 `x` needs channels and at least one axis in front of them, but its shape is [6]",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}");
    }
}

#[test]
fn shapes_made_inside_are_told_without_places_inside() {
    let found =
        messages("struct N;\nfn bad(x) {\n    dense(x, 3)\n}\nfn forward(x: [6]) -> [6] {\n    residual(x, bad)\n}");
    let expected = "6:5 `+` cannot combine `x` with the right side: [6] and [3] differ
  `x` is f32[6], an input of `forward` at 5:12
  the right side is f32[3], made by `dense` at 3:5
  inside `residual`, which comes with graven";
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with(expected), "{}", found[0]);
    let found = messages("struct N;\nfn forward(x: [6]) -> [6] {\n    let y = mlp(x, [4]);\n    y + x\n}");
    assert!(found[0].contains("`y` is f32[4], made by `mlp` at 3:13"), "{found:?}");
}

#[test]
fn a_users_block_that_is_passed_on_is_seen_from_inside() {
    let found =
        messages("struct N;\nfn bad(x) {\n    x + param([7])\n}\nfn forward(x: [6]) -> [6] {\n    residual(x, bad)\n}");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("3:5 `+` cannot combine"), "{found:?}");
    assert!(found[0].contains("in `bad`, called by `residual` at 6:5"), "{found:?}");
}

#[test]
fn variables_of_the_prelude_are_no_bindings() {
    let network = network("struct N; fn forward(x: [6]) -> [6] { let y = highway(x); y }");
    let names: Vec<String> = network.bindings.iter().map(|known| known.name.to_string()).collect();
    assert_eq!(names, ["x", "y"]);
}
