graven::network! {
    pub struct Net;

    fn forward(image: [8, 8, 3]) -> [6, 6, 4] {
        embedding(image, 8)
    }
}

fn main() {}
