graven::network! {
    pub struct Net;

    fn forward(word: index<10>) -> [4] {
        dense(word, 4)
    }
}

fn main() {}
