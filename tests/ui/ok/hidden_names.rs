//! Names of the prelude and of primitives mean something else around the declaration.
#![allow(non_camel_case_types, dead_code, reason = "names are hidden on purpose")]

mod core {}
mod std {}
mod alloc {}
struct f32;
struct u32;
struct u64;
struct usize;
struct bool;
struct str;
struct Box;
struct Vec;
struct String;
enum Result {}
enum Option {}
trait Clone {}
trait Default {}
macro_rules! compile_error {
    () => {};
}

graven::network! {
    #[derive(Clone, Debug)]
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        let hidden = dense(x, 3, activation = relu);
        dense(hidden, 2)
    }

    fn loss(logits, label: index<2>) {
        cross_entropy(logits, label) + l2(1e-4)
    }
}

fn main() {
    let model = Net::new(7);
    let _ = model.predict(&[[0.0; 4]]);
}
