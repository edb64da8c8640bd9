//! Gradients against central differences in 64 bits.

use graven_compiler::ir::op::Reduce;
use graven_compiler::ir::{Builder, Expr, Graph, Purpose};
use graven_compiler::passes::differentiate;
use graven_compiler::rules::eval::{Environment, evaluate};
use ndarray::ArrayD;

use super::{environment, keep_loss, parameter};

const STEP: f64 = 1e-5;
/// Numbers of both signs.
pub const ANY: [f64; 2] = [-1.7, 1.9];
/// Numbers for which logarithms and roots are smooth.
pub const POSITIVE: [f64; 2] = [0.4, 2.3];

/// The value kept for a purpose.
pub fn sink(graph: &Graph, environment: &Environment, purpose: Purpose) -> ArrayD<f64> {
    let found = evaluate(graph, environment).into_iter().find(|(known, _)| *known == purpose);
    found.unwrap_or_else(|| panic!("{purpose:?} is not kept")).1
}

fn loss(graph: &Graph, environment: &Environment) -> f64 {
    sink(graph, environment, Purpose::Loss).sum()
}

/// Compares all gradients of a differentiated graph with differences of its loss.
fn check_gradients(name: &str, graph: &Graph, environment: &Environment) {
    for position in 0..graph.parameters.len() {
        let gradient = sink(graph, environment, Purpose::Gradient(position));
        for (element, &exact) in gradient.iter().enumerate() {
            let moved = |step: f64| {
                let mut environment = environment.clone();
                *environment.parameters[position]
                    .iter_mut()
                    .nth(element)
                    .expect("gradient in the parameter's shape") += step;
                loss(graph, &environment)
            };
            let difference = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
            assert!(
                (exact - difference).abs() <= 2e-6 * (1.0 + difference.abs()),
                "{name}: derivative {element} by parameter {position} is {exact}, differences say {difference}"
            );
        }
    }
}

/// The gradient graph with a weighted sum of its gradients as the loss.
fn gradients_as_loss(graph: Graph) -> Graph {
    let mut graph = graph;
    let sinks = std::mem::take(&mut graph.sinks);
    let builder = Builder::continuing(graph);
    let gradients = sinks.iter().filter(|sink| matches!(sink.purpose, Purpose::Gradient(_)));
    let summed = gradients.map(|sink| {
        let gradient = builder.expr(sink.value);
        let weighted = gradient * builder.target("direction", gradient.ty());
        weighted.reduce(Reduce::Sum, &(0..gradient.shape().rank()).collect::<Vec<_>>())
    });
    let loss = summed.reduce(|a, b| a + b).expect("a gradient");
    builder.keep(Purpose::Loss, loss.value);
    assert_eq!(builder.take_fault(), None);
    builder.finish()
}

/// Checks `f` of trained parameters of these shapes, with numbers in the range.
pub fn check(name: &str, range: [f64; 2], shapes: &[&[usize]], f: impl for<'b> Fn(&[Expr<'b>]) -> Expr<'b>) {
    check_differences(name, range, |builder| {
        let operands: Vec<Expr<'_>> =
            shapes.iter().enumerate().map(|(n, shape)| parameter(builder, &format!("p{n}"), shape)).collect();
        keep_loss(f(&operands));
    });
}

/// Checks a graph with a loss, with numbers in the range: first and second derivatives by its parameters.
pub fn check_differences(name: &str, range: [f64; 2], build: impl FnOnce(&Builder)) {
    let builder = Builder::new();
    build(&builder);
    assert_eq!(builder.take_fault(), None, "{name}");
    let first = differentiate(builder.finish());
    check_gradients(name, &first, &environment(&first, 7, range));
    let second = differentiate(gradients_as_loss(first));
    check_gradients(&format!("{name}, second order"), &second, &environment(&second, 11, range));
}
