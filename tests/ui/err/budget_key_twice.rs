graven::network! {
    pub struct Net;

    fn forward(x: [64]) -> [10] {
        let hidden = relu(dense(x, 100));
        dense(hidden, 10)
    }

    budget { ram = 1 KiB, flash = 1 MiB, ram = 2 KiB }
}

fn main() {
    let model = Net::new(7);
    model.forward(&mut NetForward::<1>::zeroed(), &[[0.0; 64]], &mut [[0.0; 10]]);
}
