graven::network! {
    pub struct Net;

    budget { ram = 1 KiB, batch = 8KiB }

    fn forward(x: [4]) -> [4] {
        x
    }
}

fn main() {}
