graven::network! {
    pub struct Net;

    fn forward(image: [8, 8, 3]) -> [6, 6, 4] {
        conv2d(image, 4, kernel = 3)
    }
}

fn main() {}
