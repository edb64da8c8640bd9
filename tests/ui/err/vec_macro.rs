graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let mut y = x;
        for units in vec![8, 4] {
            y = dense(y, units);
        }
        y
    }
}

fn main() {}
