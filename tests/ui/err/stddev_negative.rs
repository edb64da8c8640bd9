graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        gaussian_noise(x, -0.1)
    }
}

fn main() {}
