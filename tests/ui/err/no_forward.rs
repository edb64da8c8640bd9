graven::network! {
    pub struct Net;

    const UNITS = 4;
}

fn main() {}
