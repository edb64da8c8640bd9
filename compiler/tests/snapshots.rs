//! What the compiler makes of small networks: the graph after each pass, the plans, and the code that computes. Files
//! under `snapshots` are recorded with `GRAVEN_RECORD=1`; a difference asks to be looked at.

mod flow_common;

use std::path::Path;

use flow_common::{assert_recorded, code, network, passes};
use graven_compiler::compile;
use graven_compiler::passes::prepare;

fn check(name: &str, source: &str) {
    let network = network(&format!("struct Net; {source}"));
    if let Some(evaluation) = &network.evaluation {
        let forward = prepare(network.forward.clone());
        assert!(
            prepare(evaluation.clone()).outputs_only().computes_as(&forward),
            "evaluation computes another forward"
        );
    }
    let program = compile(&network);
    let mut graphs = section("forward", &passes(&network.forward, false));
    if let Some(training) = &network.training {
        graphs.push_str(&section("training", &passes(training, true)));
    }
    let mut plans = format!("# forward\n{}", program.forward);
    for (kind, plan) in [("evaluation", &program.evaluation), ("training", &program.training)] {
        plans.extend(plan.as_ref().map(|plan| format!("\n# {kind}\n{plan}")));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    assert_recorded(&folder.join("graph.txt"), &graphs);
    assert_recorded(&folder.join("plan.txt"), &plans);
    assert_recorded(&folder.join("code.rs"), &code(&network));
}

fn section(kind: &str, dumps: &[(String, String)]) -> String {
    dumps.iter().map(|(pass, dump)| format!("# {kind}: {pass}\n{dump}\n")).collect()
}

macro_rules! snapshots {
    ($($name:ident: $source:literal)*) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name), $source);
            }
        )*
    };
}

snapshots! {
    dense_relu: "
        fn forward(x: [5]) -> [3] { relu(dense(x, 3)) }
    "
    softmax_cross_entropy: "
        fn forward(x: [5]) -> [3] { softmax(dense(x, 3)) }
        fn loss(y, target: [3]) { categorical_cross_entropy(y, target) }
    "
    layer_norm: "
        fn forward(x: [5]) -> [4] { dense(layer_norm(relu(dense(x, 6))), 4) }
        fn loss(logits, label: index<4>) { cross_entropy(logits, label) }
    "
    batch_norm: "
        fn forward(x: [5]) -> [4] { relu(batch_norm(dense(x, 4))) }
        fn loss(y, target: [4]) { mse(y, target) }
    "
    dropout: "
        fn forward(x: [5]) -> [2] { dense(dropout(relu(dense(x, 4)), 0.5), 2) }
        fn loss(y, target: [2]) { mae(y, target) }
    "
    several_inputs_and_outputs: "
        fn forward(x: [4], scale: [], y: [4]) -> ([4], []) {
            let gate = sigmoid(dense(x, 4));
            (gate * y + scale, mean(gate, axis = -1))
        }
        fn loss((y, level), target: [4], wanted: []) { mse(y, target) + square(level - wanted) }
    "
    concat_and_slice: "
        fn forward(x: [6], y: [3]) -> [2] {
            let head = slice(x, [1], [4]);
            dense(concat([relu(dense(head, 3)), y], axis = -1), 2)
        }
        fn loss(y, target: [2]) { mse(y, target) }
    "
    batched_matmul: "
        fn forward(q: [3, 4], k: [5, 4]) -> [3, 5] {
            softmax(matmul(dense(q, 4), transpose(k)) / 2.0)
        }
        fn loss(y, target: [3, 5]) { mse(y, target) }
    "
    penalties: "
        fn forward(x: [3]) -> [2] {
            let hidden = tanh(dense(x, 4));
            dense(hidden, 2)
        }
        fn loss(y, target: [2]) { mse(y, target) + l1(0.01) + l2(0.1, of = hidden) }
    "
    binary_cross_entropy: "
        fn forward(x: [3]) -> [] { sigmoid(reshape(dense(x, 1), [])) }
        fn loss(p, target: []) { binary_cross_entropy(p, target) }
    "
    huber_regression: "
        fn forward(x: [3]) -> [2] { dense(x, 2) }
        fn loss(y, target: [2]) { huber(y, target) }
    "
    frozen_layer: "
        fn forward(x: [3]) -> [2] {
            let base = relu(dense(x, 4, trainable = false));
            dense(base, 2)
        }
        fn loss(y, target: [2]) { mse(y, target) }
    "
}

#[test]
fn layers_that_repeat_are_written_once() {
    let written = |layers: usize| {
        let source = "struct Net;
            fn block(x) { relu(x + batch_norm(dense(x, 6))) }
            fn forward(x: [6]) -> [6] { let mut y = x; for _ in 0..LAYERS { y = block(y); } y }
            fn loss(y, t: [6]) { mse(y, t) }";
        let text = code(&network(&source.replace("LAYERS", &layers.to_string())));
        (text.matches("rt::dense::<").count(), text.matches("rt::dense_weight_gradient::<").count())
    };
    assert_eq!(written(12), written(40));
    let (forward, backward) = written(12);
    assert!(forward < 18 && backward < 6, "{forward} forward, {backward} backward");
}
