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

/// Makes a generic struct whose fields are [`Zeroable`] plain data, with the constants and constructors users expect.
macro_rules! plain {
    ([$($generics:tt)*] $name:ty, $reason:literal) => {
        // SAFETY: every field is `Zeroable`, see the reason given.
        unsafe impl<$($generics)*> Zeroable for $name {}

        impl<$($generics)*> $name {
            /// Size in bytes.
            pub const BYTES: usize = core::mem::size_of::<Self>();

            #[doc = concat!("All zero. ", $reason)]
            #[must_use]
            pub const fn zeroed() -> Self {
                Self::ZEROED
            }

            /// All zero, on the heap; it never passes over the stack.
            #[cfg(feature = "alloc")]
            #[must_use]
            pub fn boxed() -> alloc::boxed::Box<Self> {
                <Self as Zeroable>::boxed()
            }
        }
    };
}

pub(crate) use plain;
