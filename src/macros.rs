//! Methods that depend on features of this crate, which a procedural macro cannot see: emitted code calls these macros
//! at item position, and they expand to the methods or to nothing.
//!
//! Every path is absolute, since the names of the prelude and of primitive types may be shadowed where they expand.

/// Its items with feature `alloc`, nothing without.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __alloc_items {
    ($($item:tt)*) => { $($item)* };
}

/// Its items with feature `alloc`, nothing without.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __alloc_items {
    ($($item:tt)*) => {};
}

/// Its items with feature `std`, nothing without.
#[cfg(feature = "std")]
#[doc(hidden)]
#[macro_export]
macro_rules! __std_items {
    ($($item:tt)*) => { $($item)* };
}

/// Its items with feature `std`, nothing without.
#[cfg(not(feature = "std"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __std_items {
    ($($item:tt)*) => {};
}

/// `__alloc_boxed! { [const B: ::core::primitive::usize] DigitsForward<B> }`: the constructor of plain memory.
#[doc(hidden)]
#[macro_export]
macro_rules! __alloc_boxed {
    ([$($generics:tt)*] $memory:ty) => {
        $crate::__alloc_items! {
            impl<$($generics)*> $memory {
                /// All zero, on the heap; it never passes over the stack.
                #[must_use]
                pub fn boxed() -> $crate::__private::Box<Self> {
                    <Self as $crate::Zeroable>::boxed()
                }
            }
        }
    };
}

/// `__alloc_methods! { Digits }`: constructors of a model.
#[doc(hidden)]
#[macro_export]
macro_rules! __alloc_methods {
    ($model:ty) => {
        $crate::__alloc_items! {
            impl $model {
                /// A model with its initial values, on the heap; it never passes over the stack.
                #[must_use]
                pub fn new(seed: ::core::primitive::u64) -> $crate::__private::Box<Self> {
                    $crate::__private::new_model(seed)
                }
            }
        }
    };
}

/// `__std_methods! { Digits }`: weight files and predictions of a model.
#[doc(hidden)]
#[macro_export]
macro_rules! __std_methods {
    ($model:ty) => {
        $crate::__std_items! {
            impl $model {
                /// Writes the weights to a safetensors file, which is replaced whole or not at all.
                ///
                /// # Errors
                /// A weight that is not finite, or a file that cannot be written.
                pub fn save(
                    &self,
                    path: impl ::core::convert::AsRef<::std::path::Path>,
                ) -> ::core::result::Result<(), $crate::WeightError> {
                    $crate::weights::save(self, path)
                }

                /// As `save`, with what prepared the data (scalings, encoders, labels, a tuple of them), as JSON in the
                /// metadata of the file. `Weights::open(path)?.preparation()?` reads it again.
                ///
                /// # Errors
                /// As `save`, and a preparation that JSON cannot hold.
                pub fn save_with(
                    &self,
                    path: impl ::core::convert::AsRef<::std::path::Path>,
                    preparation: &impl $crate::Preparation,
                ) -> ::core::result::Result<(), $crate::WeightError> {
                    $crate::weights::save_with(self, path, preparation)
                }

                /// Reads the weights from a safetensors file.
                ///
                /// # Errors
                /// An unreadable file; a tensor that is missing, extra, of another shape or type, or not finite. The
                /// model is then as it was.
                pub fn load(
                    &mut self,
                    path: impl ::core::convert::AsRef<::std::path::Path>,
                ) -> ::core::result::Result<(), $crate::WeightError> {
                    $crate::Weights::open(path)?.load_into(self)
                }

                /// Reads the weights from a safetensors file; `names` maps each name in the file to the name here, or
                /// each name here to the name in the file.
                ///
                /// # Errors
                /// As `load`.
                pub fn load_with(
                    &mut self,
                    path: impl ::core::convert::AsRef<::std::path::Path>,
                    names: impl ::core::ops::Fn(&::core::primitive::str) -> ::std::string::String,
                ) -> ::core::result::Result<(), $crate::WeightError> {
                    $crate::Weights::open(path)?.rename(names).load_into(self)
                }

                /// A model with the weights of a safetensors file in memory.
                ///
                /// # Errors
                /// As `load`.
                pub fn from_safetensors(
                    bytes: &[::core::primitive::u8],
                ) -> ::core::result::Result<::std::boxed::Box<Self>, $crate::WeightError> {
                    $crate::Weights::from_bytes(bytes).into_model()
                }

                /// The bytes of a safetensors file with the weights.
                ///
                /// # Errors
                /// A weight that is not finite.
                pub fn to_safetensors(
                    &self,
                ) -> ::core::result::Result<::std::vec::Vec<::core::primitive::u8>, $crate::WeightError> {
                    $crate::weights::to_safetensors(self)
                }

                /// The outputs of any number of rows, `B` at a time; none for none.
                ///
                /// # Errors
                /// Tensors with different numbers of rows, or a `B` of zero.
                pub fn predict_rows<const B: ::core::primitive::usize>(
                    &self,
                    inputs: <<Self as $crate::Network>::Input as $crate::Sample>::Slices<'_>,
                ) -> ::core::result::Result<
                    <<Self as $crate::Network>::Output as $crate::Sample>::Rows,
                    $crate::RowsError,
                > {
                    $crate::training::predict::<Self, B>(self, inputs)
                }

                /// A hash of all weights, equal on every target for equal weights.
                #[must_use]
                pub fn weights_hash(&self) -> ::core::primitive::u64 {
                    $crate::weights::hash(self)
                }

                /// Layers with output shapes, parameters, multiply-accumulates and bytes.
                #[must_use]
                pub fn summary() -> &'static ::core::primitive::str {
                    <Self as $crate::Network>::SUMMARY
                }
            }
        }
    };
}

