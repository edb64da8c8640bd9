graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        dense(x, net::units = 4)
    }
}

fn main() {}
