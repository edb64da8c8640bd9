//! What code emitted by `graven` calls: SIMD kernels, optimizers, random numbers and plain-data types.
//!
//! No allocation, no panics, no `std` unless the feature asks for it.

#![cfg_attr(not(feature = "std"), no_std)]
#![deny(unsafe_op_in_unsafe_fn)]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod arena;
pub mod batch;
pub mod border;
pub mod copy;
pub mod dispatch;
pub mod drive;
pub mod glue;
pub mod index;
mod initial;
pub mod kernels;
pub mod lanes;
pub mod math;
pub mod network;
pub mod optimizer;
pub mod plain;
pub mod random;
pub mod sample;
pub mod sink;
pub mod stage;
pub mod tensors;

pub use crate::{
    arena::{Arena, Cut, fill, get, put, row, row_mut, tail, tail_mut, view, view_mut},
    batch::{Batch, Clock},
    border::{Bordered, border},
    copy::{Axis, copy, reals_from_indices},
    dispatch::{Run, dispatch},
    glue::{assign, iota, lane},
    kernels::window::{
        Window, Windowed, convolution, convolution_input_gradient, convolution_weight_gradient, depthwise,
        depthwise_input_gradient, depthwise_weight_gradient, max_pool, max_pool_at, max_pool_gradient, sum_pool,
        sum_pool_gradient,
    },
    kernels::{Epilogue, Matmul, dense, dense_input_gradient, dense_weight_gradient, matmul},
    lanes::{Vector, load, splat, store},
    sink::{Collect, Share, Sharing, Sink, Step, Stream},
    stage::{Fold, stage},
    tensors::{Init, Kind, Layout, Slot, infos, initialise, read_tensor, slots, write_tensor},
};
pub use fearless_simd::{Select, Simd, SimdBase, SimdFloat, f32x16, mask32x16, prelude};
