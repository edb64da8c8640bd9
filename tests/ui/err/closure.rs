graven::network! {
    pub struct Net;

    fn forward(x: [4], steps: [8, 4]) -> [4] {
        let mut count = 0;
        let typed = |x: f32| x * 2;
        let counted = |x| {
            count = count + 1;
            x
        };
        let double = |x| x * 2;
        let itself = |x| itself(x);
        let narrow = |x| x + dense(x, 3);
        let (last, _) = scan(|h, x| h + x, over = steps, init = x);
        double(x, 3) + double() + residual(x, narrow) + last
    }
}

fn main() {}
