//! Inherent methods of the model. Those over arrays call those over slices.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::names::{Names, sample, tuple};
use super::tables;
use crate::ir::Type;
use crate::network::Network;
use crate::plan::Program;

/// Arguments of the most that clippy lets pass.
const MOST_ARGUMENTS: usize = 7;

/// `impl Digits { … }` and what it has with a heap or `std`.
pub(super) fn emit(network: &Network, program: &Program, names: &Names) -> TokenStream {
    let model = &names.model;
    let constants = constants(network, program);
    let access = access(program);
    let forward = forward(network, names);
    let training = program.training.as_ref().map(|_| training(network, names));
    let with_heap = with_heap(network, names);
    let trainable = match program.training {
        Some(_) => quote!(::graven::__std_trainable_methods! { #model }),
        None => quote!(::graven::__std_untrainable_methods! { #model }),
    };
    quote! {
        impl #model {
            #constants
            #access
            #forward
            #training
        }
        ::graven::__alloc_methods! { #model }
        ::graven::__std_methods! { #model }
        #trainable
        #with_heap
    }
}

fn constants(network: &Network, program: &Program) -> TokenStream {
    let trained = Literal::usize_unsuffixed(program.trained);
    let bytes = Literal::usize_unsuffixed(program.trained * size_of::<f32>());
    let (macs, summary) = (Literal::u64_unsuffixed(tables::macs(network)), tables::summary(network));
    quote! {
        /// Trainable scalars.
        pub const PARAMETERS: usize = #trained;
        /// Bytes of the trainable scalars.
        pub const PARAMETER_BYTES: usize = #bytes;
        /// Multiply-accumulates a sample, forward.
        pub const MACS: u64 = #macs;
        /// Layers with output shapes, parameters, multiply-accumulates and bytes.
        pub const SUMMARY: &'static str = #summary;
    }
}

fn access(program: &Program) -> TokenStream {
    let trained = Literal::usize_unsuffixed(program.trained);
    quote! {
        /// Sets every tensor to its initial value, in place.
        ///
        /// A value depends on the seed, the name of its tensor and its logical index alone, on every target.
        pub fn init(&mut self, seed: u64) {
            rt::initialise(SLOTS, &mut self.values, seed);
        }
        /// Exactly the trainable scalars, in physical order.
        pub fn parameters(&self) -> &[f32] {
            rt::view(&self.values, 0, #trained)
        }
        /// Exactly the trainable scalars, in physical order.
        pub fn parameters_mut(&mut self) -> &mut [f32] {
            rt::view_mut(&mut self.values, 0, #trained)
        }
        /// All tensors, in the order of the declaration.
        pub fn tensors() -> &'static [rt::network::TensorInfo] {
            TENSORS
        }
        /// Copies a tensor out in logical, row-major order.
        ///
        /// # Errors
        /// An unknown name or a slice of the wrong length.
        pub fn tensor(&self, name: &str, values: &mut [f32]) -> Result<(), rt::network::TensorError> {
            rt::read_tensor(SLOTS, &self.values, name, values)
        }
        /// Sets a tensor from logical, row-major order; on error nothing changes.
        ///
        /// # Errors
        /// An unknown name, a slice of the wrong length, or a value that is not finite.
        pub fn set_tensor(&mut self, name: &str, values: &[f32]) -> Result<(), rt::network::TensorError> {
            rt::write_tensor(SLOTS, &mut self.values, name, values)
        }
    }
}

/// Arguments over arrays of `B` samples.
pub(super) fn arrays<'a>(
    names: &[Ident],
    types: impl Iterator<Item = &'a Type>,
    reference: &TokenStream,
) -> Vec<TokenStream> {
    names
        .iter()
        .zip(types)
        .map(|(name, ty)| {
            let sample = sample(ty);
            quote!(#name: #reference [#sample; B])
        })
        .collect()
}

/// The types of the inputs.
pub(super) fn inputs(network: &Network) -> impl Iterator<Item = &Type> {
    network.inputs.iter().map(|input| &input.port.ty)
}

/// The types of the targets.
pub(super) fn targets(network: &Network) -> impl Iterator<Item = &Type> {
    network.targets.iter().map(|target| &target.port.ty)
}

fn slices(names: &[Ident], method: &str) -> TokenStream {
    let method = format_ident!("{method}");
    tuple(&names.iter().map(|name| quote!(#name.#method())).collect::<Vec<_>>())
}

/// Says that a signature follows the declaration, when it is long.
fn long(arguments: usize) -> Option<TokenStream> {
    (arguments > MOST_ARGUMENTS).then(|| {
        quote!(#[allow(clippy::too_many_arguments, reason = "one for each input, target and output of the network")])
    })
}

fn forward(network: &Network, names: &Names) -> TokenStream {
    let Names { forward, memory, .. } = names;
    let inputs = arrays(&names.inputs, inputs(network), &quote!(&));
    let outputs = arrays(&names.outputs, network.outputs.iter(), &quote!(&mut));
    let (read, written) = (slices(&names.inputs, "as_slice"), slices(&names.outputs, "as_mut_slice"));
    let long = long(2 + inputs.len() + outputs.len());
    quote! {
        /// Runs the forward pass over `B` samples; draws and changes nothing.
        #long
        pub fn forward<const B: usize>(&self, #memory: &mut #forward<B>, #(#inputs,)* #(#outputs),*) {
            let _ = <Self as rt::network::Network>::forward_rows::<B>(self, #memory, #read, #written);
        }
    }
}

fn training(network: &Network, names: &Names) -> TokenStream {
    let Names { training, gradients, memory, sums, optimizer, state, .. } = names;
    let inputs = arrays(&names.inputs, inputs(network), &quote!(&));
    let targets = arrays(&names.targets, targets(network), &quote!(&));
    let (read, compared) = (slices(&names.inputs, "as_slice"), slices(&names.targets, "as_slice"));
    let nothing = tuple(&names.outputs.iter().map(|_| quote!([].as_mut_slice())).collect::<Vec<_>>());
    let samples = inputs.len() + targets.len();
    let (long_gradients, long_step) = (long(3 + samples), long(4 + samples));
    quote! {
        /// Overwrites the gradient with that of the mean loss over `B` samples in training mode, and returns the loss.
        #long_gradients
        pub fn gradients<const B: usize>(
            &mut self,
            #memory: &mut #training<B>,
            #(#inputs,)*
            #(#targets,)*
            #sums: &mut #gradients,
        ) -> f32 {
            <Self as rt::network::Trainable>::gradients_rows::<B>(self, #memory, #read, #compared, #sums).unwrap_or(0.0)
        }
        /// One step of the optimizer on `B` samples: forward, backward and update. Returns the mean loss before it.
        #long_step
        pub fn train_step<const B: usize, O: rt::optimizer::Optimizer>(
            &mut self,
            #memory: &mut #training<B>,
            #optimizer: &O,
            #state: &mut O::State<Self>,
            #(#inputs,)*
            #(#targets),*
        ) -> f32 {
            <Self as rt::network::Trainable>::train_rows::<B, O>(
                self, #memory, #optimizer, #state, #read, #compared, #nothing,
            ).unwrap_or(0.0)
        }
    }
}

fn with_heap(network: &Network, names: &Names) -> TokenStream {
    let Names { model, forward, memory, outputs, .. } = names;
    let inputs_of = arrays(&names.inputs, inputs(network), &quote!(&));
    let samples: Vec<TokenStream> = network.outputs.iter().map(sample).collect();
    let boxes: Vec<TokenStream> = samples.iter().map(|sample| quote!(::graven::__private::Box<[#sample; B]>)).collect();
    let (result, results) = (tuple(&boxes), tuple(outputs));
    let arguments = &names.inputs;
    quote! {
        ::graven::__alloc_items! {
            impl #model {
                /// The forward pass over `B` samples, in memory of its own.
                pub fn predict<const B: usize>(&self, #(#inputs_of),*) -> #result {
                    let mut #memory = <#forward<B> as rt::plain::Zeroable>::boxed();
                    #(let mut #outputs = ::graven::__private::zeroed_rows::<#samples, B>();)*
                    self.forward::<B>(&mut #memory, #(#arguments,)* #(&mut #outputs),*);
                    #results
                }
                /// A copy on the heap that never passes over the stack.
                pub fn clone_boxed(&self) -> ::graven::__private::Box<Self> {
                    let mut copy = <Self as rt::plain::Zeroable>::boxed();
                    rt::assign(&self.values, &mut copy.values);
                    copy
                }
            }
        }
    }
}
