graven::network! {
    pub struct Net;

    fn forward(x: index<{ 4, 5 }>) -> [4] {
        ones([4])
    }
}

fn main() {}
