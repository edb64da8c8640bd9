fn inputs<N: graven::Network>(_: &N) -> usize {
    N::PARAMETERS
}

fn main() {
    inputs(&[1.0, 2.0]);
}
