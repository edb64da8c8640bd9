graven::network! {
    pub struct Net;
    fn cell(h, x) {
        let h = dense(concat([h, x]), 16);
        (h, h)
    }
    fn forward(x: [8, 4]) -> [16] {
        let (last, _) = scan(cell, over = x, init = zeros([12]));
        last
    }
}

fn main() {}
