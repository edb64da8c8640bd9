//! Every stage of a network as files, for people: text, Graphviz pictures, the emitted code.
//!
//! Reads what the other stages hand on and changes nothing; a file that cannot be written is an error at the name of
//! the network.

mod code;
mod dot;
mod folder;
mod map;
mod tree;

use std::io;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

pub use code::format;
pub use folder::{Origin, folder};

use crate::budget::names::Names;
use crate::ir::op::Op;
use crate::ir::print::print;
use crate::ir::{Graph, Value};
use crate::network::Network;
use crate::passes;
use crate::plan::Program;
use crate::syntax::{Ast, Diagnostic};

/// The environment variable that names the folder.
pub const VARIABLE: &str = "GRAVEN_DUMP";

/// An item that makes cargo build a crate again when the variable changes.
pub fn tracked() -> TokenStream {
    quote!(
        const _: ::core::option::Option<&::core::primitive::str> = ::core::option_env!(#VARIABLE);
    )
}

/// The files of a network in the making; nothing if they are not asked for.
pub struct Inspection {
    name: Ident,
    folder: Option<PathBuf>,
    failure: Option<(PathBuf, io::Error)>,
}

impl Inspection {
    /// Makes the network's folder under `dump` and writes the syntax tree.
    pub fn open(dump: Option<&Path>, ast: &Ast) -> Self {
        let name = ast.model.name.clone();
        let mut inspection = Self { folder: None, failure: None, name };
        let Some(dump) = dump else { return inspection };
        let made = folder(dump, &inspection.name.to_string(), &Origin::of(&inspection.name));
        match made {
            Ok(folder) => inspection.folder = Some(folder),
            Err(error) => inspection.failure = Some((dump.to_owned(), error)),
        }
        inspection.write("syntax.txt", || tree::print(ast));
        inspection
    }

    /// Writes each graph as staging leaves it and after each pass, and a picture of the last.
    pub fn graphs(&mut self, network: &Network) {
        if self.folder.is_none() {
            return;
        }
        let forward = [("forward", Some(&network.forward), false)];
        let others =
            [("evaluation", network.evaluation.as_ref(), false), ("training", network.training.as_ref(), true)];
        for (kind, graph, gradients) in forward.into_iter().chain(others) {
            let Some(graph) = graph else { continue };
            let mut number = 0;
            let last = passes::traced(graph.clone(), gradients, |pass, graph| {
                self.write(&format!("{kind}/{number:02}-{pass}.txt"), || text(graph));
                number += 1;
            });
            self.write(&format!("{kind}/graph.dot"), || dot::graph(&last));
        }
    }

    /// Writes kernels, schedules with their memory, and pictures of the kernels.
    pub fn plans(&mut self, network: &Network, program: &Program) {
        let plans = [("evaluation", program.evaluation.as_ref()), ("training", program.training.as_ref())];
        for (kind, plan) in [("forward", Some(&program.forward))].into_iter().chain(plans) {
            let Some(plan) = plan else { continue };
            let names = Names::new(plan, &network.forward.parameters);
            self.write(&format!("{kind}/kernels.txt"), || plan.to_string());
            self.write(&format!("{kind}/kernels.dot"), || dot::kernels(&names));
            self.write(&format!("{kind}/memory.txt"), || map::print(&names));
        }
    }

    /// Writes the emitted code.
    pub fn code(&mut self, items: &TokenStream) {
        self.write("code.rs", || format(items));
    }

    /// What could not be written.
    pub fn finish(self) -> Option<Diagnostic> {
        let (path, error) = self.failure?;
        let message = format!("`{VARIABLE}` asks for files, but `{}` cannot be written: {error}", path.display());
        Some(Diagnostic::new(self.name.span(), message))
    }

    fn write(&mut self, file: &str, text: impl FnOnce() -> String) {
        let Some(path) = self.folder.as_ref().map(|folder| folder.join(file)) else { return };
        let written = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        if let Err(error) = written.and_then(|()| std::fs::write(&path, text())) {
            self.failure = Some((path, error));
            self.folder = None;
        }
    }
}

/// The text of a graph, and below it that of a step of each loop.
fn text(graph: &Graph) -> String {
    let mut text = print(graph);
    let mut shown: Vec<Value> = Vec::new();
    for value in graph.values() {
        let Op::Scan(scan) = graph.op(value) else { continue };
        let is_same = |other: &Value| {
            graph.operands(*other) == graph.operands(value)
                && matches!(graph.op(*other), Op::Scan(other) if scan.is_same_loop(other))
        };
        if !shown.iter().any(is_same) {
            text.push_str(&format!("\none step of the loop of %{}\n{}", value.index(), self::text(&scan.body)));
            shown.push(value);
        }
    }
    text
}
