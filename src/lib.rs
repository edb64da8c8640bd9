//! A static-graph neural-network compiler.
#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

pub use graven_macros::network;
