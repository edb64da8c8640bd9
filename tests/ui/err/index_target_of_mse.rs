graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [10] {
        dense(x, 10)
    }

    fn loss(y, label: index<10>) {
        mse(y, label)
    }
}

fn main() {}
