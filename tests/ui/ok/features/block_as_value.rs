graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        let y = {
            let z = x * x;
            z + 1
        };
        y
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[2.0, 5.0, 10.0, 17.0]]);
}
