//! Numbers, environments and random graphs for tests of rules and passes.
#![allow(dead_code, reason = "each test binary uses a part")]

pub mod differences;

use graven_compiler::ir::op::{Binary, Reduce, Unary};
use graven_compiler::ir::op::{Contract, Movement, Real};
use graven_compiler::ir::{Builder, DType, Expr, Graph, Init, Parameter, Purpose, Role, Shape, Type};
use graven_compiler::rules::eval::Environment;
use ndarray::{ArrayD, IxDyn};

/// Rows of every environment.
pub const ROWS: usize = 5;

/// A linear congruential generator, the same on every machine.
pub struct Numbers(pub u64);

impl Numbers {
    /// Evenly distributed in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.unit() * bound as f64) as usize
    }

    /// One of the items.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    fn array(&mut self, ty: &Type, [low, high]: [f64; 2]) -> ArrayD<f64> {
        ArrayD::from_shape_simple_fn(IxDyn(&ty.shape.at(ROWS)), || match ty.dtype {
            DType::F32 => low + (high - low) * self.unit(),
            DType::Index(bound) => self.below(bound) as f64,
            DType::Mask => self.below(2) as f64,
        })
    }
}

/// Numbers in the range for everything that a graph reads.
pub fn environment(graph: &Graph, seed: u64, range: [f64; 2]) -> Environment {
    let mut numbers = Numbers(seed);
    Environment {
        inputs: graph.inputs.iter().map(|port| numbers.array(&port.ty, range)).collect(),
        targets: graph.targets.iter().map(|port| numbers.array(&port.ty, range)).collect(),
        parameters: (graph.parameters.iter())
            .map(|parameter| numbers.array(&Type::f32(Shape::fixed(&parameter.shape)), range))
            .collect(),
        rows: ROWS,
        first_row: 3,
        inverse_total: 1.0 / 16.0,
        seed,
        step: 2,
    }
}

/// Declares a trained parameter.
pub fn parameter<'b>(builder: &'b Builder, name: &str, shape: &[usize]) -> Expr<'b> {
    declare(builder, name, shape, Role::Trained)
}

/// Declares a parameter.
pub fn declare<'b>(builder: &'b Builder, name: &str, shape: &[usize], role: Role) -> Expr<'b> {
    let init = Init::Constant(Real::new(0.0));
    builder.parameter(Parameter { name: name.to_owned(), shape: shape.to_vec(), init, role, of_layer: true })
}

/// Keeps the sum of all elements, each times a target of its own, as the loss.
pub fn keep_loss(y: Expr<'_>) {
    let weights = y.builder.target("weights", y.ty());
    let axes: Vec<usize> = (0..y.shape().rank()).collect();
    y.builder.keep(Purpose::Loss, (y * weights).reduce(Reduce::Sum, &axes).value);
}

/// A value times an input with the batch.
pub fn batched<'b>(x: Expr<'b>, sizes: &[usize]) -> Expr<'b> {
    let name = format!("input {}", x.builder.graph().inputs.len());
    x * x.builder.input(&name, Type::f32(Shape::batched(sizes)))
}

/// Softmax over the last axis.
pub fn softmax(x: Expr<'_>) -> Expr<'_> {
    graven_compiler::nn::activation::softmax(x, x.shape().rank() - 1)
}

/// A graph of random operators with a loss and outputs. Steps (floor, comparisons) act on sources only, so that
/// rounding cannot be magnified.
pub fn random_graph(seed: u64) -> Graph {
    let builder = Builder::new();
    let mut numbers = Numbers(seed);
    let mut pool = sources(&builder);
    let n_sources = pool.len();
    for _ in 0..24 {
        let made = if numbers.below(6) == 0 {
            let source = pool[numbers.below(n_sources)];
            source.unary(numbers.pick(&[Unary::Floor, Unary::Sign, Unary::Abs]))
        } else {
            let x = pool[numbers.below(pool.len())];
            let y = pool[numbers.below(pool.len())];
            combine(&mut numbers, x, y)
        };
        pool.push(made);
    }
    assert_eq!(builder.take_fault(), None);
    for (position, value) in pool[pool.len() - 2..].iter().enumerate() {
        builder.keep(Purpose::Output(position), value.value);
    }
    let total = |x: Expr<'_>| x.reduce(Reduce::Sum, &(0..x.shape().rank()).collect::<Vec<_>>()).value;
    let sum = pool[n_sources..].iter().map(|&x| builder.expr(total(x.unary(Unary::Tanh))));
    let loss = sum.reduce(|a, b| a + b).map(|sum| sum * builder.source(graven_compiler::ir::op::Source::InverseTotal));
    loss.into_iter().for_each(|loss| builder.keep(Purpose::Loss, loss.value));
    builder.finish()
}

fn sources(builder: &Builder) -> Vec<Expr<'_>> {
    vec![
        builder.input("a", Type::f32(Shape::batched(&[4]))),
        builder.input("b", Type::f32(Shape::batched(&[3, 4]))),
        builder.input("c", Type::f32(Shape::batched(&[]))),
        parameter(builder, "p", &[4]),
        parameter(builder, "q", &[3, 4]),
        parameter(builder, "r", &[4, 4]),
        parameter(builder, "s", &[]),
    ]
}

