//! The procedural macro of `graven`: a shell around [`graven_compiler`], where everything happens and is tested.

#![forbid(unsafe_code)]

use proc_macro::TokenStream;

/// Declares a network; the language is described in the `graven` crate.
#[proc_macro]
pub fn network(tokens: TokenStream) -> TokenStream {
    graven_compiler::expand(tokens.into()).into()
}
