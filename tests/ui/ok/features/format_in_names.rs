graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let mut y = x;
        for i in 0..2 {
            y = dense(y, 4, use_bias = false, name = format!("stage{i}.last"));
        }
        y
    }
}

pub fn main() {
    let names: Vec<&str> = Net::tensors().iter().map(|tensor| tensor.name).collect();
    assert_eq!(names, ["stage0.last.weight", "stage1.last.weight"]);
}
