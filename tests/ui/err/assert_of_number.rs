graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        assert!(x.channels);
        x
    }
}

fn main() {}
