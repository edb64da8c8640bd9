//! Staging of declarations that are written as strings.

use graven_compiler::ir::Port;
use graven_compiler::network::Network;
use graven_compiler::rules::eval::Environment;
use graven_compiler::stage::stage;
use graven_compiler::syntax::errors::location;
use graven_compiler::syntax::{Errors, parse};
use ndarray::{ArrayD, IxDyn};

/// Parses and stages.
pub fn try_network(source: &str) -> Result<Network, Errors> {
    let tokens = source.parse().expect("tokens");
    stage(&parse(tokens)?)
}

/// A network without mistakes.
pub fn network(source: &str) -> Network {
    try_network(source).unwrap_or_else(|errors| panic!("{:#?}", describe(&errors)))
}

/// Each mistake as its place and text.
pub fn messages(source: &str) -> Vec<String> {
    match try_network(source) {
        Ok(_) => Vec::new(),
        Err(errors) => describe(&errors),
    }
}

fn describe(errors: &Errors) -> Vec<String> {
    errors.iter().map(|error| format!("{} {}", location(error.extent.start), error.text())).collect()
}

/// The names of all parameters, in order.
pub fn parameter_names(network: &Network) -> Vec<&str> {
    network.forward.parameters.iter().map(|parameter| parameter.name.as_str()).collect()
}

/// Rows of a batch.
pub const ROWS: usize = 3;

/// Distinct numbers of both signs, none of them zero.
pub fn ramp(shape: &[usize], phase: f64) -> ArrayD<f64> {
    let mut position = phase;
    ArrayD::from_shape_simple_fn(IxDyn(shape), || {
        position += 1.0;
        (position * 0.7).sin() * 2.0 + 0.013
    })
}

/// Inputs, targets and parameters for a network.
pub fn environment(network: &Network) -> Environment {
    let ports = |ports: &[Port], phase: f64| -> Vec<ArrayD<f64>> {
        let values = |(place, port): (usize, &Port)| ramp(&port.ty.shape.at(ROWS), phase + place as f64 * 100.0);
        ports.iter().enumerate().map(values).collect()
    };
    let targets = network.evaluation.as_ref().map_or_else(Vec::new, |graph| ports(&graph.targets, 17.0));
    let parameter = |(position, shape): (usize, &Vec<usize>)| ramp(shape, position as f64 * 31.0 + 7.0);
    Environment {
        inputs: ports(&network.forward.inputs, 0.0),
        targets,
        parameters: network.forward.parameters.iter().map(|known| &known.shape).enumerate().map(parameter).collect(),
        rows: ROWS,
        first_row: 0,
        inverse_total: 1.0 / ROWS as f64,
        seed: 1,
        step: 0,
    }
}
