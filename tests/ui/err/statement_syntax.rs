graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        let hidden = dense(x, 8)
        dense(hidden, 2)
    }
}

fn main() {
    let model = Net::new(7);
    let probabilities = model.predict(&[[0.0; 4]; 3]);
    let _: [f32; 2] = probabilities[0];
}
