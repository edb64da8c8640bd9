graven::network! {
    pub struct Net;

    fn forward(pixels: [784]) {
        conv2d(pixels, 4, kernel = 3)
    }
}

fn main() {}
