//! The language: from tokens to graphs, names, layers and errors.

mod blocks;
mod closures;
mod errors;
mod graphs;
mod images;
mod layers;
mod names;
mod prelude;
mod recurrent;
mod statics;
mod support;
