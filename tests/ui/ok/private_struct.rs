graven::network! {
    struct Net;

    fn forward(x: [4]) -> [2] {
        dense(x, 2)
    }
}

fn main() {
    let model = Net::new(7);
    let mut output = [[0.0; 2]; 3];
    model.forward(&mut NetForward::boxed(), &[[0.0; 4]; 3], &mut output);
}
