graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        let mut y = x;
        for units in 3 {
            y = dense(y, units);
        }
        dense(y, 2)
    }
}

fn main() {}
