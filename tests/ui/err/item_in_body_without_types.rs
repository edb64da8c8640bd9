graven::network! {
    pub struct Net;

    fn block(x) {
        const WIDTH = 8;
        dense(x, WIDTH)
    }

    fn forward(x: [4]) -> [4] {
        if true {
            fn inner(x) {
                x
            }
        }
        block(x)
    }
}

fn main() {}
