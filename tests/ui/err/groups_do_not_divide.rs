graven::network! {
    pub struct Net;

    fn forward(image: [8, 8, 10]) {
        conv2d(image, 12, kernel = 3, groups = 3)
    }
}

fn main() {}
