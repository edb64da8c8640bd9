graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let units: usize = 4;
        dense(x, units)
    }
}

fn main() {}
