graven::network! {
    fn forward(x: [4]) -> [2] {
        dense(x, 2)
    }
}

fn main() {}
