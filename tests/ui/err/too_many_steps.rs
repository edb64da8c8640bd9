graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let mut n = 0;
        for i in 0..1000 {
            for j in 0..1000 {
                n += i * j;
            }
        }
        x * n
    }
}

fn main() {}
