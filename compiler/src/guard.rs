//! A panic of the compiler → one error at the name of the network, rather than an abort of the expansion.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::Span;

use crate::syntax::{Diagnostic, Errors};

/// The result of some work, or what its panic says.
///
/// # Errors
/// The work panicked.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    // What the work has touched is dropped with it, so that no broken state is seen afterwards.
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| message(&*payload))
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned()
}

/// The error that a panic becomes.
pub fn report(place: Span, panic: &str) -> Errors {
    let mut errors = Errors::default();
    let message = format!("internal error of graven (please report it with this declaration): {panic}");
    errors.push(Diagnostic::new(place, message));
    errors
}
