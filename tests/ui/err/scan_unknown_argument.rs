graven::network! {
    pub struct Net;

    fn cell(h, x, scale = 1.0) {
        (h + x * scale, h)
    }

    fn forward(x: [8, 4]) -> [4] {
        let (a, _) = scan(cell, over = x, innit = zeros([4]));
        let (b, _) = scan(cell, over = x, init = zeros([4]), scales = 2.0);
        let (c, _) = scan(|h, x| (h + x, h), over = x, init = zeros([4]), unit = 2);
        a + b + c
    }
}

fn main() {}
