graven::network! {
    pub struct Net;

    fn shifted(x) {
        let shift = param([x.channels], init = ones);
        x + shift
    }

    fn forward(x: [4]) -> [4] {
        let y = dense(x, 4, activation = shifted, use_bias = false);
        y
    }
}

pub fn main() {
    let names: Vec<&str> = Net::tensors().iter().map(|tensor| tensor.name).collect();
    assert_eq!(names, ["y.weight", "y.shifted.shift"]);
}
