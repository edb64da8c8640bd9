///A network.
#[derive(Clone)]
#[repr(C, align(64))]
pub struct Digits {
    values: [::core::primitive::f32; 395],
}
///Scratch memory of [`Digits::forward`] for up to `B` rows.
#[repr(C, align(64))]
pub struct DigitsForward<const B: ::core::primitive::usize> {
    rows: [[::core::primitive::f32; 64]; B],
    fixed: [::core::primitive::f32; 0],
}
const _: () = {
    use ::graven::rt::{self, prelude::*};
    use ::core::primitive::{bool, f32, str, u32, u64, usize};
    use ::core::option::Option::Some;
    use ::core::result::Result::{self, Err, Ok};
    unsafe impl rt::plain::Zeroable for Digits {}
    impl Digits {
        /// Size in bytes.
        pub const BYTES: usize = ::core::mem::size_of::<Self>();
        /// All zero; for statics.
        pub const fn zeroed() -> Self {
            <Self as rt::plain::Zeroable>::ZEROED
        }
    }
    unsafe impl<const B: ::core::primitive::usize> rt::plain::Zeroable
    for DigitsForward<B> {}
    impl<const B: ::core::primitive::usize> DigitsForward<B> {
        /// Size in bytes.
        pub const BYTES: usize = ::core::mem::size_of::<Self>();
        /// All zero; for statics.
        pub const fn zeroed() -> Self {
            <Self as rt::plain::Zeroable>::ZEROED
        }
    }
    ::graven::__alloc_boxed! {
        [const B : ::core::primitive::usize] DigitsForward < B >
    }
    const SLOTS: &[rt::Slot; 4] = &rt::slots(
        &[
            rt::Kind {
                shape: &[40, 5],
                trainable: true,
                layout: rt::Layout::Panels {
                    k: 5,
                    n: 40,
                    transposed: true,
                },
                init: rt::Init::Uniform { limit: 0.5f32 },
            },
            rt::Kind {
                shape: &[40],
                trainable: true,
                layout: rt::Layout::RowMajor,
                init: rt::Init::Uniform { limit: 0.5f32 },
            },
            rt::Kind {
                shape: &[3, 40],
                trainable: true,
                layout: rt::Layout::Panels {
                    k: 40,
                    n: 3,
                    transposed: true,
                },
                init: rt::Init::Uniform { limit: 0.5f32 },
            },
            rt::Kind {
                shape: &[3],
                trainable: true,
                layout: rt::Layout::RowMajor,
                init: rt::Init::Uniform { limit: 0.5f32 },
            },
        ],
        [
            ("hidden.weight", 0, 0),
            ("hidden.bias", 1, 200),
            ("dense.weight", 2, 240),
            ("dense.bias", 3, 360),
        ],
    );
    const TENSORS: &[rt::network::TensorInfo; 4] = &rt::infos(SLOTS);
    impl Digits {
        /// Trainable scalars.
        pub const PARAMETERS: usize = 363;
        /// Bytes of the trainable scalars.
        pub const PARAMETER_BYTES: usize = 1452;
        /// Multiply-accumulates a sample, forward.
        pub const MACS: u64 = 0;
        /// Layers with output shapes, parameters, multiply-accumulates and bytes.
        pub const SUMMARY: &'static str = "layer  kind  output  parameters  multiply-adds  bytes\ntotal                       363              0   1452\n";
        /// Sets every tensor to its initial value, in place.
        ///
        /// A value depends on the seed, the name of its tensor and its logical index alone, on every target.
        pub fn init(&mut self, seed: u64) {
            rt::initialise(SLOTS, &mut self.values, seed);
        }
        /// Exactly the trainable scalars, in physical order.
        pub fn parameters(&self) -> &[f32] {
            rt::view(&self.values, 0, 363)
        }
        /// Exactly the trainable scalars, in physical order.
        pub fn parameters_mut(&mut self) -> &mut [f32] {
            rt::view_mut(&mut self.values, 0, 363)
        }
        /// All tensors, in the order of the declaration.
        pub fn tensors() -> &'static [rt::network::TensorInfo] {
            TENSORS
        }
        /// Copies a tensor out in logical, row-major order.
        ///
        /// # Errors
        /// An unknown name or a slice of the wrong length.
        pub fn tensor(
            &self,
            name: &str,
            values: &mut [f32],
        ) -> Result<(), rt::network::TensorError> {
            rt::read_tensor(SLOTS, &self.values, name, values)
        }
        /// Sets a tensor from logical, row-major order; on error nothing changes.
        ///
        /// # Errors
        /// An unknown name, a slice of the wrong length, or a value that is not finite.
        pub fn set_tensor(
            &mut self,
            name: &str,
            values: &[f32],
        ) -> Result<(), rt::network::TensorError> {
            rt::write_tensor(SLOTS, &mut self.values, name, values)
        }
        /// Runs the forward pass over `B` samples; draws and changes nothing.
        pub fn forward<const B: usize>(
            &self,
            memory: &mut DigitsForward<B>,
            pixels: &[[::core::primitive::f32; 5usize]; B],
            output: &mut [[::core::primitive::f32; 3usize]; B],
        ) {
            let _ = <Self as rt::network::Network>::forward_rows::<
                B,
            >(self, memory, pixels.as_slice(), output.as_mut_slice());
        }
    }
    ::graven::__alloc_methods! {
        Digits
    }
    ::graven::__std_methods! {
        Digits
    }
    ::graven::__std_untrainable_methods! {
        Digits
    }
    ::graven::__alloc_items! {
        impl Digits { #[doc =
        r" The forward pass over `B` samples, in memory of its own."] pub fn predict <
        const B : usize > (& self, pixels : & [[::core::primitive::f32; 5usize]; B]) ->
        ::graven::__private::Box < [[::core::primitive::f32; 3usize]; B] > { let mut
        memory = < DigitsForward < B > as rt::plain::Zeroable > ::boxed(); let mut output
        = ::graven::__private::zeroed_rows:: < [::core::primitive::f32; 3usize], B > ();
        self.forward:: < B > (& mut memory, pixels, & mut output); output } #[doc =
        r" A copy on the heap that never passes over the stack."] pub fn clone_boxed(&
        self) -> ::graven::__private::Box < Self > { let mut copy = < Self as
        rt::plain::Zeroable > ::boxed(); rt::assign(& self.values, & mut copy.values);
        copy } }
    }
    impl rt::network::Network for Digits {
        type Input = [::core::primitive::f32; 5usize];
        type Output = [::core::primitive::f32; 3usize];
        type Forward<const B: usize> = DigitsForward<B>;
        const NAME: &'static str = "Digits";
        const PARAMETERS: usize = Self::PARAMETERS;
        const MACS: u64 = Self::MACS;
        const SUMMARY: &'static str = Self::SUMMARY;
        fn init(&mut self, seed: u64) {
            Self::init(self, seed);
        }
        fn tensors() -> &'static [rt::network::TensorInfo] {
            TENSORS
        }
        fn tensor(
            &self,
            name: &str,
            values: &mut [f32],
        ) -> Result<(), rt::network::TensorError> {
            Self::tensor(self, name, values)
        }
        fn set_tensor(
            &mut self,
            name: &str,
            values: &[f32],
        ) -> Result<(), rt::network::TensorError> {
            Self::set_tensor(self, name, values)
        }
        fn forward_in_parts<const B: usize>(
            &self,
            memory: &mut DigitsForward<B>,
            at_once: usize,
            inputs: <Self::Input as rt::sample::Sample>::Slices<'_>,
            outputs: <Self::Output as rt::sample::Sample>::SlicesMut<'_>,
        ) -> Result<(), rt::network::RowsError> {
            let DigitsForward { rows, fixed } = memory;
            rt::drive::forward::<
                Self,
                B,
            >(
                at_once,
                inputs,
                outputs,
                |part| {
                    let input_0 = part.inputs;
                    let output_0 = part.outputs;
                    let rows = rows.as_flattened_mut();
                    rt::dispatch(DigitsRunForward {
                        batch: part.batch,
                        rows,
                        fixed,
                        input_0: <[::core::primitive::f32; 5usize] as rt::sample::Element>::reals(
                            input_0,
                        ),
                        output_0: <[::core::primitive::f32; 3usize] as rt::sample::Element>::reals_mut(
                            output_0,
                        ),
                        parameters: &self.values,
                    })
                },
            )
        }
    }
    struct DigitsRunForward<'a> {
        batch: rt::Batch,
        parameters: &'a [f32],
        rows: &'a mut [f32],
        fixed: &'a mut [f32],
        input_0: &'a [f32],
        output_0: &'a mut [f32],
    }
    impl rt::Run for DigitsRunForward<'_> {
        type Output = ();
        #[inline(always)]
        fn run<S: rt::Simd>(self, simd: S) -> () {
            let Self { batch, parameters, rows, fixed, input_0, output_0 } = self;
            let (mut rows, mut fixed) = (
                rt::Arena::new(rows, batch.rows),
                rt::Arena::new(fixed, 1),
            );
            let batch = &batch;
            rt::dense::<
                _,
                _,
                5,
                40,
            >(
                simd,
                input_0,
                rt::tail(parameters, 0),
                batch.rows,
                &mut DigitsEpilogue0::<40> {
                    read_0: rt::tail(parameters, 200),
                    write_0: rows.at(0, 40),
                },
            );
            let [at_0, at_48] = rows.cut([(0, 40), (48, 3)]);
            rt::dense::<
                _,
                _,
                40,
                3,
            >(
                simd,
                at_0,
                rt::tail(parameters, 240),
                batch.rows,
                &mut DigitsEpilogue1::<3> {
                    read_0: rt::tail(parameters, 360),
                    write_0: at_48,
                },
            );
            rows_0::<_, 3>(simd, batch, [], [rows.at(48, 3), output_0]);
        }
    }
    #[inline(never)]
    fn rows_0<S: rt::Simd, const N_0: usize>(
        simd: S,
        batch: &rt::Batch,
        []: [&[f32]; 0],
        [write_0,
        write_1,
        ]: [&mut [f32]; 2],
    ) {
        simd.vectorize(
            #[inline(always)]
            || {
                for i0 in 0..batch.rows {
                    let [fold_0_0] = rt::stage::<
                        _,
                        N_0,
                        _,
                        _,
                        _,
                    >(
                        simd,
                        [rt::row(write_0, i0 * N_0)],
                        [],
                        [rt::Fold::Max],
                        #[inline(always)]
                        |column, [x0], []| {
                            let v0 = x0;
                            ([], [v0])
                        },
                    );
                    let v1 = rt::splat(simd, fold_0_0);
                    let (Some(row_0),) = (rt::row_mut(write_0, i0 * N_0),) else {
                        continue
                    };
                    let [fold_1_0] = rt::stage::<
                        _,
                        N_0,
                        _,
                        _,
                        _,
                    >(
                        simd,
                        [],
                        [row_0],
                        [rt::Fold::Sum],
                        #[inline(always)]
                        |column, [], [old_0]| {
                            let v0 = old_0;
                            let v2 = v0 - v1;
                            let v3 = rt::math::exp(simd, v2);
                            ([v3], [v3])
                        },
                    );
                    let v1 = rt::splat(simd, fold_1_0);
                    let (Some(row_0),) = (rt::row_mut(write_1, i0 * N_0),) else {
                        continue
                    };
                    rt::stage::<
                        _,
                        N_0,
                        _,
                        _,
                        _,
                    >(
                        simd,
                        [rt::row(write_0, i0 * N_0)],
                        [row_0],
                        [],
                        #[inline(always)]
                        |column, [x0], [old_0]| {
                            let v0 = x0;
                            let v2 = v0 / v1;
                            ([v2], [])
                        },
                    );
                }
            },
        );
    }
    struct DigitsEpilogue0<'a, const N_0: usize> {
        read_0: &'a [f32],
        write_0: &'a mut [f32],
    }
    impl<S: rt::Simd, const N_0: usize> rt::Epilogue<S> for DigitsEpilogue0<'_, N_0> {
        #[inline(always)]
        fn store(
            &mut self,
            simd: S,
            row: usize,
            column: usize,
            lanes: usize,
            value: rt::Vector<S>,
        ) {
            let Self { read_0, write_0 } = self;
            let v3 = rt::splat(simd, 0f32);
            let v0 = value;
            let v1 = rt::load(simd, read_0, column, lanes);
            let v2 = v0 + v1;
            let v4 = rt::math::max(simd, v2, v3);
            let stored = v4;
            rt::store(write_0, row * N_0 + column, lanes, stored);
        }
    }
    struct DigitsEpilogue1<'a, const N_0: usize> {
        read_0: &'a [f32],
        write_0: &'a mut [f32],
    }
    impl<S: rt::Simd, const N_0: usize> rt::Epilogue<S> for DigitsEpilogue1<'_, N_0> {
        #[inline(always)]
        fn store(
            &mut self,
            simd: S,
            row: usize,
            column: usize,
            lanes: usize,
            value: rt::Vector<S>,
        ) {
            let Self { read_0, write_0 } = self;
            let v0 = value;
            let v1 = rt::load(simd, read_0, column, lanes);
            let v2 = v0 + v1;
            let stored = v2;
            rt::store(write_0, row * N_0 + column, lanes, stored);
        }
    }
};
