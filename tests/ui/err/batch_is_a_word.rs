graven::network! {
    pub struct Net;

    budget { ram = 1 KiB, batch = all }

    fn forward(x: [4]) -> [4] {
        x
    }
}

fn main() {}
