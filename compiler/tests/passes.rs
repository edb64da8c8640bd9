//! Each pass keeps what a graph means; what simplification and stable forms do to examples.

mod passes_common;

use graven_compiler::ir::op::{Binary, Contract, Movement, Op, Reduce, Source, Unary};
use graven_compiler::ir::print::print;
use graven_compiler::ir::verify::verify;
use graven_compiler::ir::{Builder, Dim, Expr, Graph, Purpose, Shape, Type};
use graven_compiler::passes::{
    Pass, clean, differentiate, prepare, release_loops, simplify, simplify_released, stabilize, traced, train,
};
use graven_compiler::rules::eval::{Environment, evaluate};
use ndarray::{ArrayD, Zip, arr1};
use passes_common::{environment, keep_loss, parameter, random_graph, softmax};

const PASSES: [Pass; 6] = [
    ("clean", clean),
    ("simplify", simplify),
    ("stabilize", stabilize),
    ("release", release_loops),
    ("simplify released", simplify_released),
    ("prepare", prepare),
];

fn assert_close(name: &str, found: &ArrayD<f64>, expected: &ArrayD<f64>) {
    assert_eq!(found.shape(), expected.shape(), "{name}");
    let scale = expected.iter().fold(1.0_f64, |scale, x| if x.is_finite() { scale.max(x.abs()) } else { scale });
    Zip::from(found).and(expected).for_each(|&a, &b| {
        let same = a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-8 * scale;
        assert!(same, "{name}: {a} instead of {b}");
    });
}

fn assert_same_sinks(name: &str, changed: &Graph, graph: &Graph, environment: &Environment) {
    let (found, expected) = (evaluate(changed, environment), evaluate(graph, environment));
    assert_eq!(found.len(), expected.len(), "{name}");
    for ((purpose, found), (known, expected)) in found.iter().zip(&expected) {
        assert_eq!(purpose, known, "{name}");
        assert_close(&format!("{name}: {purpose:?}"), found, expected);
    }
}

#[test]
fn passes_keep_the_meaning_of_random_graphs() {
    for seed in 0..300 {
        let graph = random_graph(seed);
        let environment = environment(&graph, seed, [-1.5, 1.5]);
        for (name, pass) in PASSES {
            let name = format!("{name} on graph {seed}");
            let changed = pass(graph.clone());
            assert_eq!(verify(&changed), [], "{name}");
            assert_same_sinks(&name, &changed, &graph, &environment);
        }
    }
}

#[test]
fn training_keeps_the_gradients_of_random_graphs() {
    for seed in 300..450 {
        let graph = random_graph(seed);
        let environment = environment(&graph, seed, [-1.5, 1.5]);
        let trained = traced(graph.clone(), true, |_, _| {});
        assert_same_sinks(&format!("graph {seed}"), &trained, &differentiate(graph), &environment);
    }
}

#[test]
fn simplification_comes_to_an_end() {
    for seed in 0..100 {
        let once = train(random_graph(seed));
        assert_eq!(print(&simplify(once.clone())), print(&once), "graph {seed}");
    }
}

/// The dump of a simplified output of `x: f32[B, 4]` and `s: f32[]`.
fn simplified(f: impl for<'b> Fn(Expr<'b>, Expr<'b>) -> Expr<'b>) -> String {
    let builder = Builder::new();
    let x = builder.input("x", Type::f32(Shape::batched(&[4])));
    let s = parameter(&builder, "s", &[]);
    builder.keep(Purpose::Output(0), f(x, s).value);
    assert_eq!(builder.take_fault(), None);
    let graph = simplify(builder.finish());
    let lines = print(&graph);
    let made: Vec<&str> = lines.lines().filter_map(|line| line.split_once(" = ")?.1.split(" : ").next()).collect();
    made.join("; ")
}

#[track_caller]
fn check(expected: &str, f: impl for<'b> Fn(Expr<'b>, Expr<'b>) -> Expr<'b>) {
    assert_eq!(simplified(f), expected);
}

#[test]
fn arithmetic() {
    check("input x; %0", |x, _| x + 0.0);
    check("input x; %0", |x, _| 0.0 + x * 1.0 / 1.0);
    check("input x; neg %0; %1", |x, _| 0.0 - x);
    check("input x; %0", |x, _| -(-x));
    check("input x; mul %0, %0; %1", |x, _| x.binary(Binary::Pow, x.like(2.0)));
    check("input x; sqrt %0; %1", |x, _| x.binary(Binary::Pow, x.like(0.5)));
    check("input x; exp %0; sub %0, %1; %2", |x, _| x + -x.unary(Unary::Exp));
    check("input x; scalar 0.25; broadcast[] %1; mul %0, %2; %3", |x, _| x / 4.0);
    check("input x; scalar 3.0; broadcast[] %1; div %0, %2; %3", |x, _| x / 3.0);
    check("input x; scalar 6.0; broadcast[] %1; mul %0, %2; %3", |x, _| 2.0 * (x * 3.0));
    check("input x; scalar 0.0; broadcast[] %1; mul %0, %2; %3", |x, _| x * 0.0);
}

