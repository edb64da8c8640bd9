//! What a network with mistakes generates, so that one mistake does not become many where it is used.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{Attribute, Ident, Visibility};

use super::{emit, items, within};
use crate::network::Network;
use crate::plan::{Plan, Program};

/// All items of a network whose inputs, outputs and targets are known; nothing is computed.
pub fn typed(network: &Network, has_loss: bool) -> TokenStream {
    let program = Program {
        storage: Vec::new(),
        trained: 0,
        scalars: 0,
        forward: Plan::default(),
        rows_at_once: None,
        evaluation: has_loss.then(Plan::default),
        training: has_loss.then(Plan::default),
    };
    emit(network, &program)
}

/// The type with `zeroed`, `init` and `new`.
pub fn untyped(attributes: &[Attribute], visibility: &Visibility, name: &Ident) -> TokenStream {
    let (attributes, errors) = items::attributes(attributes);
    let floats = Literal::usize_unsuffixed(0);
    let methods = within(&quote! {
        // SAFETY: an empty array.
        unsafe impl rt::plain::Zeroable for #name {}
        impl #name {
            /// All zero; for statics.
            pub const fn zeroed() -> Self {
                <Self as rt::plain::Zeroable>::ZEROED
            }
            /// Sets every tensor to its initial value, in place.
            pub fn init(&mut self, _seed: u64) {}
        }
        ::graven::__alloc_items! {
            impl #name {
                /// A model with initial values, on the heap.
                pub fn new(_seed: u64) -> ::graven::__private::Box<Self> {
                    <Self as rt::plain::Zeroable>::boxed()
                }
            }
        }
    });
    quote! {
        #errors
        #attributes
        #visibility struct #name {
            values: [::core::primitive::f32; #floats],
        }
        #methods
    }
}
