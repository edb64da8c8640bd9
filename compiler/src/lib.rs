//! The compiler behind `graven::network!`.
#![forbid(unsafe_code)]

use proc_macro2::TokenStream;

/// Expands a declaration.
pub fn expand(tokens: TokenStream) -> TokenStream {
    tokens
}
