graven::network! {
    pub struct Net;

    fn heads_of(x, heads) {
        assert!(x.channels % heads == 0, "{} channels cannot be divided among {heads} heads", x.channels);
        reshape(x, [heads, x.channels / heads])
    }

    fn forward(x: [10]) -> [2, 5] {
        heads_of(x, 3)
    }
}

fn main() {}
