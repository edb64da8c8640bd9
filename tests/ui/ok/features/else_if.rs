graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        if x.rank == 2 {
            x
        } else if x.channels > 3 {
            -x
        } else {
            x * 2
        }
    }
}

pub fn main() {
    assert_eq!(*Net::new(7).predict(&[[1.0, -2.0, 3.0, 4.0]]), [[-1.0, 2.0, -3.0, -4.0]]);
}
