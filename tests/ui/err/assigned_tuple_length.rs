graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let mut a = x;
        let mut b = x;
        (a, b) = split(x, 4);
        x
    }
}

fn main() {}
