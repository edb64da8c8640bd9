graven::network! {
    #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
    pub struct Net;

    fn forward(x: [4]) -> [4] {
        dense(x, 4)
    }
}

pub fn main() {
    let model = *Net::new(7);
    assert_eq!(model, *Net::new(7));
    assert_ne!(model, *Net::new(8));
}
