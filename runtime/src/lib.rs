//! What code emitted by `graven` calls: SIMD kernels, optimizers, random numbers and plain-data types.
//!
//! No allocation, no panics, no `std` unless the feature asks for it.

#![cfg_attr(not(feature = "std"), no_std)]
#![deny(unsafe_op_in_unsafe_fn)]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod index;
pub mod network;
pub mod optimizer;
pub mod plain;
pub mod sample;
