graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        if x.channels == 4 {
            return x;
        }
        dense(x, 4)
    }
}

fn main() {}
