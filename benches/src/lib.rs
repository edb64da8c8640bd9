//! Times networks compiled by graven and compares them with what one core of this machine allows.
//!
//! The rows it writes have the form of the peers' programs, so that one table shows all.

#![forbid(unsafe_code)]

pub mod cells;
pub mod floor;
#[cfg(feature = "images")]
pub mod images;
pub mod limits;
pub mod machine;
pub mod measure;
pub mod mode;
pub mod options;
pub mod report;
pub mod suite;
