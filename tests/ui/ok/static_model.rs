use std::sync::Mutex;

graven::network! {
    pub struct Net;

    fn forward(x: [4]) -> [2] {
        dense(x, 2)
    }

    fn loss(y, target: [2]) {
        mse(y, target)
    }
}

static MODEL: Mutex<Net> = Mutex::new(Net::zeroed());
static FORWARD: Mutex<NetForward<3>> = Mutex::new(NetForward::zeroed());
static TRAINING: Mutex<NetTraining<3>> = Mutex::new(NetTraining::zeroed());
static GRADIENTS: Mutex<NetGradients> = Mutex::new(NetGradients::zeroed());
static STATE: Mutex<<graven::Adam as graven::Optimizer>::State<Net>> =
    Mutex::new(<graven::Adam as graven::Optimizer>::State::<Net>::zeroed());

fn main() {
    let (mut model, mut training) = (MODEL.lock().unwrap(), TRAINING.lock().unwrap());
    model.init(7);
    let optimizer = graven::Adam::new(1e-3);
    model.train_step(&mut training, &optimizer, &mut STATE.lock().unwrap(), &[[0.0; 4]; 3], &[[0.0; 2]; 3]);
    model.gradients(&mut training, &[[0.0; 4]; 3], &[[0.0; 2]; 3], &mut GRADIENTS.lock().unwrap());
    model.forward(&mut FORWARD.lock().unwrap(), &[[0.0; 4]; 3], &mut [[0.0; 2]; 3]);
}
