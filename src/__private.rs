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
