graven::network! {
    pub struct Net;

    const WIDTHS = [16, 8];

    fn layer(x, units, activation = relu) {
        activation(dense(x, units))
    }

    fn forward(x: [4]) -> [3] {
        let mut y = x;
        for units in WIDTHS {
            y = layer(y, units);
        }
        dense(y, 3)
    }

    fn loss(logits, label: index<3>) {
        cross_entropy(logits, label) + l2(1e-4)
    }
}

fn main() {}
