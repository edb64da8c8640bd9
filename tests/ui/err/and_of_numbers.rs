graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        if x.rank && x.channels {
            x
        } else {
            -x
        }
    }
}

fn main() {}
