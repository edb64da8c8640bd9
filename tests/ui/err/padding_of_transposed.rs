graven::network! {
    pub struct Net;

    fn forward(image: [8, 8, 8]) {
        conv2d_transpose(image, 4, kernel = 3, stride = 2, padding = 1, output_padding = 2)
    }
}

fn main() {}
