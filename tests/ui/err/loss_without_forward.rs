graven::network! {
    pub struct Net;

    fn loss(y, target: [2]) {
        mse(y, target)
    }
}

fn main() {}
