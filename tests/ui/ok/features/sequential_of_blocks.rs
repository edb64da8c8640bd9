graven::network! {
    pub struct Net;

    fn first(x) {
        dense(x, 4)
    }

    fn forward(x: [4]) -> [4] {
        sequential(x, [square, first, relu])
    }
}

pub fn main() {
    let names: Vec<&str> = Net::tensors().iter().map(|tensor| tensor.name).collect();
    assert_eq!(names, ["sequential.first.dense.weight", "sequential.first.dense.bias"]);
}
