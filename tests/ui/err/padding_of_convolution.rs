graven::network! {
    pub struct Net;

    fn forward(image: [28, 28, 8]) {
        conv2d(image, 8, kernel = 5, padding = [1, 2, 3])
    }
}

fn main() {}
