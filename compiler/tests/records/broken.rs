///A network.
#[derive(Clone)]
#[repr(C, align(64))]
pub struct Broken {
    values: [::core::primitive::f32; 32],
}
///Scratch memory of [`Broken::forward`] for up to `B` rows.
#[repr(C, align(64))]
pub struct BrokenForward<const B: ::core::primitive::usize> {
    rows: [[::core::primitive::f32; 1]; B],
    fixed: [::core::primitive::f32; 0],
}
///Scratch memory for training [`Broken`] on up to `B` rows at once; carries seed and step.
#[repr(C, align(64))]
pub struct BrokenTraining<const B: ::core::primitive::usize> {
    rows: [[::core::primitive::f32; 1]; B],
    fixed: [::core::primitive::f32; 0],
    clock: ::graven::rt::Clock,
}
///One scalar for each trainable parameter of [`Broken`], in physical order.
#[repr(C, align(64))]
pub struct BrokenGradients {
    values: [::core::primitive::f32; 0],
}
const _: () = {
    use ::graven::rt::{self, prelude::*};
    use ::core::primitive::{bool, f32, str, u32, u64, usize};
    use ::core::option::Option::Some;
    use ::core::result::Result::{self, Err, Ok};
    unsafe impl rt::plain::Zeroable for Broken {}
    impl Broken {
        /// Size in bytes.
        pub const BYTES: usize = ::core::mem::size_of::<Self>();
        /// All zero; for statics.
        pub const fn zeroed() -> Self {
            <Self as rt::plain::Zeroable>::ZEROED
        }
    }
    unsafe impl<const B: ::core::primitive::usize> rt::plain::Zeroable
    for BrokenForward<B> {}
    impl<const B: ::core::primitive::usize> BrokenForward<B> {
        /// Size in bytes.
        pub const BYTES: usize = ::core::mem::size_of::<Self>();
        /// All zero; for statics.
        pub const fn zeroed() -> Self {
            <Self as rt::plain::Zeroable>::ZEROED
        }
    }
    ::graven::__alloc_boxed! {
        [const B : ::core::primitive::usize] BrokenForward < B >
    }
    unsafe impl<const B: ::core::primitive::usize> rt::plain::Zeroable
    for BrokenTraining<B> {}
    impl<const B: ::core::primitive::usize> BrokenTraining<B> {
        /// Size in bytes.
        pub const BYTES: usize = ::core::mem::size_of::<Self>();
        /// All zero; for statics.
        pub const fn zeroed() -> Self {
            <Self as rt::plain::Zeroable>::ZEROED
        }
    }
    ::graven::__alloc_boxed! {
        [const B : ::core::primitive::usize] BrokenTraining < B >
    }
    unsafe impl rt::plain::Zeroable for BrokenGradients {}
    impl BrokenGradients {
        /// Size in bytes.
        pub const BYTES: usize = ::core::mem::size_of::<Self>();
        /// All zero; for statics.
        pub const fn zeroed() -> Self {
            <Self as rt::plain::Zeroable>::ZEROED
        }
    }
    ::graven::__alloc_boxed! {
        [] BrokenGradients
    }
    impl<const B: usize> BrokenTraining<B> {
        /// Starts again at step zero with another seed for everything random.
        pub const fn reseed(&mut self, seed: u64) {
            self.clock = rt::Clock { seed, step: 0 };
        }
        /// Steps taken since the last `reseed`.
        pub const fn step(&self) -> u64 {
            self.clock.step
        }
    }
    impl<const B: usize> rt::network::TrainingMemory for BrokenTraining<B> {
        fn reseed(&mut self, seed: u64) {
            Self::reseed(self, seed);
        }
        fn resume(&mut self, seed: u64, step: u64) {
            self.clock = rt::Clock { seed, step };
        }
        fn step(&self) -> u64 {
            Self::step(self)
        }
    }
    impl BrokenGradients {
        /// All scalars, in physical order.
        pub const fn as_slice(&self) -> &[f32] {
            &self.values
        }
        /// Copies the gradient of a trainable tensor out in logical, row-major order.
        ///
        /// # Errors
        /// No trainable tensor of that name, or a slice of the wrong length.
        pub fn tensor(
            &self,
            name: &str,
            values: &mut [f32],
        ) -> Result<(), rt::network::TensorError> {
            rt::drive::read_gradient(SLOTS, &self.values, name, values)
        }
    }
    impl rt::network::Gradients for BrokenGradients {
        fn as_slice(&self) -> &[f32] {
            &self.values
        }
        fn as_mut_slice(&mut self) -> &mut [f32] {
            &mut self.values
        }
    }
    const SLOTS: &[rt::Slot; 0] = &rt::slots(&[], []);
    const TENSORS: &[rt::network::TensorInfo; 0] = &rt::infos(SLOTS);
    impl Broken {
        /// Trainable scalars.
        pub const PARAMETERS: usize = 0;
        /// Bytes of the trainable scalars.
        pub const PARAMETER_BYTES: usize = 0;
        /// Multiply-accumulates a sample, forward.
        pub const MACS: u64 = 0;
        /// Layers with output shapes, parameters, multiply-accumulates and bytes.
        pub const SUMMARY: &'static str = "layer  kind  output  parameters  multiply-adds  bytes\ntotal                         0              0      0\n";
        /// Sets every tensor to its initial value, in place.
        ///
        /// A value depends on the seed, the name of its tensor and its logical index alone, on every target.
        pub fn init(&mut self, seed: u64) {
            rt::initialise(SLOTS, &mut self.values, seed);
        }
        /// Exactly the trainable scalars, in physical order.
        pub fn parameters(&self) -> &[f32] {
            rt::view(&self.values, 0, 0)
        }
        /// Exactly the trainable scalars, in physical order.
        pub fn parameters_mut(&mut self) -> &mut [f32] {
            rt::view_mut(&mut self.values, 0, 0)
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
            memory_2: &mut BrokenForward<B>,
            pixels: &[[::core::primitive::f32; 5usize]; B],
            memory: &[[::graven::rt::index::Index<65usize>; 4usize]; B],
            output_0: &mut [::graven::rt::index::Index<10usize>; B],
            output_1: &mut [::core::primitive::f32; B],
        ) {
            let _ = <Self as rt::network::Network>::forward_rows::<
                B,
            >(
                self,
                memory_2,
                (pixels.as_slice(), memory.as_slice()),
                (output_0.as_mut_slice(), output_1.as_mut_slice()),
            );
        }
        /// Overwrites the gradient with that of the mean loss over `B` samples in training mode, and returns the loss.
        pub fn gradients<const B: usize>(
            &mut self,
            memory_2: &mut BrokenTraining<B>,
            pixels: &[[::core::primitive::f32; 5usize]; B],
            memory: &[[::graven::rt::index::Index<65usize>; 4usize]; B],
            label: &[::graven::rt::index::Index<10usize>; B],
            memory_1: &[[[::core::primitive::f32; 3usize]; 2usize]; B],
            gradients: &mut BrokenGradients,
        ) -> f32 {
            <Self as rt::network::Trainable>::gradients_rows::<
                B,
            >(
                    self,
                    memory_2,
                    (pixels.as_slice(), memory.as_slice()),
                    (label.as_slice(), memory_1.as_slice()),
                    gradients,
                )
                .unwrap_or(0.0)
        }
        /// One step of the optimizer on `B` samples: forward, backward and update. Returns the mean loss before it.
        #[allow(
            clippy::too_many_arguments,
            reason = "one for each input, target and output of the network"
        )]
        pub fn train_step<const B: usize, O: rt::optimizer::Optimizer>(
            &mut self,
            memory_2: &mut BrokenTraining<B>,
            optimizer: &O,
            state: &mut O::State<Self>,
            pixels: &[[::core::primitive::f32; 5usize]; B],
            memory: &[[::graven::rt::index::Index<65usize>; 4usize]; B],
            label: &[::graven::rt::index::Index<10usize>; B],
            memory_1: &[[[::core::primitive::f32; 3usize]; 2usize]; B],
        ) -> f32 {
            <Self as rt::network::Trainable>::train_rows::<
                B,
                O,
            >(
                    self,
                    memory_2,
                    optimizer,
                    state,
                    (pixels.as_slice(), memory.as_slice()),
                    (label.as_slice(), memory_1.as_slice()),
                    ([].as_mut_slice(), [].as_mut_slice()),
                )
                .unwrap_or(0.0)
        }
    }
    ::graven::__alloc_methods! {
        Broken
    }
    ::graven::__std_methods! {
        Broken
    }
    ::graven::__std_trainable_methods! {
        Broken
    }
    ::graven::__alloc_items! {
        impl Broken { #[doc =
        r" The forward pass over `B` samples, in memory of its own."] pub fn predict <
        const B : usize > (& self, pixels : & [[::core::primitive::f32; 5usize]; B],
        memory : & [[::graven::rt::index::Index < 65usize >; 4usize]; B]) ->
        (::graven::__private::Box < [::graven::rt::index::Index < 10usize >; B] >,
        ::graven::__private::Box < [::core::primitive::f32; B] >) { let mut memory_2 = <
        BrokenForward < B > as rt::plain::Zeroable > ::boxed(); let mut output_0 =
        ::graven::__private::zeroed_rows:: < ::graven::rt::index::Index < 10usize >, B >
        (); let mut output_1 = ::graven::__private::zeroed_rows:: <
        ::core::primitive::f32, B > (); self.forward:: < B > (& mut memory_2, pixels,
        memory, & mut output_0, & mut output_1); (output_0, output_1) } #[doc =
        r" A copy on the heap that never passes over the stack."] pub fn clone_boxed(&
        self) -> ::graven::__private::Box < Self > { let mut copy = < Self as
        rt::plain::Zeroable > ::boxed(); rt::assign(& self.values, & mut copy.values);
        copy } }
    }
    impl rt::network::Network for Broken {
        type Input = (
            [::core::primitive::f32; 5usize],
            [::graven::rt::index::Index<65usize>; 4usize],
        );
        type Output = (::graven::rt::index::Index<10usize>, ::core::primitive::f32);
        type Forward<const B: usize> = BrokenForward<B>;
        const NAME: &'static str = "Broken";
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
            memory: &mut BrokenForward<B>,
            at_once: usize,
            inputs: <Self::Input as rt::sample::Sample>::Slices<'_>,
            outputs: <Self::Output as rt::sample::Sample>::SlicesMut<'_>,
        ) -> Result<(), rt::network::RowsError> {
            let BrokenForward { rows, fixed } = memory;
            rt::drive::forward::<
                Self,
                B,
            >(
                at_once,
                inputs,
                outputs,
                |part| {
                    let (input_0, input_1) = part.inputs;
                    let (output_0, output_1) = part.outputs;
                    let mut cut = rt::Cut::new(rows.as_flattened_mut());
                    let rows = cut.take(0, 0 * part.batch.rows);
                    let reals_0 = cut.take(0 * part.batch.rows, 1 * part.batch.rows);
                    let result = rt::dispatch(BrokenRunForward {
                        batch: part.batch,
                        rows,
                        fixed,
                        input_0: <[::core::primitive::f32; 5usize] as rt::sample::Element>::reals(
                            input_0,
                        ),
                        input_1: <[::graven::rt::index::Index<
                            65usize,
                        >; 4usize] as rt::sample::Element>::indices(input_1),
                        output_0: &mut *reals_0,
                        output_1: <::core::primitive::f32 as rt::sample::Element>::reals_mut(
                            output_1,
                        ),
                        parameters: &self.values,
                    });
                    <::graven::rt::index::Index<
                        10usize,
                    > as rt::sample::Element>::set_indices(output_0, reals_0);
                    result
                },
            )
        }
    }
    impl rt::network::Trainable for Broken {
        type Target = (
            ::graven::rt::index::Index<10usize>,
            [[::core::primitive::f32; 3usize]; 2usize],
        );
        type Training<const B: usize> = BrokenTraining<B>;
        type Gradients = BrokenGradients;
        const OBJECTIVE: rt::network::Objective = rt::network::Objective::Classification;
        const BATCH_STATISTICS: bool = false;
        const SLOTS: &'static [rt::Slot] = SLOTS;
        fn parameters(&self) -> &[f32] {
            Self::parameters(self)
        }
        fn parameters_mut(&mut self) -> &mut [f32] {
            Self::parameters_mut(self)
        }
        fn values(&self) -> &[f32] {
            &self.values
        }
        fn values_mut(&mut self) -> &mut [f32] {
            &mut self.values
        }
        fn gradients_rows<const B: usize>(
            &mut self,
            memory: &mut BrokenTraining<B>,
            inputs: <Self::Input as rt::sample::Sample>::Slices<'_>,
            targets: <Self::Target as rt::sample::Sample>::Slices<'_>,
            gradients: &mut BrokenGradients,
        ) -> Result<f32, rt::network::RowsError> {
            let BrokenTraining { rows, fixed, clock } = memory;
            rt::fill(&mut gradients.values, 0.0);
            let samples = rt::drive::TrainingRows::<Self> {
                inputs,
                targets,
                outputs: ([].as_mut_slice(), [].as_mut_slice()),
            };
            rt::drive::gradients::<
                Self,
                B,
            >(
                clock,
                samples,
                |part| {
                    let (input_0, input_1) = part.inputs;
                    let (target_0, target_1) = part.targets;
                    let (output_0, output_1) = part.outputs;
                    let mut cut = rt::Cut::new(rows.as_flattened_mut());
                    let rows = cut.take(0, 0 * part.batch.rows);
                    let reals_0 = cut.take(0 * part.batch.rows, 1 * part.batch.rows);
                    let result = rt::dispatch(BrokenRunTraining {
                        batch: part.batch,
                        rows,
                        fixed,
                        input_0: <[::core::primitive::f32; 5usize] as rt::sample::Element>::reals(
                            input_0,
                        ),
                        input_1: <[::graven::rt::index::Index<
                            65usize,
                        >; 4usize] as rt::sample::Element>::indices(input_1),
                        target_0: <::graven::rt::index::Index<
                            10usize,
                        > as rt::sample::Element>::indices(target_0),
                        target_1: <[[::core::primitive::f32; 3usize]; 2usize] as rt::sample::Element>::reals(
                            target_1,
                        ),
                        output_0: &mut *reals_0,
                        output_1: <::core::primitive::f32 as rt::sample::Element>::reals_mut(
                            output_1,
                        ),
                        sink: rt::Collect {
                            parameters: &mut self.values,
                            gradient: &mut gradients.values,
                        },
                    });
                    <::graven::rt::index::Index<
                        10usize,
                    > as rt::sample::Element>::set_indices(output_0, reals_0);
                    result
                },
            )
        }
        fn train_rows<const B: usize, O: rt::optimizer::Optimizer>(
            &mut self,
            memory: &mut BrokenTraining<B>,
            optimizer: &O,
            state: &mut O::State<Self>,
            inputs: <Self::Input as rt::sample::Sample>::Slices<'_>,
            targets: <Self::Target as rt::sample::Sample>::Slices<'_>,
            outputs: <Self::Output as rt::sample::Sample>::SlicesMut<'_>,
        ) -> Result<f32, rt::network::RowsError> {
            let BrokenTraining { rows, fixed, clock } = memory;
            let samples = rt::drive::TrainingRows::<Self> {
                inputs,
                targets,
                outputs,
            };
            let learner = rt::drive::Learner::<Self, O> {
                optimizer,
                state,
            };
            rt::drive::train::<
                Self,
                O,
                B,
            >(
                self,
                clock,
                learner,
                samples,
                |model, part, learner| {
                    let (input_0, input_1) = part.inputs;
                    let (target_0, target_1) = part.targets;
                    let (output_0, output_1) = part.outputs;
                    let mut cut = rt::Cut::new(rows.as_flattened_mut());
                    let rows = cut.take(0, 0 * part.batch.rows);
                    let reals_0 = cut.take(0 * part.batch.rows, 1 * part.batch.rows);
                    let result = rt::dispatch(BrokenRunTraining {
                        batch: part.batch,
                        rows,
                        fixed,
                        input_0: <[::core::primitive::f32; 5usize] as rt::sample::Element>::reals(
                            input_0,
                        ),
                        input_1: <[::graven::rt::index::Index<
                            65usize,
                        >; 4usize] as rt::sample::Element>::indices(input_1),
                        target_0: <::graven::rt::index::Index<
                            10usize,
                        > as rt::sample::Element>::indices(target_0),
                        target_1: <[[::core::primitive::f32; 3usize]; 2usize] as rt::sample::Element>::reals(
                            target_1,
                        ),
                        output_0: &mut *reals_0,
                        output_1: <::core::primitive::f32 as rt::sample::Element>::reals_mut(
                            output_1,
                        ),
                        sink: learner.step(&mut model.values),
                    });
                    <::graven::rt::index::Index<
                        10usize,
                    > as rt::sample::Element>::set_indices(output_0, reals_0);
                    result
                },
            )
        }
        fn share_rows<const B: usize>(
            &self,
            memory: &mut BrokenTraining<B>,
            batch: rt::Batch,
            inputs: <Self::Input as rt::sample::Sample>::Slices<'_>,
            targets: <Self::Target as rt::sample::Sample>::Slices<'_>,
            outputs: <Self::Output as rt::sample::Sample>::SlicesMut<'_>,
            share: rt::Share<'_>,
        ) -> Result<f32, rt::network::RowsError> {
            let BrokenTraining { rows, fixed, .. } = memory;
            let samples = rt::drive::TrainingRows::<Self> {
                inputs,
                targets,
                outputs,
            };
            rt::drive::share::<
                Self,
                B,
            >(
                batch,
                samples,
                |part| {
                    let (input_0, input_1) = part.inputs;
                    let (target_0, target_1) = part.targets;
                    let (output_0, output_1) = part.outputs;
                    let mut cut = rt::Cut::new(rows.as_flattened_mut());
                    let rows = cut.take(0, 0 * part.batch.rows);
                    let reals_0 = cut.take(0 * part.batch.rows, 1 * part.batch.rows);
                    let result = rt::dispatch(BrokenRunTraining {
                        batch: part.batch,
                        rows,
                        fixed,
                        input_0: <[::core::primitive::f32; 5usize] as rt::sample::Element>::reals(
                            input_0,
                        ),
                        input_1: <[::graven::rt::index::Index<
                            65usize,
                        >; 4usize] as rt::sample::Element>::indices(input_1),
                        target_0: <::graven::rt::index::Index<
                            10usize,
                        > as rt::sample::Element>::indices(target_0),
                        target_1: <[[::core::primitive::f32; 3usize]; 2usize] as rt::sample::Element>::reals(
                            target_1,
                        ),
                        output_0: &mut *reals_0,
                        output_1: <::core::primitive::f32 as rt::sample::Element>::reals_mut(
                            output_1,
                        ),
                        sink: rt::Sharing {
                            parameters: &self.values,
                            share,
                        },
                    });
                    <::graven::rt::index::Index<
                        10usize,
                    > as rt::sample::Element>::set_indices(output_0, reals_0);
                    result
                },
            )
        }
        fn evaluate_rows<const B: usize>(
            &self,
            memory: &mut BrokenTraining<B>,
            inputs: <Self::Input as rt::sample::Sample>::Slices<'_>,
            targets: <Self::Target as rt::sample::Sample>::Slices<'_>,
            outputs: <Self::Output as rt::sample::Sample>::SlicesMut<'_>,
        ) -> Result<f32, rt::network::RowsError> {
            let BrokenTraining { rows, fixed, .. } = memory;
            let samples = rt::drive::TrainingRows::<Self> {
                inputs,
                targets,
                outputs,
            };
            rt::drive::evaluate::<
                Self,
                B,
            >(
                samples,
                |part| {
                    let (input_0, input_1) = part.inputs;
                    let (target_0, target_1) = part.targets;
                    let (output_0, output_1) = part.outputs;
                    let mut cut = rt::Cut::new(rows.as_flattened_mut());
                    let rows = cut.take(0, 0 * part.batch.rows);
                    let reals_0 = cut.take(0 * part.batch.rows, 1 * part.batch.rows);
                    let result = rt::dispatch(BrokenRunEvaluation {
                        batch: part.batch,
                        rows,
                        fixed,
                        input_0: <[::core::primitive::f32; 5usize] as rt::sample::Element>::reals(
                            input_0,
                        ),
                        input_1: <[::graven::rt::index::Index<
                            65usize,
                        >; 4usize] as rt::sample::Element>::indices(input_1),
                        target_0: <::graven::rt::index::Index<
                            10usize,
                        > as rt::sample::Element>::indices(target_0),
                        target_1: <[[::core::primitive::f32; 3usize]; 2usize] as rt::sample::Element>::reals(
                            target_1,
                        ),
                        output_0: &mut *reals_0,
                        output_1: <::core::primitive::f32 as rt::sample::Element>::reals_mut(
                            output_1,
                        ),
                        parameters: &self.values,
                    });
                    <::graven::rt::index::Index<
                        10usize,
                    > as rt::sample::Element>::set_indices(output_0, reals_0);
                    result
                },
            )
        }
    }
    struct BrokenRunForward<'a> {
        batch: rt::Batch,
        parameters: &'a [f32],
        rows: &'a mut [f32],
        fixed: &'a mut [f32],
        input_0: &'a [f32],
        input_1: &'a [u32],
        output_0: &'a mut [f32],
        output_1: &'a mut [f32],
    }
    impl rt::Run for BrokenRunForward<'_> {
        type Output = ();
        #[inline(always)]
        fn run<S: rt::Simd>(self, simd: S) -> () {
            let Self {
                batch,
                parameters,
                rows,
                fixed,
                input_0,
                input_1,
                output_0,
                output_1,
            } = self;
            let (mut rows, mut fixed) = (
                rt::Arena::new(rows, batch.rows),
                rt::Arena::new(fixed, 1),
            );
            let batch = &batch;
        }
    }
    struct BrokenRunEvaluation<'a> {
        batch: rt::Batch,
        parameters: &'a [f32],
        rows: &'a mut [f32],
        fixed: &'a mut [f32],
        input_0: &'a [f32],
        input_1: &'a [u32],
        target_0: &'a [u32],
        target_1: &'a [f32],
        output_0: &'a mut [f32],
        output_1: &'a mut [f32],
    }
    impl rt::Run for BrokenRunEvaluation<'_> {
        type Output = f32;
        #[inline(always)]
        fn run<S: rt::Simd>(self, simd: S) -> f32 {
            let Self {
                batch,
                parameters,
                rows,
                fixed,
                input_0,
                input_1,
                target_0,
                target_1,
                output_0,
                output_1,
            } = self;
            let (mut rows, mut fixed) = (
                rt::Arena::new(rows, batch.rows),
                rt::Arena::new(fixed, 1),
            );
            let batch = &batch;
            0f32
        }
    }
    struct BrokenRunTraining<'a, K> {
        batch: rt::Batch,
        rows: &'a mut [f32],
        fixed: &'a mut [f32],
        input_0: &'a [f32],
        input_1: &'a [u32],
        target_0: &'a [u32],
        target_1: &'a [f32],
        output_0: &'a mut [f32],
        output_1: &'a mut [f32],
        sink: K,
    }
    impl<K: rt::Sink> rt::Run for BrokenRunTraining<'_, K> {
        type Output = f32;
        #[inline(always)]
        fn run<S: rt::Simd>(self, simd: S) -> f32 {
            let Self {
                batch,
                rows,
                fixed,
                input_0,
                input_1,
                target_0,
                target_1,
                output_0,
                output_1,
                mut sink,
            } = self;
            let (mut rows, mut fixed) = (
                rt::Arena::new(rows, batch.rows),
                rt::Arena::new(fixed, 1),
            );
            let batch = &batch;
            0f32
        }
    }
};
