graven::network! {
    pub struct Net;

    fn narrow(x) {
        feed_forward(x, 2)
    }

    fn forward(x: [2, 4]) -> [2, 4] {
        pre_norm(post_norm(x, narrow), narrow, norm = rms_norm)
    }
}

pub fn main() {}
