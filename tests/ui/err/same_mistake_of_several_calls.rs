graven::network! {
    pub struct Net;

    fn narrow(x) {
        x + dense(x, x.channels - 1)
    }

    fn forward(x: [4], y: [6]) -> [4] {
        narrow(x) + narrow(x) + narrow(y)
    }
}

fn main() {}
