graven::network! {
    pub struct Net;
    fn cell(h, steps) {
        let (x, m) = steps;
        (h * m + x, h)
    }
    fn forward(x: [8, 4], mask: [7, 4]) -> [4] {
        let (last, _) = scan(cell, over = (x, mask), init = zeros([4]));
        last
    }
}

fn main() {}
