graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let widths = [4, 8];
        dense(x, widths["first"])
    }
}

fn main() {}
