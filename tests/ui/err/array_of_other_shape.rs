graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        dense(x, 2)
    }
}

fn main() {
    let model = Net::new(7);
    let _ = model.predict(&[[0.0; 5]]);
}
