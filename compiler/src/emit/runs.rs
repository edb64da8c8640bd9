//! A plan to a value that the runtime runs at the level of the processor.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::body::{Shared, Statements};
use super::names::is_index;
use crate::network::Network;
use crate::plan::{Plan, Program};

/// Which of a network's plans.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Forward,
    Evaluation,
    Training,
}

/// The name of the type, made from the model's so that it hides no item outside.
pub(super) fn name(model: &Ident, kind: Kind) -> Ident {
    let suffix = match kind {
        Kind::Forward => "RunForward",
        Kind::Evaluation => "RunEvaluation",
        Kind::Training => "RunTraining",
    };
    format_ident!("{model}{suffix}")
}

/// Types and implementations for all plans, and what they share.
pub(super) fn emit(network: &Network, program: &Program) -> TokenStream {
    let mut shared = Shared::new(&network.name);
    let plans = [
        (Kind::Forward, Some(&program.forward)),
        (Kind::Evaluation, program.evaluation.as_ref()),
        (Kind::Training, program.training.as_ref()),
    ];
    let mut runs = TokenStream::new();
    for (kind, plan) in plans {
        runs.extend(plan.map(|plan| run(network, program, kind, plan, &mut shared)));
    }
    let shared = shared.emit();
    quote!(#runs #shared)
}

fn run(network: &Network, program: &Program, kind: Kind, plan: &Plan, shared: &mut Shared) -> TokenStream {
    let partial_outputs = kind != Kind::Forward;
    let training = kind == Kind::Training;
    let statements = Statements { plan, storage: &program.storage, training, partial_outputs, offsets: None };
    let body = statements.emit(shared);
    let (output, result) = match kind {
        Kind::Forward => (quote!(()), TokenStream::new()),
        Kind::Evaluation | Kind::Training => (quote!(f32), statements.loss()),
    };
    let name = name(&network.name, kind);
    let fields = Fields::new(network, kind);
    let (names, types) = (&fields.names, &fields.types);
    let parameter = training.then(|| quote!(K: rt::Sink));
    let argument = training.then(|| quote!(K));
    let sink = training.then(|| quote!(sink: K,));
    let take_sink = training.then(|| quote!(mut sink,));
    let field = (!training).then(|| quote!(parameters: &'a [f32],));
    let take_parameters = (!training).then(|| quote!(parameters,));
    quote! {
        struct #name<'a, #argument> {
            batch: rt::Batch,
            #field
            rows: &'a mut [f32],
            fixed: &'a mut [f32],
            #(#names: #types,)*
            #sink
        }
        impl<#parameter> rt::Run for #name<'_, #argument> {
            type Output = #output;
            #[inline(always)]
            fn run<S: rt::Simd>(self, simd: S) -> #output {
                let Self { batch, #take_parameters rows, fixed, #(#names,)* #take_sink } = self;
                let (mut rows, mut fixed) = (rt::Arena::new(rows, batch.rows), rt::Arena::new(fixed, 1));
                let batch = &batch;
                #body
                #result
            }
        }
    }
}

struct Fields {
    names: Vec<Ident>,
    types: Vec<TokenStream>,
}

impl Fields {
    fn new(network: &Network, kind: Kind) -> Self {
        let mut fields = Self { names: Vec::new(), types: Vec::new() };
        for (number, input) in network.inputs.iter().enumerate() {
            fields.read("input", number, is_index(&input.port.ty));
        }
        if kind != Kind::Forward {
            for (number, target) in network.targets.iter().enumerate() {
                fields.read("target", number, is_index(&target.port.ty));
            }
        }
        for number in 0..network.outputs.len() {
            fields.names.push(format_ident!("output_{number}"));
            fields.types.push(quote!(&'a mut [f32]));
        }
        fields
    }

    fn read(&mut self, role: &str, number: usize, is_index: bool) {
        self.names.push(format_ident!("{role}_{number}"));
        self.types.push(if is_index { quote!(&'a [u32]) } else { quote!(&'a [f32]) });
    }
}
