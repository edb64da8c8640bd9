//! Composites against formulas worked out by hand, on the reference evaluator.

use crate::support::{ROWS, environment, network, ramp};
use graven_compiler::ir::Purpose;
use graven_compiler::rules::eval::{Environment, evaluate};
use ndarray::{ArrayD, IxDyn};

fn outputs(source: &str) -> (Environment, ArrayD<f64>) {
    let network = network(source);
    let environment = environment(&network);
    let result = evaluate(&network.forward, &environment).swap_remove(0).1;
    (environment, result)
}

/// Applies an expression to `x: [5]` and compares each element with a formula of one number.
fn check_map(expr: &str, formula: impl Fn(f64) -> f64) {
    let (environment, result) = outputs(&format!("struct N; fn forward(x: [5]) -> [5] {{ {expr} }}"));
    for (x, y) in environment.inputs[0].iter().zip(&result) {
        assert!((y - formula(*x)).abs() < 1e-12, "{expr} of {x}: {y} against {}", formula(*x));
    }
}

#[test]
fn activations_are_their_formulas() {
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    check_map("relu(x)", |x| x.max(0.0));
    check_map("relu6(x * 5)", |x| (5.0 * x).clamp(0.0, 6.0));
    check_map("x.leaky_relu()", |x| if x > 0.0 { x } else { 0.3 * x });
    check_map("elu(x, alpha = 0.5)", |x| if x > 0.0 { x } else { 0.5 * (x.exp() - 1.0) });
    check_map("silu(x)", |x| x * sigmoid(x));
    check_map("hard_sigmoid(x * 3)", |x| (x / 2.0 + 0.5).clamp(0.0, 1.0));
    check_map("hard_swish(x)", |x| x * (x / 6.0 + 0.5).clamp(0.0, 1.0));
    check_map("softplus(x)", |x| x.exp().ln_1p());
    check_map("softsign(x)", |x| x / (1.0 + x.abs()));
    check_map("selu(x)", |x| {
        1.050_700_987_355_480_5 * if x > 0.0 { x } else { 1.673_263_242_354_377_2 * (x.exp() - 1.0) }
    });
}

#[test]
fn elementwise_functions_and_operators_are_their_formulas() {
    check_map("2 - x / 4 + -x * 3.0", |x| 2.0 - x / 4.0 - 3.0 * x);
    check_map("select(x > 0.5, x, square(x))", |x| if x > 0.5 { x } else { x * x });
    check_map("clip(x, -1, 1)", |x| x.clamp(-1.0, 1.0));
    check_map("pow(abs(x), 1.5)", |x| x.abs().powf(1.5));
    check_map("max(x, 0.1) + min(x, 0.2)", |x| x.max(0.1) + x.min(0.2));
    check_map("rsqrt(1 + exp(x)) * cos(x)", |x| x.cos() / (1.0 + x.exp()).sqrt());
}

#[test]
fn reductions_keep_the_batch() {
    let (environment, result) =
        outputs("struct N; fn forward(x: [2, 4]) -> [2, 1] { mean(x, axis = 1, keep_dims = true) }");
    let expected = environment.inputs[0].mean_axis(ndarray::Axis(2)).expect("not empty");
    assert_eq!(result.shape(), [ROWS, 2, 1]);
    assert!(result.iter().zip(&expected).all(|(y, m)| (y - m).abs() < 1e-12));
    let (environment, result) = outputs("struct N; fn forward(x: [2, 4]) -> f32[] { var(x) }");
    for (row, y) in environment.inputs[0].outer_iter().zip(&result) {
        let mean = row.sum() / 8.0;
        let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 8.0;
        assert!((y - variance).abs() < 1e-12);
    }
}

#[test]
fn dense_multiplies_by_the_transposed_weight() {
    let (environment, result) = outputs("struct N; fn forward(x: [2, 4]) -> [2, 3] { dense(x, 3) }");
    let [weight, bias] = &environment.parameters[..] else { panic!("two parameters") };
    assert_eq!(weight.shape(), [3, 4]);
    for ((row, position, unit), y) in
        result.view().into_dimensionality::<ndarray::Ix3>().expect("rank 3").indexed_iter()
    {
        let products = (0..4).map(|k| environment.inputs[0][[row, position, k]] * weight[[unit, k]]);
        assert!((y - products.sum::<f64>() - bias[[unit]]).abs() < 1e-12);
    }
}

