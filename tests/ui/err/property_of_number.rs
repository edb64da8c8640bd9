graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let units = 4;
        dense(x, units.channels)
    }
}

fn main() {}
