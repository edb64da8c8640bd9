graven::network! {
    pub struct Net;

    fn cell(h, step, units) {
        let h = tanh(dense(concat([h, step]), units));
        (h, h)
    }

    fn forward(x: [3, 2]) -> [4] {
        let (last, _) = scan(cell, over = x, init = zeros([4]), units = 4);
        last
    }

    fn loss(y, target: [4]) {
        mse(y, target)
    }
}

pub fn main() {
    assert_eq!(Net::PARAMETERS, 4 * 6 + 4);
}
