graven::network! {
    pub struct Net;

    fn forward(x: [3, 4], y: [5, 4]) -> [8, 4] {
        concat([x, y])
    }
}

fn main() {}
