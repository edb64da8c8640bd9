graven::network! {
    pub struct Net;

    fn forward(image: [8, 12, 8]) {
        max_pool2d(max_pool2d(image, 4), 4)
    }
}

fn main() {}
