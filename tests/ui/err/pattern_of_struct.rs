graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let Some(_y) = x;
        x
    }
}

fn main() {}
