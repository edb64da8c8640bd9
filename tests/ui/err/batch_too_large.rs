graven::network! {
    pub struct Net;

    budget { ram = 1 KiB, batch = 99999999 }

    fn forward(x: [4]) -> [4] {
        x
    }
}

fn main() {}
