graven::network! {
    pub struct Net {
        width: usize,
    }

    fn forward(x: [4]) -> [2] {
        dense(x, 2)
    }
}

fn main() {
    let _ = Net::new(7);
}
