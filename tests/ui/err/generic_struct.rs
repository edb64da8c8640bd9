graven::network! {
    pub struct Net<const N: usize>;

    fn forward(x: [4]) -> [2] {
        dense(x, 2)
    }
}

fn main() {}
