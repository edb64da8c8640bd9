//! The language: from tokens to graphs, names, layers and errors.

mod errors;
mod graphs;
mod layers;
mod names;
mod support;
