//! Closures as layers, as cells and in lists.

graven::network! {
    pub struct Net;

    const WIDTH = 4;

    fn twice(x, layer) {
        layer(layer(x))
    }

    fn forward(x: [6, WIDTH]) -> [WIDTH] {
        let gain = param([WIDTH], init = ones);
        let wide = |x, units| relu(dense(x, units)) * gain;
        let (last, _) = scan(
            |(a, b), step| {
                let next = tanh(wide(step, WIDTH) + b);
                ((b, next), a)
            },
            over = x,
            init = (zeros([WIDTH]), zeros([WIDTH])),
        );
        let mut y = last.0 + last.1;
        for layer in [|x| layer_norm(x), |x| x * 2] {
            y = layer(y);
        }
        twice(residual(y, |y| dense(y, y.channels, activation = |y| y * 0.5)), move |y| y + gain)
    }

    fn loss(y, target: [WIDTH]) {
        let error = |a, b| mse(a, b);
        error(y, target)
    }
}

fn main() {
    let names: Vec<&str> = Net::tensors().iter().map(|tensor| tensor.name).collect();
    let block = ["residual.block.dense.weight", "residual.block.dense.bias"];
    assert_eq!(names[..3], ["gain", "cell.next.dense.weight", "cell.next.dense.bias"]);
    assert_eq!(names[3..], ["layer.layer_norm.weight", "layer.layer_norm.bias", block[0], block[1]]);
}
