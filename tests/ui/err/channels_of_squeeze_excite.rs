graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        squeeze_excite(x)
    }
}

fn main() {}
