graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        dens(x, 2)
    }

    fn loss(logits, label: index<2>) {
        cross_entropy(logits, label)
    }
}

fn main() {
    let mut model = Net::new(7);
    let outputs = model.predict(&[[0.0; 4]; 3]);
    let _: [f32; 2] = outputs[0];
    let mut memory = NetForward::<3>::boxed();
    let mut output = [[0.0; 2]; 3];
    model.forward(&mut memory, &[[0.0; 4]; 3], &mut output);
    let optimizer = graven::Adam::new(1e-3);
    let mut training = NetTraining::<3>::boxed();
    let mut state = <graven::Adam as graven::Optimizer>::State::<Net>::boxed();
    let label = [graven::Index::<2>::new(1).unwrap(); 3];
    model.train_step(&mut training, &optimizer, &mut state, &[[0.0; 4]; 3], &label);
    let mut gradients = NetGradients::boxed();
    model.gradients(&mut training, &[[0.0; 4]; 3], &label, &mut gradients);
    let _ = (Net::PARAMETERS, Net::SUMMARY, model.parameters().len(), Net::tensors());
    let data = graven::Dataset::new(vec![[0.0; 4]; 8], vec![label[0]; 8]).unwrap();
    let _ = model.fit::<4>(&data).optimizer(optimizer).epochs(1).run();
    let _ = model.evaluate::<4>(&data);
    let _ = model.save("net.safetensors");
}
