//! The compiler behind `graven::network!`: an ordinary library over `proc_macro2` tokens.
//!
//! tokens → [`syntax`] → [`stage`] → [`ir`] → [`passes`] → [`plan`] → [`emit`] → tokens; no module imports one that
//! comes later.
#![deny(unsafe_code)]

pub mod emit;
pub mod ir;
pub mod network;
pub mod nn;
pub mod passes;
pub mod plan;
pub mod rules;
pub mod stage;
pub mod syntax;

use network::{Network, Objective};
use proc_macro2::TokenStream;
use quote::ToTokens;

/// Expands a declaration: the items that it generates, or `compile_error!` for each mistake and what of the items is
/// known in spite of them.
pub fn expand(tokens: TokenStream) -> TokenStream {
    let ast = match syntax::parse(tokens.clone()) {
        Ok(ast) => ast,
        Err(errors) => return with_errors(&errors, outlined(tokens)),
    };
    match stage::stage(&ast) {
        Ok(network) => emit::emit(&network, &compile(&network)),
        Err(errors) => with_errors(&errors, fallback(&ast)),
    }
}

/// The plans of a network.
pub fn compile(network: &Network) -> plan::Program {
    let forward = passes::prepare(network.forward.clone());
    let evaluation = network.evaluation.clone().map(passes::prepare);
    let training = network.training.clone().map(passes::train);
    plan::program(&forward, evaluation.as_ref(), training.as_ref())
}

fn with_errors(errors: &syntax::Errors, items: TokenStream) -> TokenStream {
    let mut tokens = errors.to_token_stream();
    tokens.extend(items);
    tokens
}

/// The items of a network that cannot be parsed as a whole.
fn outlined(tokens: TokenStream) -> TokenStream {
    match syntax::outline(tokens.clone()) {
        Some(ast) => fallback(&ast),
        None => syntax::model(tokens).as_ref().map_or_else(TokenStream::new, unknown),
    }
}

/// The items of a network whose body is wrong: all of them when their types are known.
fn fallback(ast: &syntax::Ast) -> TokenStream {
    let Some(signature) = stage::signature(ast) else { return unknown(&ast.model) };
    let syntax::ast::Model { attributes, visibility, name } = &ast.model;
    let has_loss = signature.targets.is_some();
    let network = Network {
        attributes: attributes.clone(),
        visibility: visibility.clone(),
        name: name.clone(),
        inputs: signature.inputs,
        outputs: signature.outputs,
        targets: signature.targets.unwrap_or_default(),
        forward: ir::Graph::default(),
        evaluation: None,
        training: None,
        objective: Objective::Regression,
        batch_statistics: false,
        layers: Vec::new(),
        bindings: Vec::new(),
        flattened: Vec::new(),
    };
    emit::fallback::typed(&network, has_loss)
}

fn unknown(model: &syntax::ast::Model) -> TokenStream {
    emit::fallback::untyped(&model.attributes, &model.visibility, &model.name)
}
