#![deny(warnings)]

graven::network! {
    pub struct Net;

    const UNITS = [8, HALF * 2];
    const HALF = 3;

    fn conv2d(x, units, activation = relu) {
        dense(x, units, activation = activation)
    }

    fn residual(x, block) {
        block(x, x.channels) + x
    }

    fn forward(x: [4]) -> [2] {
        let mut y = x;
        for (place, units) in enumerate(UNITS) {
            y = conv2d(y, units, name = format!("stage{place}"));
        }
        let blocks = [conv2d, conv2d];
        for block in blocks {
            y = residual(y, block);
        }
        dense(y, 2)
    }
}

fn main() {
    let names: Vec<&str> = Net::tensors().iter().map(|tensor| tensor.name).collect();
    assert_eq!(names[0], "stage0.dense.weight");
    assert_eq!(names[4], "residual.conv2d.dense.weight");
}
