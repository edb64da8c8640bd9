//! Optimizers over ten steps against the numbers of other libraries: Keras 3.15.1 in float64 on PyTorch 2.15.0, whose
//! own `Adadelta` gives the same.

mod common;
#[path = "common/network.rs"]
mod network;

use common::{assert_close, at_every_level};
use graven_runtime::optimizer::{Adadelta, Adagrad, Lamb, Lion, Nadam, Optimizer, RmsProp};
use graven_runtime::plain::Zeroable;
use graven_runtime::{Run, Simd, Sink, Step};
use network::{Model, PARAMETERS};

const COUNT: usize = 5;

#[derive(Clone)]
struct Train<O>(O);

impl<O: Optimizer> Run for Train<O> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> Vec<f32> {
        let Self(optimizer) = self;
        let mut state = O::State::<Model>::ZEROED;
        let mut parameters = [0.0; PARAMETERS];
        let mut gradient = [0.0; PARAMETERS];
        (0..COUNT).for_each(|at| parameters[at] = ((at * 5 % 7) as f32 - 3.0) / 4.0);
        for step in 0..10 {
            (0..COUNT).for_each(|at| gradient[at] = (((step * 7 + at * 11) % 13) as f32 - 6.0) / 8.0);
            optimizer.begin::<Model>(&mut state);
            let mut sink = Step::<O, Model> { optimizer: &optimizer, state: &mut state, parameters: &mut parameters };
            sink.gradient(simd, 0, &gradient);
            optimizer.finish::<Model, S>(simd, &mut state, &mut parameters);
        }
        parameters[..COUNT].to_vec()
    }
}

fn check(name: &str, optimizer: impl Optimizer, expected: [f64; COUNT]) {
    for (level, found) in at_every_level(Train(optimizer.clone())) {
        assert_close(&format!("{name} at {level}"), &found, &expected, 2e-6);
    }
}

#[test]
fn rms_prop() {
    let expected = [-0.719054211365, 0.479962194056, -0.0427147651716, -0.515552203999, 0.793945035406];
    check("RMSprop(0.01)", RmsProp::new(0.01), expected);
    let expected = [-0.563319593276, 0.393192948094, -0.187765585189, -0.541484464589, 0.896867700693];
    check("momentum=0.8", RmsProp { momentum: 0.8, ..RmsProp::new(0.01) }, expected);
    let expected = [-0.683099914046, 0.468035107159, -0.0758394698743, -0.512747216214, 0.807976538222];
    let centered = RmsProp { momentum: 0.5, centered: true, rho: 0.8, epsilon: 1e-3, ..RmsProp::new(0.01) };
    check("momentum=0.5, centered=True, rho=0.8, epsilon=1e-3", centered, expected);
}

#[test]
fn adagrad() {
    let expected = [-0.653855798464, 0.440162000633, -0.112969573053, -0.488615905932, 0.816342356675];
    check("Adagrad(0.1)", Adagrad::new(0.1), expected);
}

#[test]
fn adadelta() {
    let expected = [-0.654949465493, 0.472612866599, -0.24972662963, -0.578325309413, 1.01578302095];
    check("Adadelta(1.0, epsilon=1e-3)", Adadelta { epsilon: 1e-3, ..Adadelta::new(1.0) }, expected);
}

#[test]
fn nadam() {
    let expected = [-0.73300906132, 0.491452869332, -0.0209159767193, -0.503728265183, 0.767696929476];
    check("Nadam(0.01)", Nadam::new(0.01), expected);
}

#[test]
fn lion() {
    check("Lion(0.01)", Lion::new(0.01), [-0.75, 0.48, -0.02, -0.5, 0.75]);
    let expected = [-0.742583460657, 0.475132060864, -0.0199302195008, -0.494972639606, 0.742563620098];
    check("Lion(0.01, weight_decay=0.1)", Lion { weight_decay: 0.1, ..Lion::new(0.01) }, expected);
}

#[test]
fn lamb() {
    let expected = [-0.692342441483, 0.480286770916, -0.0518207007353, -0.486953572455, 0.776438759802];
    check("Lamb(0.01)", Lamb::new(0.01), expected);
}
