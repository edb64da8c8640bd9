graven::network! {
    pub struct Net;

    fn outer(x) {
        a(x)
    }

    fn a(x) {
        b(x)
    }

    fn b(x) {
        c(x)
    }

    fn c(x) {
        d(x)
    }

    fn d(x) {
        e(x)
    }

    fn e(x) {
        f(x)
    }

    fn f(x) {
        g(x)
    }

    fn g(x) {
        x + param([3])
    }

    fn forward(x: [4]) -> [4] {
        outer(x)
    }
}

fn main() {}
