graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [3] {
        dense(x, 3, kernel_initializer = he_normal)
    }
}

fn main() {}
