//! The language from tokens to graphs.

mod language_support;

use graven_compiler::ir::{Purpose, Type};
use language_support::{messages, network, parameter_names};

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