fn combine<'b>(numbers: &mut Numbers, x: Expr<'b>, y: Expr<'b>) -> Expr<'b> {
    let rank = x.shape().rank();
    match numbers.below(12) {
        0..=2 => binary(numbers, x, y),
        3 => x.unary(numbers.pick(&[Unary::Neg, Unary::Neg, Unary::Sin, Unary::Sigmoid, Unary::Erf])),
        4 => x.unary(Unary::Tanh).unary(numbers.pick(&[Unary::Exp, Unary::Cos, Unary::Abs])),
        5 => with_constant(numbers, x),
        6 if rank > 0 => {
            let kind = numbers.pick(&[Reduce::Sum, Reduce::Max, Reduce::Min]);
            x.reduce(kind, &[numbers.below(rank)])
        }
        7 if rank > 0 && x.shape().0[rank - 1].size > 1 => softmax(x).unary(numbers.pick(&[Unary::Log, Unary::Sqrt])),
        8 => x.unary(Unary::Sigmoid).unary(Unary::Log),
        9 => moved(numbers, x),
        10 => contracted(x, y),
        _ => x.compare_with_source(y),
    }
}

fn binary<'b>(numbers: &mut Numbers, x: Expr<'b>, y: Expr<'b>) -> Expr<'b> {
    let kind = numbers.pick(&[Binary::Add, Binary::Sub, Binary::Mul, Binary::Max, Binary::Min, Binary::Div]);
    match graven_compiler::ir::build::common_shape(&x.shape(), &y.shape()) {
        Some(_) if kind == Binary::Div => x / (y.unary(Unary::Sin) + 2.0),
        Some(_) => x.unary(Unary::Tanh).binary(kind, y),
        None => x,
    }
}

fn with_constant<'b>(numbers: &mut Numbers, x: Expr<'b>) -> Expr<'b> {
    let constant = numbers.pick(&[0.0, 1.0, -1.0, 2.0, 0.5, 3.0, 8.0]);
    match numbers.below(5) {
        0 => x + constant,
        1 => constant * x,
        2 => constant - x,
        3 => (x.unary(Unary::Sigmoid) + 0.5).binary(Binary::Pow, x.builder.scalar(constant)),
        _ if constant == 0.0 => x.unary(Unary::Neg),
        _ => x / constant,
    }
}

fn moved<'b>(numbers: &mut Numbers, x: Expr<'b>) -> Expr<'b> {
    let shape = x.shape();
    let first = usize::from(shape.is_batched());
    if shape.rank() == first {
        let mut wider = shape.clone();
        wider.0.push(graven_compiler::ir::Dim::fixed(4));
        return x.broadcast(wider, (0..shape.rank()).collect());
    }
    match numbers.below(4) {
        0 => {
            let perm: Vec<usize> = (0..first).chain((first..shape.rank()).rev()).collect();
            x.transpose(&perm)
        }
        1 => {
            let mut flat = Shape(shape.0[..first].to_vec());
            flat.0.push(shape.0[first..].iter().copied().fold(graven_compiler::ir::Dim::fixed(1), |a, b| a.times(b)));
            x.reshape(flat)
        }
        2 => x.movement(Movement::Reverse(vec![shape.rank() - 1])),
        _ => x.broadcast(
            Shape([&shape.0[..first], &[graven_compiler::ir::Dim::fixed(2)], &shape.0[first..]].concat()),
            (0..first).chain(first + 1..=shape.rank()).collect(),
        ),
    }
}

/// `x` times `y` over their last axes, if that is a contraction.
fn contracted<'b>(x: Expr<'b>, y: Expr<'b>) -> Expr<'b> {
    let (a, b) = (x.shape(), y.shape());
    let fits = a.rank() > usize::from(a.is_batched()) && !b.is_batched() && b.rank() > 0 && a.rank() + b.rank() < 6;
    if fits && a.0[a.rank() - 1] == b.0[b.rank() - 1] {
        let pairs = vec![(a.rank() - 1, b.rank() - 1)];
        return x.unary(Unary::Tanh).contract(y, Contract { batch: Vec::new(), contract: pairs });
    }
    x
}

/// Selection by a mask that rounding does not change.
trait CompareWithSource {
    fn compare_with_source(self, other: Self) -> Self;
}

impl CompareWithSource for Expr<'_> {
    fn compare_with_source(self, other: Self) -> Self {
        use graven_compiler::ir::op::{Compare, Op};
        let is_source = matches!(self.builder.graph().op(self.value), Op::Source(_));
        if is_source && other.shape() == self.shape() {
            self.compare(Compare::Gt, self.like(0.25)).select(self, other)
        } else {
            self
        }
    }
}
