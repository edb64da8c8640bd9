graven::network! {
    pub struct Net;

    fn forward(x: [5]) -> [5] {
        let y = mlp(x, [8, 0]);
        glu(x)
    }
}

fn main() {}
