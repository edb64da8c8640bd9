graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        let rate = 0.5;
        rate(x)
    }
}

fn main() {}
