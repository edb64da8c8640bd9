///A network.
#[derive(Clone)]
pub struct Unknown {
    values: [::core::primitive::f32; 0],
}
const _: () = {
    use ::graven::rt::{self, prelude::*};
    use ::core::primitive::{bool, f32, str, u32, u64, usize};
    use ::core::option::Option::Some;
    use ::core::result::Result::{self, Err, Ok};
    unsafe impl rt::plain::Zeroable for Unknown {}
    impl Unknown {
        /// All zero; for statics.
        pub const fn zeroed() -> Self {
            <Self as rt::plain::Zeroable>::ZEROED
        }
        /// Sets every tensor to its initial value, in place.
        pub fn init(&mut self, _seed: u64) {}
    }
    ::graven::__alloc_items! {
        impl Unknown { #[doc = r" A model with initial values, on the heap."] pub fn
        new(_seed : u64) -> ::graven::__private::Box < Self > { < Self as
        rt::plain::Zeroable > ::boxed() } }
    }
};
