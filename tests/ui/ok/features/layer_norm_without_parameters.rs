graven::network! {
    pub struct Net;

    fn forward(x: [2, 2]) -> [2, 2] {
        layer_norm(x, scale = false, center = false) + rms_norm(x, axis = [0, 1])
    }
}

pub fn main() {
    assert_eq!(Net::PARAMETERS, 4);
}
