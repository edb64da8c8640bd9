//! Networks with the same names inside of one module, one of them made by a macro of one's own.

macro_rules! classifier {
    ($name:ident, $units:expr) => {
        graven::network! {
            pub struct $name;

            fn forward(x: [4]) -> [2] {
                dense(dense(x, $units, activation = relu), 2)
            }
        }
    };
}

classifier!(Small, 4);
classifier!(Large, 4 * 4);

const _: () = assert!(Small::PARAMETERS < Large::PARAMETERS);

fn main() {}
