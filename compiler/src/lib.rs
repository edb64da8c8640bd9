//! The compiler behind `graven::network!`: an ordinary library over `proc_macro2` tokens.
//!
//! tokens → [`syntax`] → [`stage`] → [`ir`] → [`passes`] → [`plan`] → [`budget`] → [`emit`] → tokens; no module imports
//! one that comes later. [`inspect`] looks at all of them.
#![deny(unsafe_code)]

pub mod budget;
pub mod emit;
pub mod guard;
pub mod inspect;
pub mod ir;
pub mod network;
pub mod nn;
pub mod passes;
pub mod plan;
pub mod prelude;
pub mod rules;
pub mod stage;
pub mod syntax;
mod threads;

use std::path::Path;

use inspect::Inspection;
use ir::Graph;
use network::{Network, Objective};
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Expands a declaration: the items that it generates, or `compile_error!` for each mistake and what of the items is
/// known in spite of them.
pub fn expand(tokens: TokenStream) -> TokenStream {
    expand_with(tokens, None)
}

/// As [`expand`]; all stages are written into a folder of the network's name under `dump`.
pub fn expand_with(tokens: TokenStream, dump: Option<&Path>) -> TokenStream {
    let start = tokens.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span());
    let parsed =
        guard::guarded(|| syntax::parse(tokens.clone()).map_err(|errors| with_errors(&errors, outlined(tokens))));
    match parsed {
        Ok(Ok(ast)) => protected(&ast, || items(&ast, dump)),
        Ok(Err(mistakes)) => mistakes,
        Err(panic) => guard::report(start, &panic).to_token_stream(),
    }
}

/// What some work makes, or an error and the items of a network that is wrong if it panics.
fn protected(ast: &syntax::Ast, work: impl FnOnce() -> TokenStream) -> TokenStream {
    guard::guarded(work).unwrap_or_else(|panic| {
        let items = guard::guarded(|| fallback(ast)).unwrap_or_else(|_| unknown(&ast.model));
        with_errors(&guard::report(ast.model.name.span(), &panic), items)
    })
}

fn items(ast: &syntax::Ast, dump: Option<&Path>) -> TokenStream {
    let mut inspection = Inspection::open(dump, ast);
    let network = match stage::stage(ast) {
        Ok(network) => network,
        Err(mut errors) => {
            inspection.finish().into_iter().for_each(|error| errors.push(error));
            return with_errors(&errors, fallback(ast));
        }
    };
    inspection.graphs(&network);
    let program = compile(&network);
    inspection.plans(&network, &program);
    let mut errors = ast.budget.as_ref().map(|budget| budget::check(budget, &network, &program)).unwrap_or_default();
    let items = emit::emit(&network, &program);
    inspection.code(&items);
    inspection.finish().into_iter().for_each(|error| errors.push(error));
    with_errors(&errors, items)
}

/// The plans of a network.
pub fn compile(network: &Network) -> plan::Program {
    let training = network.training.as_ref();
    let (training, (forward, evaluation)) = threads::both(
        || training.cloned().map(passes::train),
        || {
            let evaluation = network.evaluation.clone().map(passes::prepare);
            // what the passes make of a value depends on its operands alone
            let forward =
                evaluation.as_ref().map_or_else(|| passes::prepare(network.forward.clone()), Graph::outputs_only);
            (forward, evaluation)
        },
    );
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
        forward: Graph::default(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_one_error_beside_the_items_of_a_wrong_network() {
        let source = "struct Net; fn forward(x: [3]) -> [2] { dense(x, 2) } fn loss(y, target: [2]) { mse(y, target) }";
        let ast = syntax::parse(source.parse().expect("tokens")).unwrap_or_else(|errors| panic!("{errors:?}"));
        let made = protected(&ast, || {
            let mut graph = stage::stage(&ast).expect("no mistakes").forward;
            graph.inputs.clear();
            passes::prepare(graph);
            TokenStream::new()
        });
        let text = made.to_string();
        let sentence = "internal error of graven (please report it with this declaration): staging left a graph";
        assert_eq!(text.matches("compile_error").count(), 1, "{text}");
        assert!(text.contains(sentence), "{text}");
        assert!(text.ends_with(&fallback(&ast).to_string()) && text.contains("fn train_step"), "{text}");
    }

    #[test]
    fn a_panic_tells_what_it_says() {
        assert_eq!(guard::guarded(|| 3), Ok(3));
        assert_eq!(guard::guarded(|| -> u8 { panic!("plain") }), Err("plain".to_owned()));
        assert_eq!(guard::guarded(|| -> u8 { panic!("with {}", 7) }), Err("with 7".to_owned()));
    }
}
