graven::network! {
    pub struct Net;

    fn forward(image: [9, 9, 1]) {
        let small = conv2d(image, 4, kernel = 5);
        conv2d(small, 4, kernel = [7, 2])
    }
}

fn main() {}