#[test]
fn broadcasts() {
    check("parameter s; exp %0; broadcast[] %1; %2", |x, s| s.broadcast_like(x).unary(Unary::Exp));
    check("parameter s; scalar 2.0; add %0, %1; broadcast[] %2; %3", |x, s| s.broadcast_like(x) + 2.0);
    check("parameter s; row count; mul %0, %1; scalar 4.0; mul %2, %3; %4", |x, s| {
        s.broadcast_like(x).reduce(Reduce::Sum, &[0, 1])
    });
    check("input x; parameter s; broadcast[] %1; sum[1] %0; mul %3, %2; %4", |x, s| (x * s).reduce(Reduce::Sum, &[1]));
}

/// Sum over the batch.
fn sum(x: Expr<'_>) -> Expr<'_> {
    x.reduce(Reduce::Sum, &[0])
}

/// `s·v` for a column `v` of x, repeated along the rows.
fn column<'b>(x: Expr<'b>, s: Expr<'b>, number: f64) -> Expr<'b> {
    let iota = x.builder.source(Source::Iota(4));
    (iota * number + s).broadcast_like(x)
}

#[test]
fn what_is_the_same_along_a_sum_leaves_it() {
    let made = simplified(|x, s| sum(x * column(x, s, 1.0) * x.unary(Unary::Exp)));
    assert_eq!(
        made,
        "input x; parameter s; iota 4; broadcast[] %1; add %2, %3; exp %0; mul %0, %5; sum[0] %6; mul %7, %4; %8"
    );
    let made = simplified(|x, s| sum(x / column(x, s, 1.0)));
    assert_eq!(made, "input x; parameter s; iota 4; broadcast[] %1; add %2, %3; sum[0] %0; div %5, %4; %6");
    // along the columns it is not the same
    let made = simplified(|x, s| (x * column(x, s, 1.0)).reduce(Reduce::Sum, &[1]));
    assert!(made.ends_with("sum[1] %6; %7"), "{made}");
}

#[test]
fn sums_of_deviations_are_zero() {
    fn centred(x: Expr<'_>) -> Expr<'_> {
        x - sum(x) / x.builder.source(Source::RowCount)
    }
    check("scalar 0.0; broadcast[] %0; %1", |x, _| sum(centred(x)));
    check("scalar 0.0; broadcast[] %0; %1", |x, s| sum(centred(x) * column(x, s, 2.0) - centred(x)));
    // this is not the mean of all rows
    check(
        "input x; sum[0, 1] %0; scalar 0.25; mul %1, %2; row count; mul %3, %4; scalar 4.0; mul %5, %6; sub %1, %7; %8",
        |x, _| (x - x.reduce(Reduce::Sum, &[0, 1]) * 0.25).reduce(Reduce::Sum, &[0, 1]),
    );
}

#[test]
fn repeated_factors_meet_first() {
    let made = simplified(|x, s| x * column(x, s, 1.0) * column(x, s, 3.0));
    assert!(made.ends_with("broadcast[1] %9; mul %0, %10; %11"), "{made}");
}

#[test]
fn movements() {
    check("input x; %0", |x, _| x.transpose(&[0, 1]).reshape(Shape::batched(&[2, 2])).reshape(x.shape()));
    check("input x; %0", |x, _| {
        let wide = Shape(vec![Dim::BATCH, Dim::fixed(4), Dim::fixed(3)]);
        x.broadcast(wide, vec![0, 1]).transpose(&[0, 2, 1]).reduce(Reduce::Max, &[1])
    });
    check("input x; %0", |x, _| x.movement(Movement::Reverse(vec![1])).movement(Movement::Reverse(vec![1])));
}

#[test]
fn the_gradient_of_a_dense_layer_needs_no_transpose() {
    let builder = Builder::new();
    let x = builder.input("x", Type::f32(Shape::batched(&[3])));
    let weight = parameter(&builder, "weight", &[4, 3]);
    let bias = parameter(&builder, "bias", &[4]);
    let product = x.contract(weight, Contract { batch: vec![], contract: vec![(1, 1)] });
    keep_loss((product + bias).unary(Unary::Tanh));
    let graph = train(builder.finish());
    assert!(graph.values().all(|value| !matches!(graph.op(value), Op::Movement(Movement::Transpose(_)))));
}

#[test]
fn a_transpose_that_orders_free_axes_stays() {
    let builder = Builder::new();
    let x = parameter(&builder, "x", &[2, 3, 4]).transpose(&[1, 0, 2]);
    let y = parameter(&builder, "y", &[4]);
    let product = x.contract(y, Contract { batch: vec![], contract: vec![(2, 0)] });
    builder.keep(Purpose::Output(0), product.value);
    let graph = builder.finish();
    assert_same_sinks("transposed", &simplify(graph.clone()), &graph, &environment(&graph, 1, [-1.0, 1.0]));
}

/// Loss and gradient of `f(logits, target)` as trained.
fn trained<const N: usize>(
    logits: [f64; N],
    target: [f64; N],
    f: impl for<'b> Fn(Expr<'b>, Expr<'b>) -> Expr<'b>,
) -> (f64, Vec<f64>) {
    let builder = Builder::new();
    let x = parameter(&builder, "x", &[N]);
    let t = builder.target("t", Type::f32(Shape::fixed(&[N])));
    builder.keep(Purpose::Loss, f(x, t).reduce(Reduce::Sum, &[0]).value);
    let graph = train(builder.finish());
    let mut environment = environment(&graph, 1, [0.0, 1.0]);
    environment.parameters[0] = arr1(&logits).into_dyn();
    environment.targets[0] = arr1(&target).into_dyn();
    let results = evaluate(&graph, &environment);
    (results[0].1.sum(), results[1].1.iter().copied().collect())
}

#[test]
fn categorical_cross_entropy_on_probabilities_is_stable() {
    fn loss<'b>(x: Expr<'b>, t: Expr<'b>) -> Expr<'b> {
        -(t * softmax(x).unary(Unary::Log))
    }
    assert_eq!(trained([1e4, -1e4, 0.0], [0.0, 1.0, 0.0], loss), (2e4, vec![1.0, -1.0, 0.0]));
    assert_eq!(trained([1e4, -1e4, 0.0], [1.0, 0.0, 0.0], loss), (0.0, vec![0.0, 0.0, 0.0]));
    assert_eq!(trained([-1e4, -1e4], [0.5, 0.5], loss), (2.0_f64.ln(), vec![0.0, 0.0]));
}

#[test]
fn binary_cross_entropy_on_probabilities_is_stable() {
    fn loss<'b>(x: Expr<'b>, t: Expr<'b>) -> Expr<'b> {
        let p = x.unary(Unary::Sigmoid);
        -(t * p.unary(Unary::Log) + (1.0 - t) * (1.0 - p).unary(Unary::Log))
    }
    assert_eq!(trained([1e4, -1e4], [0.0, 1.0], loss), (2e4, vec![1.0, -1.0]));
    assert_eq!(trained([1e4, -1e4], [1.0, 0.0], loss), (0.0, vec![0.0, 0.0]));
    assert_eq!(trained([0.0], [1.0], loss), (2.0_f64.ln(), vec![-0.5]));
}

#[test]
fn softplus_is_stable() {
    let expected = (1e4 + 2.0_f64.ln(), vec![1.0, 0.0, 0.5]);
    assert_eq!(trained([1e4, -1e4, 0.0], [0.0; 3], |x, _| x.unary(Unary::Exp).unary(Unary::Log1p)), expected);
    assert_eq!(trained([1e4, -1e4, 0.0], [0.0; 3], |x, _| (1.0 + x.unary(Unary::Exp)).unary(Unary::Log)), expected);
}

#[test]
fn stable_forms_stay_as_they_are() {
    let builder = Builder::new();
    let x = parameter(&builder, "x", &[3]);
    builder.keep(Purpose::Output(0), x.unary(Unary::Exp).unary(Unary::Log1p).value);
    builder.keep(Purpose::Output(1), (-x).unary(Unary::Sigmoid).unary(Unary::Log).value);
    let once = prepare(builder.finish());
    assert_eq!(print(&simplify(stabilize(once.clone()))), print(&once));
}

#[test]
fn the_trace_names_every_pass() {
    let mut names = Vec::new();
    let graph = traced(random_graph(1), true, |name, graph| {
        assert_eq!(verify(graph), []);
        names.push(name.to_owned());
    });
    assert_eq!(names.first().map(String::as_str), Some("staging"));
    assert!(names.contains(&"differentiate".to_owned()));
    assert_eq!(print(&graph), print(&train(random_graph(1))));
}

#[test]
fn the_verifier_sees_what_is_wrong() {
    let builder = Builder::new();
    let x = parameter(&builder, "x", &[3]);
    builder.keep(Purpose::Loss, x.value);
    builder.keep(Purpose::Assign(0), x.value);
    builder.keep(Purpose::Assign(0), x.value);
    let mut graph = builder.finish();
    graph.parameters[0].shape = vec![4];
    let found: Vec<String> = verify(&graph).into_iter().map(|fault| fault.0).collect();
    assert_eq!(
        found,
        [
            "%0 is f32[3], but its operator makes f32[4]",
            "Loss cannot be f32[3]",
            "Assign(0) cannot be f32[3]",
            "Assign(0) is kept twice",
            "Assign(0) cannot be f32[3]",
        ]
    );
}

#[test]
fn the_dump_of_a_graph() {
    let builder = Builder::new();
    let x = builder.input("x", Type::f32(Shape::batched(&[2])));
    let hidden = x.contract(parameter(&builder, "weight", &[3, 2]), Contract { batch: vec![], contract: vec![(1, 1)] });
    builder.label(hidden.value, "hidden");
    builder.keep(Purpose::Output(0), hidden.reduce(Reduce::Max, &[1]).value);
    let expected = "\
%0 = input x : f32[B, 2]  // x
%1 = parameter weight : f32[3, 2]  // weight
%2 = contract[1·1] batch[] %0, %1 : f32[B, 3]  // hidden
%3 = max[1] %2 : f32[B]
output 0 = %3
";
    assert_eq!(print(&builder.finish()), expected);
}
