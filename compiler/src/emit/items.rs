//! Public types: the model, its memory, its gradient.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Path};

use super::names::Names;
use crate::budget::footprint::{self, Footprint};
use crate::network::Network;
use crate::plan::Program;

/// What can be derived for an array of numbers.
const DERIVABLE: [&str; 5] = ["Clone", "Copy", "Debug", "PartialEq", "PartialOrd"];

/// The structs.
pub(super) fn types(network: &Network, program: &Program, names: &Names) -> TokenStream {
    let model = model_type(network, program);
    let visibility = &network.visibility;
    let forward = {
        let (rows, fixed) = floats(&Footprint::forward(network, program));
        let name = &names.forward;
        let doc = format!("Scratch memory of [`{}::forward`] for up to `B` rows.", names.model);
        quote! {
            #[doc = #doc]
            #[repr(C, align(64))]
            #visibility struct #name<const B: ::core::primitive::usize> {
                rows: [[::core::primitive::f32; #rows]; B],
                fixed: [::core::primitive::f32; #fixed],
            }
        }
    };
    let training = Footprint::training(network, program).map(|memory| training_types(network, program, names, &memory));
    quote!(#model #forward #training)
}

fn training_types(network: &Network, program: &Program, names: &Names, memory: &Footprint) -> TokenStream {
    let visibility = &network.visibility;
    let (rows, fixed) = floats(memory);
    let (training, gradients) = (&names.training, &names.gradients);
    let trained = Literal::usize_unsuffixed(program.trained);
    let model = &names.model;
    let training_doc =
        format!("Scratch memory for training [`{model}`] on up to `B` rows at once; carries seed and step.");
    let gradients_doc = format!("One scalar for each trainable parameter of [`{model}`], in physical order.");
    quote! {
        #[doc = #training_doc]
        #[repr(C, align(64))]
        #visibility struct #training<const B: ::core::primitive::usize> {
            rows: [[::core::primitive::f32; #rows]; B],
            fixed: [::core::primitive::f32; #fixed],
            clock: ::graven::rt::Clock,
        }
        #[doc = #gradients_doc]
        #[repr(C, align(64))]
        #visibility struct #gradients {
            values: [::core::primitive::f32; #trained],
        }
    }
}

/// The model itself, with the attributes of the declaration.
fn model_type(network: &Network, program: &Program) -> TokenStream {
    let (attributes, errors) = attributes(&network.attributes);
    let (visibility, name) = (&network.visibility, &network.name);
    let floats = Literal::usize_unsuffixed(footprint::model_floats(program));
    quote! {
        #errors
        #attributes
        #[repr(C, align(64))]
        #visibility struct #name {
            values: [::core::primitive::f32; #floats],
        }
    }
}

/// Attributes that carry over, and an error for each derive that plain numbers cannot have.
pub(super) fn attributes(attributes: &[Attribute]) -> (TokenStream, TokenStream) {
    let (mut kept, mut errors) = (TokenStream::new(), TokenStream::new());
    for attribute in attributes {
        if !attribute.path().is_ident("derive") {
            kept.extend(quote!(#attribute));
            continue;
        }
        let derive =
            |path: &Path| path.segments.last().is_some_and(|last| DERIVABLE.iter().any(|name| last.ident == name));
        let mut paths = Vec::new();
        let parsed = attribute.parse_nested_meta(|meta| {
            if derive(&meta.path) {
                paths.push(meta.path);
            } else {
                let name = meta.path.segments.last().map_or_else(String::new, |last| last.ident.to_string());
                let message = format!("a network cannot derive `{name}`; it can derive {}", DERIVABLE.join(", "));
                errors.extend(quote_spanned!(meta.path.span()=> ::core::compile_error! { #message }));
            }
            Ok(())
        });
        errors.extend(parsed.err().map(|error| error.to_compile_error()));
        kept.extend(quote!(#[derive(#(#paths),*)]));
    }
    if !attributes.iter().any(|attribute| attribute.path().is_ident("doc")) {
        kept.extend(quote!(#[doc = "A network."]));
    }
    (kept, errors)
}

/// Traits and constructors of plain data.
pub(super) fn implementations(program: &Program, names: &Names) -> TokenStream {
    let batch = quote!(const B: ::core::primitive::usize);
    let model = plain(&names.model, None);
    let forward = plain(&names.forward, Some(&batch));
    let boxed = boxed(&names.forward, Some(&batch));
    let training = program.training.as_ref().map(|_| training_implementations(names, &batch));
    quote!(#model #forward #boxed #training)
}

fn training_implementations(names: &Names, batch: &TokenStream) -> TokenStream {
    let (memory, gradients) = (&names.training, &names.gradients);
    let plains =
        [plain(memory, Some(batch)), boxed(memory, Some(batch)), plain(gradients, None), boxed(gradients, None)];
    quote! {
        #(#plains)*
        impl<const B: usize> #memory<B> {
            /// Starts again at step zero with another seed for everything random.
            pub const fn reseed(&mut self, seed: u64) {
                self.clock = rt::Clock { seed, step: 0 };
            }
            /// Steps taken since the last `reseed`.
            pub const fn step(&self) -> u64 {
                self.clock.step
            }
        }
        impl<const B: usize> rt::network::TrainingMemory for #memory<B> {
            fn reseed(&mut self, seed: u64) {
                Self::reseed(self, seed);
            }
            fn resume(&mut self, seed: u64, step: u64) {
                self.clock = rt::Clock { seed, step };
            }
            fn step(&self) -> u64 {
                Self::step(self)
            }
        }
        impl #gradients {
            /// All scalars, in physical order.
            pub const fn as_slice(&self) -> &[f32] {
                &self.values
            }
            /// Copies the gradient of a trainable tensor out in logical, row-major order.
            ///
            /// # Errors
            /// No trainable tensor of that name, or a slice of the wrong length.
            pub fn tensor(&self, name: &str, values: &mut [f32]) -> Result<(), rt::network::TensorError> {
                rt::drive::read_gradient(SLOTS, &self.values, name, values)
            }
        }
        impl rt::network::Gradients for #gradients {
            fn as_slice(&self) -> &[f32] {
                &self.values
            }
            fn as_mut_slice(&mut self) -> &mut [f32] {
                &mut self.values
            }
        }
    }
}

/// Plain data: zero bytes are a value.
fn plain(name: &Ident, batch: Option<&TokenStream>) -> TokenStream {
    let argument = batch.map(|_| quote!(<B>));
    let parameter = batch.map(|batch| quote!(<#batch>));
    quote! {
        // SAFETY: numbers and arrays of numbers.
        unsafe impl #parameter rt::plain::Zeroable for #name #argument {}
        impl #parameter #name #argument {
            /// Size in bytes.
            pub const BYTES: usize = ::core::mem::size_of::<Self>();
            /// All zero; for statics.
            pub const fn zeroed() -> Self {
                <Self as rt::plain::Zeroable>::ZEROED
            }
        }
    }
}

fn boxed(name: &Ident, batch: Option<&TokenStream>) -> TokenStream {
    let argument = batch.map(|_| quote!(<B>));
    quote!(::graven::__alloc_boxed! { [#batch] #name #argument })
}

/// Floats for each row, and beside the rows.
fn floats(memory: &Footprint) -> (Literal, Literal) {
    (Literal::usize_unsuffixed(memory.row_floats), Literal::usize_unsuffixed(memory.fixed_floats))
}
