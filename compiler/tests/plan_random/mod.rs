//! Random networks.

use graven_compiler::ir::op::{Binary, Contract, Movement, Op, Real, Reduce, Source, Unary};
use graven_compiler::ir::{Builder, Expr, Purpose, Shape, Type};

use super::plan_common::{dense, parameter};

struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// A network of a dozen operators on shapes `[B, 3, 4]`, `[B, 4]` and what follows from them.
pub fn network(builder: &Builder, seed: u64) {
    let mut dice = Dice(seed.wrapping_mul(77).wrapping_add(13));
    let mut values = vec![
        builder.input("x", Type::f32(Shape::batched(&[3, 4]))) * parameter(builder, "p", &[3, 4]),
        builder.input("y", Type::f32(Shape::batched(&[4]))) + parameter(builder, "q", &[4]),
    ];
    for step in 0..12 {
        let x = dice.pick(&values);
        let next = grown(&mut dice, x, &values, step);
        values.push(next);
    }
    let last = dice.pick(&values[6..]);
    builder.keep(Purpose::Output(0), last.value);
    builder.keep(Purpose::Output(1), values[8].value);
    let loss = values[10..].iter().map(|value| total(value.unary(Unary::Tanh))).reduce(|a, b| a + b);
    let loss = loss.unwrap_or(last) * builder.source(Source::InverseTotal);
    builder.keep(Purpose::Loss, loss.value);
}

fn total(x: Expr<'_>) -> Expr<'_> {
    x.reduce(Reduce::Sum, &(0..x.shape().rank()).collect::<Vec<_>>())
}

fn grown<'b>(dice: &mut Dice, x: Expr<'b>, values: &[Expr<'b>], step: usize) -> Expr<'b> {
    let shape = x.shape();
    let rank = shape.rank();
    let builder = x.builder;
    match dice.below(10) {
        0 => x.unary(dice.pick(&[Unary::Tanh, Unary::Sigmoid, Unary::Sin, Unary::Neg])),
        1 => {
            let other = dice.pick(values);
            let fits = graven_compiler::ir::build::common_shape(&shape, &other.shape()).is_some();
            if fits {
                x.binary(dice.pick(&[Binary::Add, Binary::Mul, Binary::Max, Binary::Sub]), other)
            } else {
                x * 0.5
            }
        }
        2 if rank > 1 => {
            let axis = 1 + dice.below(rank - 1);
            let op = dice.pick(&[Reduce::Sum, Reduce::Max, Reduce::Sum]);
            let kept = (0..rank).filter(|other| *other != axis).collect();
            x - x.reduce(op, &[axis]).broadcast(shape, kept) * 0.25
        }
        3 if rank > 1 => x.reduce(Reduce::Sum, &[1 + dice.below(rank - 1)]).unary(Unary::Tanh),
        4 => {
            let mean = x.reduce(Reduce::Sum, &[0]).unary(Unary::Tanh);
            x * mean.broadcast(shape, (1..rank).collect())
        }
        5 if rank == 3 => x.transpose(&[0, 2, 1]),
        6 if rank > 1 => dense(x, &format!("d{step}"), 1 + dice.below(40)).unary(Unary::Tanh),
        7 if rank == 3 => {
            x.contract(x.unary(Unary::Tanh), Contract { batch: vec![(0, 0)], contract: vec![(2, 2)] }) * 0.1
        }
        8 if rank > 1 => {
            let mut high = vec![0; rank];
            high[rank - 1] = 1;
            let (low, interior) = (vec![0; rank], vec![0; rank]);
            x.movement(Movement::Pad { low, high, interior, value: Real::new(0.25) })
        }
        9 if rank > 1 => {
            let joined = builder.add(Op::Movement(Movement::Concat(rank - 1)), &[x.value, x.unary(Unary::Sin).value]);
            let size = joined.shape().0[1..].iter().map(|length| length.size).product();
            joined.reshape(Shape::batched(&[size]))
        }
        _ => x.square() + 0.1,
    }
}
