//! Two pieces of work at once: procedural macros are built without optimisation, and the graph with gradients is as
//! much work as the others together.

use std::panic::resume_unwind;
use std::thread;

/// The results of both, the first made on a thread of its own.
///
/// # Panics
/// One of them panicked.
pub fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panic| resume_unwind(panic)), other)
    })
}