/// `__std_trainable_methods! { Digits }`: training of a model with a loss.
#[doc(hidden)]
#[macro_export]
macro_rules! __std_trainable_methods {
    ($model:ty) => {
        $crate::__std_items! {
            impl $model {
                /// Prepares training with memory for `B` rows; it starts with `run`.
                pub fn fit<'a, const B: ::core::primitive::usize>(
                    &'a mut self,
                    training: &'a $crate::Dataset<
                        <Self as $crate::Network>::Input,
                        <Self as $crate::Trainable>::Target,
                    >,
                ) -> $crate::Fit<'a, Self, $crate::Adam, B> {
                    $crate::Fit::new(self, training)
                }

                /// Loss and accuracy in inference mode, `B` rows at a time.
                ///
                /// # Errors
                /// A `B` of zero.
                pub fn evaluate<const B: ::core::primitive::usize>(
                    &self,
                    data: &$crate::Dataset<<Self as $crate::Network>::Input, <Self as $crate::Trainable>::Target>,
                ) -> ::core::result::Result<$crate::Score, $crate::RowsError> {
                    $crate::training::evaluate::<Self, B>(self, data)
                }

                /// Loss and accuracy as `evaluate`, and any metrics, which are reset first:
                /// `model.evaluate_with::<32>(&test, &mut [&mut f1, &mut auc])?`.
                ///
                /// # Errors
                /// A `B` of zero.
                pub fn evaluate_with<const B: ::core::primitive::usize>(
                    &self,
                    data: &$crate::Dataset<<Self as $crate::Network>::Input, <Self as $crate::Trainable>::Target>,
                    metrics: &mut [&mut dyn $crate::metrics::MetricOf<
                        <Self as $crate::Network>::Output,
                        <Self as $crate::Trainable>::Target,
                    >],
                ) -> ::core::result::Result<$crate::Score, $crate::RowsError> {
                    $crate::training::evaluate_with::<Self, B>(self, data, metrics)
                }

                /// As `evaluate_with`, over epoch 0 of a source of batches, such as a stream of a file.
                ///
                /// # Errors
                /// A source that fails, or a `B` of zero.
                pub fn evaluate_source<const B: ::core::primitive::usize>(
                    &self,
                    source: &mut impl $crate::data::Source<
                        <Self as $crate::Network>::Input,
                        <Self as $crate::Trainable>::Target,
                    >,
                    metrics: &mut [&mut dyn $crate::metrics::MetricOf<
                        <Self as $crate::Network>::Output,
                        <Self as $crate::Trainable>::Target,
                    >],
                ) -> ::core::result::Result<$crate::Score, $crate::training::SourceError> {
                    $crate::training::evaluate_source::<Self, B>(self, source, metrics)
                }

                /// How often each class is taken for each other one, `B` rows at a time.
                ///
                /// # Errors
                /// A `B` of zero.
                pub fn confusion<const B: ::core::primitive::usize>(
                    &self,
                    data: &$crate::Dataset<<Self as $crate::Network>::Input, <Self as $crate::Trainable>::Target>,
                ) -> ::core::result::Result<$crate::Confusion, $crate::RowsError> {
                    $crate::training::confusion::<Self, B>(self, data)
                }
            }
        }
    };
}

/// `__std_untrainable_methods! { Digits }`: what says why a model without a loss cannot be trained.
#[doc(hidden)]
#[macro_export]
macro_rules! __std_untrainable_methods {
    ($model:ty) => {
        $crate::__std_items! {
            impl $model {
                #[doc(hidden)]
                pub fn fit<const B: ::core::primitive::usize>(
                    &mut self,
                    training: impl $crate::__private::NeedsLoss,
                ) -> ::core::convert::Infallible {
                    $crate::__private::NeedsLoss::never(training)
                }

                #[doc(hidden)]
                pub fn evaluate<const B: ::core::primitive::usize>(
                    &self,
                    data: impl $crate::__private::NeedsLoss,
                ) -> ::core::convert::Infallible {
                    $crate::__private::NeedsLoss::never(data)
                }
            }
        }
    };
}
