graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let y = x else { 3 };
        y
    }
}

fn main() {}
