//! From a graph to kernels over buffers that have no place yet.
//!
//! [`facts`] says how each operand is read, [`groups`] joins values that one kernel can make, and [`lower`] writes the
//! kernels, from the sinks back to the sources, so that only what is read is stored.

mod border;
mod contract;
mod domain;
pub mod facts;
pub mod groups;
pub mod lower;
mod movement;
mod rows;
mod scan;
mod window;
