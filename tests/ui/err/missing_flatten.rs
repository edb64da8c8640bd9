graven::network! {
    pub struct Net;

    fn forward(image: [8, 8]) -> [10] {
        dense(image, 10)
    }
}

fn main() {}
