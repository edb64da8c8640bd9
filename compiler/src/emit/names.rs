//! Identifiers of generated items and arguments.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use crate::ir::{DType, Type};
use crate::network::{Argument, Network};

/// What the public items and their arguments are called.
pub(super) struct Names {
    pub model: Ident,
    pub forward: Ident,
    pub training: Ident,
    pub gradients: Ident,
    pub inputs: Vec<Ident>,
    pub targets: Vec<Ident>,
    pub outputs: Vec<Ident>,
    /// Arguments that are ours, away from the user's names.
    pub memory: Ident,
    pub sums: Ident,
    pub optimizer: Ident,
    pub state: Ident,
}

impl Names {
    pub fn new(network: &Network) -> Self {
        let model = network.name.clone();
        let mut taken = Taken::default();
        let inputs: Vec<Ident> = network.inputs.iter().map(|input| taken.argument(input)).collect();
        let targets = network.targets.iter().map(|target| taken.argument(target)).collect();
        let count = network.outputs.len();
        let outputs = (0..count)
            .map(|index| if count == 1 { taken.ours("output") } else { taken.ours(&format!("output_{index}")) })
            .collect();
        Self {
            forward: format_ident!("{model}Forward"),
            training: format_ident!("{model}Training"),
            gradients: format_ident!("{model}Gradients"),
            memory: taken.ours("memory"),
            sums: taken.ours("gradients"),
            optimizer: taken.ours("optimizer"),
            state: taken.ours("state"),
            model,
            inputs,
            targets,
            outputs,
        }
    }
}

#[derive(Default)]
struct Taken(Vec<String>);

impl Taken {
    /// The user's name, but not at the user's place: lints and editors know of that by `bindings` alone.
    fn argument(&mut self, argument: &Argument) -> Ident {
        if self.0.contains(&argument.name.to_string()) {
            return self.ours(&argument.port.name);
        }
        self.0.push(argument.name.to_string());
        let mut ident = argument.name.clone();
        ident.set_span(Span::call_site());
        ident
    }

    /// `name`, with a number behind it when it is taken.
    fn ours(&mut self, name: &str) -> Ident {
        let mut free = name.to_owned();
        let mut count = 0;
        while self.0.contains(&free) {
            count += 1;
            free = format!("{name}_{count}");
        }
        let ident = Ident::new(&free, Span::call_site());
        self.0.push(free);
        ident
    }
}

/// The Rust type of one sample: `[[f32; 28]; 28]`, `Index<10>`.
pub(super) fn sample(ty: &Type) -> TokenStream {
    let scalar = match ty.dtype {
        DType::Index(bound) => quote!(::graven::rt::index::Index<#bound>),
        DType::F32 | DType::Mask => quote!(::core::primitive::f32),
    };
    ty.shape.written().iter().rev().fold(scalar, |inner, length| quote!([#inner; #length]))
}

/// One type, or a tuple of several.
pub(super) fn tuple<T: ToTokens>(items: &[T]) -> TokenStream {
    match items {
        [one] => quote!(#one),
        many => quote!((#(#many),*)),
    }
}

/// Whether a tensor is a slice of integers outside the plan.
pub(super) fn is_index(ty: &Type) -> bool {
    matches!(ty.dtype, DType::Index(_))
}
