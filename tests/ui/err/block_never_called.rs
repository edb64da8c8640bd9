graven::network! {
    pub struct Net;

    fn unused(x, units) {
        let hidden = dens(x, units);
        match units {
            1 => hiden,
            _ => hidden,
        }
    }

    fn forward(x: [4]) -> [4] {
        x
    }
}

fn main() {}
