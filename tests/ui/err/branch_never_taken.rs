graven::network! {
    pub struct Net;

    const DEEP = false;

    fn forward(x: [4]) -> [4] {
        if DEEP { densely(x, 4) } else { dense(x, 4) }
    }
}

fn main() {}
