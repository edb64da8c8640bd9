graven::network! {
    pub struct Net;

    const UNITS = ;

    fn layer(x) {
        x +
    }

    fn forward(x: f64[4]) -> [2] {
        layer(x)
    }
}

fn main() {}
