graven::network! {
    pub struct Net;

    fn forward(image: [8, 8, 10]) {
        conv2d(image, 12, kernel = 3, stride = [2, 0])
    }
}

fn main() {}
