//! A network and its plans to tokens that call the runtime as `::graven::rt`. Nothing can go wrong here any more.
//!
//! Public types stand at the place of the declaration; everything else lies in a nameless constant, where names of the
//! user are hidden by none of ours but those that Rust itself brings.

mod arguments;
mod bindings;
mod body;
mod contract;
mod copy;
mod expression;
pub mod fallback;
mod family;
mod items;
mod methods;
mod names;
mod repeat;
mod rolled;
mod rows;
mod runs;
mod tables;
mod template;
mod traits;
mod window;

use proc_macro2::TokenStream;
use quote::quote;

use crate::network::Network;
use crate::plan::Program;
use names::Names;

/// Everything that a declaration generates.
pub fn emit(network: &Network, program: &Program) -> TokenStream {
    let names = Names::new(network);
    let types = items::types(network, program, &names);
    let implementations = [
        items::implementations(program, &names),
        tables::emit(network, program),
        methods::emit(network, program, &names),
        traits::emit(network, program, &names),
        runs::emit(network, program),
    ];
    let inner = within(&quote!(#(#implementations)*));
    let bindings = bindings::emit(&network.bindings);
    quote!(#types #inner #bindings)
}

/// A nameless constant around items, in which the names that they use mean what they should.
fn within(items: &TokenStream) -> TokenStream {
    quote! {
        const _: () = {
            use ::graven::rt::{self, prelude::*};
            use ::core::primitive::{bool, f32, str, u32, u64, usize};
            use ::core::option::Option::Some;
            use ::core::result::Result::{self, Err, Ok};
            #items
        };
    }
}
