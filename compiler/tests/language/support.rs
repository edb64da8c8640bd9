//! Staging of declarations that are written as strings.

use graven_compiler::network::Network;
use graven_compiler::stage::stage;
use graven_compiler::syntax::errors::location;
use graven_compiler::syntax::{Errors, parse};

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
