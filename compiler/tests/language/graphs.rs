//! The language from tokens to graphs.

use crate::support::{messages, network, parameter_names};
use graven_compiler::ir::{Purpose, Type};

const PRIMER: &str = "
    /// The primer's classifier.
    pub struct Primer;
    fn forward(pixels: [784]) -> [2] {
        let hidden = dense(pixels, 128, activation = relu);
        dense(hidden, 2, activation = softmax)
    }
    fn loss(probabilities, target: [2]) {
        categorical_cross_entropy(probabilities, target)
    }
";

#[test]
fn primer_has_three_graphs_with_the_same_parameters() {
    let network = network(PRIMER);
    assert_eq!(parameter_names(&network), ["hidden.weight", "hidden.bias", "dense.weight", "dense.bias"]);
    let (evaluation, training) = (network.evaluation.expect("loss"), network.training.expect("loss"));
    assert_eq!(network.forward.parameters, evaluation.parameters);
    assert_eq!(network.forward.parameters, training.parameters);
    for graph in [&evaluation, &training] {
        let loss = graph.sink(Purpose::Loss).expect("a loss");
        assert_eq!(graph.ty(loss).to_string(), "f32[]");
        assert_eq!(graph.targets.len(), 1);
    }
    assert_eq!(network.outputs.iter().map(Type::to_string).collect::<Vec<_>>(), ["f32[B, 2]"]);
    assert_eq!(network.layers.iter().map(|layer| layer.macs).collect::<Vec<_>>(), [784 * 128, 256]);
}

#[test]
fn unknown_name_suggests_a_near_one() {
    let text = messages("struct N; fn forward(x: [4]) -> [4] { rellu(x) }");
    assert_eq!(text, ["1:39 there is no `rellu` here\n  help: did you mean `relu`?"]);
}

#[test]
fn static_values_unroll_loops_and_branches() {
    let source = "
        struct N;
        const WIDE = HALF * 2;
        const HALF = 4;
        fn tower(x, depth, width = depth * WIDE, f = relu) {
            if depth == 0 { x } else { tower(f(dense(x, width)), depth - 1) }
        }
        fn forward(x: [WIDE]) -> [3] {
            let mut y = x;
            for (i, units) in [(0, 8), (1, 3 + 2)] {
                if i % 2 == 1 && units < 6 || false { y = y.dense(units, activation = tanh); }
            }
            for _ in 0..2 { y += 1; }
            let (a, b) = (tower(y, 2), y.shape[0]);
            dense(concat([a, y]), b - 2)
        }";
    let network = network(source);
    let shapes: Vec<_> = network.forward.parameters.iter().map(|parameter| parameter.shape.clone()).collect();
    assert_eq!(shapes, [vec![5, 8], vec![5], vec![16, 5], vec![16], vec![8, 16], vec![8], vec![3, 13], vec![3]]);
}

#[test]
fn several_inputs_outputs_and_targets() {
    let source = "
        struct N;
        fn forward(a: [4], b: f32[]) -> ([2], f32[]) { (dense(a, 2), sum(a) * b) }
        fn loss((x, y), label: index<2>, t: f32[]) { cross_entropy(x, label) + mse(y, t) }";
    let network = network(source);
    assert_eq!(network.outputs.iter().map(Type::to_string).collect::<Vec<_>>(), ["f32[B, 2]", "f32[B]"]);
    assert_eq!(
        network.targets.iter().map(|target| target.port.ty.to_string()).collect::<Vec<_>>(),
        ["index<2>[B]", "f32[B]"]
    );
    assert_eq!(network.objective, graven_compiler::network::Objective::Classification);
}

#[test]
fn dense_after_a_flattened_image_is_marked() {
    let network = network("struct N; fn forward(x: [4, 5, 3]) -> [2] { let head = dense(flatten(x), 2); head }");
    assert_eq!(network.flattened, [("head.weight".to_owned(), [4, 5, 3])]);
}
