graven::network! {
    pub struct Net;
    fn cell(h, x) {
        let h = tanh(h + dense(x, 6));
        (h, h)
    }
    fn forward(x: [8, 4]) -> [5] {
        let (last, _) = scan(cell, over = x, init = zeros([5]));
        last
    }
}

fn main() {}
