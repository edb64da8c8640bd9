//! What emitted code needs of `alloc`, and constructors that never build a large value on the stack.

pub use alloc::{boxed::Box, vec::Vec};

use alloc::vec;

use graven_runtime::network::Network;
use graven_runtime::plain::Zeroable;
use graven_runtime::sample::Element;

/// `B` rows, all zero.
#[must_use]
pub fn zeroed_rows<T: Element, const B: usize>() -> Box<[T; B]> {
    match vec![T::ZERO; B].into_boxed_slice().try_into() {
        Ok(rows) => rows,
        Err(_) => unreachable!("a vector of `B` rows has `B` rows"),
    }
}

/// An initialised model.
#[must_use]
pub fn new_model<N: Network>(seed: u64) -> Box<N> {
    let mut model = <N as Zeroable>::boxed();
    model.init(seed);
    model
}

/// What training asks of a model without a loss; nothing has it.
#[cfg(feature = "std")]
#[diagnostic::on_unimplemented(
    message = "this network cannot be trained or evaluated: its declaration has no `loss`",
    label = "there is no `loss` to compare this with",
    note = "add `fn loss(output, target: [10]) {{ … }}` to its `network!`, with the results of `forward` first"
)]
pub trait NeedsLoss {
    /// Is never called.
    fn never(self) -> core::convert::Infallible;
}
