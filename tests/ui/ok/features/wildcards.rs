graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let (_, y) = split(x, 2);
        for _ in 0..3 {
            x;
        }
        concat([y, y])
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[3.0, 4.0, 3.0, 4.0]]);
}
