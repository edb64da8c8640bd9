graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let w = param([4, 4], init = 0.5);
        matmul(matmul(x, w), w)
    }
}

pub fn main() {
    let names: Vec<&str> = Net::tensors().iter().map(|tensor| tensor.name).collect();
    assert_eq!(names, ["w"]);
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[6.0, 6.0, 6.0, 6.0]]);
}
