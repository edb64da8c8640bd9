graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let y = dense(x, 4, init = he_normal, bias_init = 0.5);
        let y = y + dense(x, 4, init = "lecun_uniform", bias_init = ones);
        y + dense(x, 4, init = truncated_normal) + param([4], init = random_normal)
    }
}

pub fn main() {}
