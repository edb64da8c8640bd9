//! Comparison of plans with the reference evaluator.
#![allow(dead_code, reason = "each test binary uses a part")]

use graven_compiler::ir::op::{Contract, Real};
use graven_compiler::ir::{Builder, DType, Expr, Graph, Init, Parameter, Purpose, Role, Shape, Type};
use graven_compiler::passes;
use graven_compiler::plan::{self, Plan, Program, exec};
use graven_compiler::rules::eval::{Environment, evaluate};
use ndarray::{ArrayD, IxDyn};

/// The graphs of a network.
pub struct Net {
    /// Outputs alone.
    pub forward: Graph,
    /// With gradients.
    pub training: Option<Graph>,
}

impl Net {
    /// A network with a loss.
    pub fn trained(build: impl Fn(&Builder)) -> Self {
        let graph = built(&build);
        let mut forward = graph.clone();
        forward.sinks.retain(|sink| matches!(sink.purpose, Purpose::Output(_)));
        Self { forward: passes::prepare(forward), training: Some(passes::train(graph)) }
    }

    /// A network without a loss, as it was built.
    pub fn inference(build: impl Fn(&Builder)) -> Self {
        Self { forward: built(&build), training: None }
    }
}

fn built(build: &impl Fn(&Builder)) -> Graph {
    let builder = Builder::new();
    build(&builder);
    assert_eq!(builder.take_fault(), None);
    builder.finish()
}

/// Declares a trained parameter.
pub fn parameter<'b>(builder: &'b Builder, name: &str, shape: &[usize]) -> Expr<'b> {
    declared(builder, name, shape, Role::Trained)
}

/// Declares a parameter.
pub fn declared<'b>(builder: &'b Builder, name: &str, shape: &[usize], role: Role) -> Expr<'b> {
    let (name, shape) = (name.to_owned(), shape.to_vec());
    builder.parameter(Parameter { name, shape, init: Init::Constant(Real::new(0.0)), role, of_layer: true })
}

/// A dense layer.
pub fn dense<'b>(x: Expr<'b>, name: &str, units: usize) -> Expr<'b> {
    let last = x.shape().rank() - 1;
    let width = x.shape().0[last].size;
    let weight = parameter(x.builder, &format!("{name}.weight"), &[units, width]);
    let bias = parameter(x.builder, &format!("{name}.bias"), &[units]);
    x.contract(weight, Contract { batch: vec![], contract: vec![(last, 1)] }) + bias
}

/// Plans a network and compares all its plans with the evaluator at several batch sizes.
pub fn check(net: &Net) {
    let program = plan::program(&net.forward, None, net.training.as_ref());
    for rows in [1, 3] {
        compare(&program, &program.forward, &net.forward, rows, true);
        if let (Some(plan), Some(graph)) = (&program.training, &net.training) {
            compare(&program, plan, graph, rows, true);
            compare(&program, plan, graph, rows, false);
        }
    }
}

fn numbers(shape: &Shape, dtype: DType, rows: usize, state: &mut u64) -> ArrayD<f64> {
    ArrayD::from_shape_simple_fn(IxDyn(&shape.at(rows)), || {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let unit = (*state >> 40) as f64 / (1_u64 << 24) as f64;
        match dtype {
            DType::Index(bound) => (unit * bound as f64).floor(),
            DType::Mask => f64::from(unit < 0.5),
            DType::F32 => 0.2 + unit,
        }
    })
}

fn environment(graph: &Graph, rows: usize) -> Environment {
    let mut state = 7;
    let mut port = |ty: &Type| numbers(&ty.shape, ty.dtype, rows, &mut state);
    Environment {
        inputs: graph.inputs.iter().map(|input| port(&input.ty)).collect(),
        targets: graph.targets.iter().map(|target| port(&target.ty)).collect(),
        parameters: graph.parameters.iter().map(|one| port(&Type::f32(Shape::fixed(&one.shape)))).collect(),
        rows,
        first_row: 2,
        inverse_total: 0.25,
        seed: 5,
        step: 3,
    }
}

fn flat(arrays: &[ArrayD<f64>]) -> Vec<Vec<f64>> {
    arrays.iter().map(|array| array.iter().copied().collect()).collect()
}

fn compare(program: &Program, plan: &Plan, graph: &Graph, rows: usize, outputs: bool) {
    let environment = environment(graph, rows);
    let expected = evaluate(graph, &environment);
    let parameters = flat(&environment.parameters);
    let mut lengths = Vec::new();
    for (purpose, value) in &expected {
        if let Purpose::Output(position) = purpose {
            lengths.resize(lengths.len().max(position + 1), 0);
            lengths[*position] = if outputs { value.len() } else { 0 };
        }
    }
    let call = exec::Call {
        inputs: flat(&environment.inputs),
        targets: flat(&environment.targets),
        parameters: parameters.iter().enumerate().map(|(at, one)| exec::to_physical(program, at, one)).collect(),
        outputs: lengths,
        rows,
        first_row: 2,
        inverse_total: 0.25,
        seed: 5,
        step: 3,
    };
    let outcome = exec::run(plan, &call);
    for (purpose, value) in expected {
        let found = |list: &[(usize, Vec<f64>)], position: usize| {
            let (_, physical) = list.iter().find(|(at, _)| *at == position).expect("the plan hands it on");
            exec::to_logical(program, position, physical)
        };
        let actual = match purpose {
            Purpose::Output(_) if !outputs => continue,
            Purpose::Output(position) => outcome.outputs[position].clone(),
            Purpose::Loss => vec![outcome.loss.expect("a loss")],
            Purpose::Gradient(position) => found(&outcome.gradients, position),
            Purpose::Assign(position) => found(&outcome.assigned, position),
        };
        let expected: Vec<f64> = value.iter().copied().collect();
        assert_eq!(actual.len(), expected.len(), "{purpose:?}\n{plan}");
        for (a, e) in actual.iter().zip(&expected) {
            let close = (a - e).abs() <= 1e-9 * (1.0 + e.abs());
            assert!(close, "{purpose:?} at {rows} rows: {actual:?} instead of {expected:?}\n{plan}");
        }
    }
}
