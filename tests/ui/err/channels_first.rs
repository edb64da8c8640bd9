graven::network! {
    pub struct Net;

    fn forward(image: [3, 8, 8], overlay: [8, 8, 3]) -> [3, 8, 8] {
        image + overlay
    }
}

fn main() {}
