graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        dense(x, 2)
    }
}

fn target_of<N: graven::Trainable>(_: &N) {}

fn main() {
    target_of(&*Net::new(7));
}
