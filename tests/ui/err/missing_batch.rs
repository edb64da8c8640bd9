graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        dense(x, 2)
    }
}

fn main() {
    let model = Net::new(7);
    let row: [f32; 4] = [0.1, 0.2, 0.3, 0.4];
    let _ = model.predict(&row);
}
