graven::network! {
    pub struct Net;

    fn forward(x: [64]) -> [10] {
        let hidden = relu(dense(x, 100));
        dense(hidden, 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }

    budget { train_ram = 32 KiB, batch = 4 }
}

fn main() {
    let mut model = Net::new(7);
    model.forward(&mut NetForward::<1>::zeroed(), &[[0.0; 64]], &mut [[0.0; 10]]);
    let (optimizer, mut state) = (graven::Sgd::new(0.1), <graven::Sgd as graven::Optimizer>::State::<Net>::zeroed());
    let label = [graven::Index::ZERO; 4];
    model.train_step(&mut NetTraining::<4>::zeroed(), &optimizer, &mut state, &[[0.0; 64]; 4], &label);
}
