//! The procedural macro of `graven`: a shell around [`graven_compiler`], where everything happens and is tested.

#![forbid(unsafe_code)]

use std::path::PathBuf;

use graven_compiler::{expand_with, inspect};
use proc_macro::TokenStream;

/// Declares a network; the language is described in the `graven` crate.
///
/// With `GRAVEN_DUMP=DIR` in the environment, each stage of the expansion is written under `DIR`.
#[proc_macro]
pub fn network(tokens: TokenStream) -> TokenStream {
    let dump = std::env::var_os(inspect::VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
    let mut items = expand_with(tokens.into(), dump.as_deref());
    items.extend(inspect::tracked());
    items.into()
}
