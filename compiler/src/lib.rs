//! The compiler behind `graven::network!`: an ordinary library over `proc_macro2` tokens.
//!
//! tokens → [`syntax`] → [`stage`] → [`ir`] → [`passes`] → [`plan`] → [`emit`] → tokens; no module imports one that
//! comes later.
#![deny(unsafe_code)]

pub mod emit;
pub mod ir;
pub mod network;
pub mod passes;
pub mod plan;
pub mod rules;

use proc_macro2::TokenStream;

/// Expands a declaration.
pub fn expand(tokens: TokenStream) -> TokenStream {
    tokens
}
