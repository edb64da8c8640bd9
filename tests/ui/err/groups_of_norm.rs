graven::network! {
    pub struct Net;

    fn forward(image: [8, 8, 24]) {
        group_norm(image)
    }
}

fn main() {}
