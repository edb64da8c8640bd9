//! Plain data that is valid when all zero: models, scratch memory, gradients and optimizer state.

/// Types for which all-zero bytes are a valid value.
///
/// # Safety
/// Every field must be valid when its bytes are zero: numbers, arrays of numbers, structs of those.
pub unsafe trait Zeroable: Sized {
    /// The all-zero value.
    // SAFETY: the implementor promises that zero bytes are valid.
    const ZEROED: Self = unsafe { core::mem::zeroed() };

    /// The all-zero value on the heap; it never passes over the stack.
    #[cfg(feature = "alloc")]
    #[must_use]
    fn boxed() -> alloc::boxed::Box<Self> {
        let zeroed = alloc::boxed::Box::<Self>::new_zeroed();
        // SAFETY: the implementor promises that zero bytes are valid.
        unsafe { zeroed.assume_init() }
    }
}