#[test]
fn shape_functions_move_elements() {
    let (environment, result) = outputs(
        "struct N; fn forward(x: [2, 3, 4]) -> [29] {
            let (a, b) = split(transpose(x), 2, axis = 0);
            let edge = pad(slice(x, [0, 1, 2], [1, 1, 2]), [(0, 0), (0, 0), (1, 2)]);
            concat([flatten(a), reshape(b, [-1]), flatten(edge)])
        }",
    );
    let x = &environment.inputs[0];
    for row in 0..ROWS {
        let turned = (0..4).flat_map(|k| (0..3).flat_map(move |j| (0..2).map(move |i| (i, j, k))));
        let mut expected: Vec<f64> = turned.map(|(i, j, k)| x[[row, i, j, k]]).collect();
        expected.extend([0.0, x[[row, 0, 1, 2]], x[[row, 0, 1, 3]], 0.0, 0.0]);
        assert_eq!(result.index_axis(ndarray::Axis(0), row).iter().copied().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn products_of_matrices_agree_in_all_spellings() {
    let program = |body: &str| format!("struct N; fn forward(a: [2, 3], b: [4, 3]) -> [2, 4] {{ {body} }}");
    let (environment, result) = outputs(&program("matmul(a, transpose(b))"));
    let [a, b] = &environment.inputs[..] else { panic!("two inputs") };
    for ((row, i, j), y) in result.view().into_dimensionality::<ndarray::Ix3>().expect("rank 3").indexed_iter() {
        let sum: f64 = (0..3).map(|k| a[[row, i, k]] * b[[row, j, k]]).sum();
        assert!((y - sum).abs() < 1e-12);
    }
    for pattern in ["qd,kd->qk", "bqd,bkd->bqk"] {
        assert_eq!(outputs(&program(&format!("einsum(\"{pattern}\", a, b)"))).1, result);
    }
}

#[test]
fn softmax_and_layer_norm_normalise_the_last_axis() {
    let (environment, result) = outputs("struct N; fn forward(x: [4]) -> [4] { softmax(x) }");
    for (row, y) in environment.inputs[0].outer_iter().zip(result.outer_iter()) {
        let total: f64 = row.iter().map(|x| x.exp()).sum();
        assert!(row.iter().zip(&y).all(|(x, y)| (y - x.exp() / total).abs() < 1e-12));
    }
    let (_, result) = outputs("struct N; fn forward(x: [4]) -> [4] { layer_norm(x, scale = false, center = false) }");
    for y in result.outer_iter() {
        assert!(y.sum().abs() < 1e-12);
        assert!((y.iter().map(|y| y * y).sum::<f64>() / 4.0 - 1.0).abs() < 1e-2);
    }
}

#[test]
fn batch_norm_trains_on_the_batch_and_infers_from_running_statistics() {
    let network = network(
        "struct N; fn forward(x: [4]) -> [4] { batch_norm(x, momentum = 0.9) } fn loss(y, t: [4]) { mse(y, t) }",
    );
    assert!(network.batch_statistics);
    let mut environment = environment(&network);
    environment.targets = vec![ramp(&[ROWS, 4], 50.0)];
    environment.parameters[3].mapv_inplace(f64::abs);
    let inferred = evaluate(&network.forward, &environment).swap_remove(0).1;
    let x = &environment.inputs[0];
    let [weight, bias, mean, variance] = &environment.parameters[..] else { panic!("four parameters") };
    for ((row, c), y) in inferred.view().into_dimensionality::<ndarray::Ix2>().expect("rank 2").indexed_iter() {
        let expected = (x[[row, c]] - mean[[c]]) / (variance[[c]] + 1e-3).sqrt() * weight[[c]] + bias[[c]];
        assert!((y - expected).abs() < 1e-12);
    }
    let training = network.training.as_ref().expect("a loss");
    let kept = evaluate(training, &environment);
    let assigned =
        |position| &kept.iter().find(|(purpose, _)| *purpose == Purpose::Assign(position)).expect("assigned").1;
    for c in 0..4 {
        let column = x.index_axis(ndarray::Axis(1), c);
        let batch_mean = column.sum() / ROWS as f64;
        let batch_variance = column.iter().map(|x| (x - batch_mean).powi(2)).sum::<f64>() / ROWS as f64;
        assert!((assigned(2)[[c]] - (0.9 * mean[[c]] + 0.1 * batch_mean)).abs() < 1e-12);
        assert!((assigned(3)[[c]] - (0.9 * variance[[c]] + 0.1 * batch_variance)).abs() < 1e-12);
    }
}

/// The loss of a network that passes its input on, for targets of the given values.
fn loss(target: &str, body: &str, targets: ArrayD<f64>) -> (ArrayD<f64>, f64) {
    let network = network(&format!("struct N; fn forward(x: [4]) -> [4] {{ x }} fn loss(y, t: {target}) {{ {body} }}"));
    let mut environment = environment(&network);
    environment.targets = vec![targets];
    let kept = evaluate(network.evaluation.as_ref().expect("a loss"), &environment);
    let loss = kept.iter().find(|(purpose, _)| *purpose == Purpose::Loss).expect("a loss");
    (environment.inputs[0].clone(), loss.1[[]])
}

#[test]
fn losses_are_means_over_the_rows() {
    let labels = [2.0, 0.0, 3.0];
    let (x, value) =
        loss("index<4>", "cross_entropy(y, t)", ArrayD::from_shape_vec(IxDyn(&[ROWS]), labels.to_vec()).expect("3"));
    let row = |row: usize| {
        let total: f64 = (0..4).map(|class| x[[row, class]].exp()).sum();
        total.ln() - x[[row, labels[row] as usize]]
    };
    assert!((value - (0..ROWS).map(row).sum::<f64>() / ROWS as f64).abs() < 1e-12);
    let (x, value) = loss("[4]", "mse(y, t)", ramp(&[ROWS, 4], 9.0));
    let errors = x.iter().zip(&ramp(&[ROWS, 4], 9.0)).map(|(x, t)| (x - t).powi(2)).sum::<f64>();
    assert!((value - errors / 12.0).abs() < 1e-12);
    let probability = |x: f64| 1.0 / (1.0 + (-x).exp());
    let answers = ramp(&[ROWS, 4], 3.0).mapv(|x| f64::from(x > 0.0));
    let expected: f64 = x
        .iter()
        .zip(&answers)
        .map(|(x, t)| {
            let p = probability(*x);
            -(t * p.ln() + (1.0 - t) * (1.0 - p).ln()) / 12.0
        })
        .sum();
    for body in ["binary_cross_entropy(sigmoid(y), t)", "binary_cross_entropy_with_logits(y, t)"] {
        assert!((loss("[4]", body, answers.clone()).1 - expected).abs() < 1e-12, "{body}");
    }
}

#[test]
fn penalties_are_added_once_a_step() {
    let source = "struct N; fn forward(x: [4]) -> [2] { let hidden = dense(x, 3); dense(hidden, 2) }
                  fn loss(y, t: [2]) { mse(y, t) * 0 + l2(0.5, of = hidden) + l1(0.25) }";
    let network = network(source);
    let mut environment = environment(&network);
    environment.targets = vec![ramp(&[ROWS, 2], 0.0)];
    let kept = evaluate(network.evaluation.as_ref().expect("a loss"), &environment);
    let value = kept.iter().find(|(purpose, _)| *purpose == Purpose::Loss).expect("a loss").1[[]];
    let [hidden, _, last, _] = &environment.parameters[..] else { panic!("four parameters") };
    let squares: f64 = hidden.iter().map(|w| w * w).sum();
    let sizes: f64 = hidden.iter().chain(last).map(|w| w.abs()).sum();
    assert!((value - 0.5 * squares - 0.25 * sizes).abs() < 1e-12);
}

#[test]
fn dropout_draws_in_training_alone() {
    let network = network(
        "struct N; fn forward(x: [400]) -> [400] { dropout(x * 0 + 1, 0.25) } fn loss(y, t: [400]) { mse(y, t) }",
    );
    let mut environment = environment(&network);
    environment.targets = vec![ramp(&[ROWS, 400], 0.0)];
    let inferred = evaluate(&network.forward, &environment).swap_remove(0).1;
    assert!(inferred.iter().all(|y| *y == 1.0));
    let drawn = evaluate(network.training.as_ref().expect("a loss"), &environment).swap_remove(0).1;
    assert!(drawn.iter().all(|y| *y == 0.0 || (y - 4.0 / 3.0).abs() < 1e-12));
    let dropped = drawn.iter().filter(|y| **y == 0.0).count() as f64 / drawn.len() as f64;
    assert!((dropped - 0.25).abs() < 0.05, "{dropped}");
}
