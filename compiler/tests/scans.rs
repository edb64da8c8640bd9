//! Loops: what they compute, their gradients, and their plans.

mod passes_common;
mod plan_common;

use graven_compiler::ir::op::{Binary, Contract, Movement, Reduce, Unary};
use graven_compiler::ir::{Builder, DType, Expr, Purpose, Shape, Type};
use graven_compiler::nn;
use graven_compiler::rules::eval::evaluate;
use passes_common::differences::{ANY, check_differences};
use passes_common::{environment, keep_loss};
use plan_common::{Net, check, parameter};

type Step<'b> = (Vec<Expr<'b>>, Vec<Expr<'b>>);
type Cell = for<'b> fn(&[Expr<'b>], &[Expr<'b>], &[Expr<'b>]) -> Step<'b>;

/// A network around one loop: initial carries and sequences with their shapes, captured parameters, and the cell.
#[derive(Clone)]
struct Case {
    name: &'static str,
    inits: &'static [&'static [usize]],
    sequences: &'static [&'static [usize]],
    captured: &'static [&'static [usize]],
    reverse: bool,
    cell: Cell,
}

fn times<'b>(x: Expr<'b>, w: Expr<'b>) -> Expr<'b> {
    let last = x.shape().rank() - 1;
    x.contract(w, Contract { batch: vec![], contract: vec![(last, 1)] })
}

/// h' = tanh(W·x + U·h + b)
fn recurrent<'b>(carries: &[Expr<'b>], steps: &[Expr<'b>], captured: &[Expr<'b>]) -> Step<'b> {
    let [w, u, b] = captured else { panic!("three parameters") };
    let h = (times(steps[0], *w) + times(carries[0], *u) + *b).unary(Unary::Tanh);
    (vec![h], vec![h])
}

/// Two carries that are swapped and mixed, two outputs of different shapes.
fn two_of_each<'b>(carries: &[Expr<'b>], steps: &[Expr<'b>], captured: &[Expr<'b>]) -> Step<'b> {
    let [a, b] = carries else { panic!("two carries") };
    let [x, y] = steps else { panic!("two sequences") };
    let next = (*a * y.unary(Unary::Sigmoid) + times(*x, captured[0])).unary(Unary::Tanh);
    let total = (next * *b).reduce(Reduce::Sum, &[1]);
    (vec![*b, next], vec![total, *a - *x])
}

/// A linear recurrence that uses its step only by element.
fn decay<'b>(carries: &[Expr<'b>], steps: &[Expr<'b>], captured: &[Expr<'b>]) -> Step<'b> {
    let next = carries[0] * captured[0].unary(Unary::Sigmoid) + steps[0];
    (vec![next], vec![next.square()])
}

/// Softmax, a mask and a larger of two: operators that save masks and folds.
fn gated<'b>(carries: &[Expr<'b>], steps: &[Expr<'b>], captured: &[Expr<'b>]) -> Step<'b> {
    let x = times(steps[0], captured[0]);
    let weights = nn::activation::softmax(x, 1);
    let positive = x.compare(graven_compiler::ir::op::Compare::Gt, carries[0]).select(x, x * 0.5);
    let next = (weights * carries[0] + positive.binary(Binary::Max, x * 0.3)).unary(Unary::Sin);
    (vec![next], vec![weights])
}

/// A loop in the loop: the inner one walks along the rows of the outer step and starts from the outer carry.
fn nested<'b>(carries: &[Expr<'b>], steps: &[Expr<'b>], captured: &[Expr<'b>]) -> Step<'b> {
    let (u, h) = (captured[0], carries[0]);
    let builder = h.builder;
    let inner = nn::scan::scan(builder, &[h], &[steps[0]], true, |carries, steps| {
        let next = (times(carries[0], u) + steps[0] * h).unary(Unary::Tanh);
        Ok::<_, ()>((vec![next], vec![next + carries[0]]))
    });
    let (last, all) = inner.expect("the cell has no errors");
    (vec![last[0]], vec![all[0].reduce(Reduce::Sum, &[1])])
}

const CASES: &[Case] = &[
    Case {
        name: "recurrent",
        inits: &[&[3]],
        sequences: &[&[4, 2]],
        captured: &[&[3, 2], &[3, 3], &[3]],
        reverse: false,
        cell: recurrent,
    },
    Case {
        name: "recurrent, back to front",
        inits: &[&[17]],
        sequences: &[&[3, 2]],
        captured: &[&[17, 2], &[17, 17], &[17]],
        reverse: true,
        cell: recurrent,
    },
    Case {
        name: "one step",
        inits: &[&[3]],
        sequences: &[&[1, 2]],
        captured: &[&[3, 2], &[3, 3], &[3]],
        reverse: false,
        cell: recurrent,
    },
    Case {
        name: "two of each",
        inits: &[&[4], &[4]],
        sequences: &[&[3, 4], &[3, 4]],
        captured: &[&[4, 4]],
        reverse: false,
        cell: two_of_each,
    },
    Case { name: "decay", inits: &[&[5]], sequences: &[&[6, 5]], captured: &[&[5]], reverse: false, cell: decay },
    Case {
        name: "matrix carry",
        inits: &[&[2, 3]],
        sequences: &[&[4, 2, 3]],
        captured: &[&[3]],
        reverse: true,
        cell: decay,
    },
    Case { name: "gated", inits: &[&[4]], sequences: &[&[3, 4]], captured: &[&[4, 4]], reverse: false, cell: gated },
    Case {
        name: "nested",
        inits: &[&[3]],
        sequences: &[&[2, 4, 3]],
        captured: &[&[3, 3]],
        reverse: false,
        cell: nested,
    },
];

/// The captured parameters and the operands of a case; sequences and carries depend on parameters too.
fn operands<'b>(builder: &'b Builder, case: &Case) -> [Vec<Expr<'b>>; 3] {
    let batched = |role: &str, shapes: &[&[usize]]| -> Vec<Expr<'b>> {
        let one = |(number, shape): (usize, &&[usize])| {
            let input = builder.input(&format!("{role} {number}"), Type::f32(Shape::batched(shape)));
            input * parameter(builder, &format!("{role} weight {number}"), shape)
        };
        shapes.iter().enumerate().map(one).collect()
    };
    let (inits, sequences) = (batched("init", case.inits), batched("sequence", case.sequences));
    let captured = case.captured.iter().enumerate();
    let captured = captured.map(|(number, shape)| parameter(builder, &format!("captured {number}"), shape)).collect();
    [inits, sequences, captured]
}

fn looped<'b>(builder: &'b Builder, case: &Case) -> Step<'b> {
    let [inits, sequences, captured] = operands(builder, case);
    let cell = |carries: &[Expr<'b>], steps: &[Expr<'b>]| Ok::<_, ()>((case.cell)(carries, steps, &captured));
    nn::scan::scan(builder, &inits, &sequences, case.reverse, cell).expect("the cell has no errors")
}

fn unrolled<'b>(builder: &'b Builder, case: &Case) -> Step<'b> {
    let [mut carries, sequences, captured] = operands(builder, case);
    let n_steps = case.sequences[0][0];
    let mut outputs: Vec<Vec<Expr<'b>>> = Vec::new();
    for turn in 0..n_steps {
        let step = if case.reverse { n_steps - 1 - turn } else { turn };
        let steps: Vec<Expr<'b>> = sequences.iter().map(|&sequence| at(sequence, step)).collect();
        let (next, output) = (case.cell)(&carries, &steps, &captured);
        carries = next;
        outputs.push(output);
    }
    if case.reverse {
        outputs.reverse();
    }
    let stack = |number: usize| {
        let steps: Vec<_> = outputs.iter().map(|step| with_axis(step[number]).value).collect();
        builder.add(graven_compiler::ir::op::Op::Movement(Movement::Concat(1)), &steps)
    };
    (carries, (0..outputs[0].len()).map(stack).collect())
}

fn at(sequence: Expr<'_>, step: usize) -> Expr<'_> {
    let shape = sequence.shape();
    let mut starts = vec![0; shape.rank()];
    starts[1] = step;
    let mut lengths: Vec<usize> = shape.0.iter().map(|dim| dim.size).collect();
    lengths[1] = 1;
    let steps = vec![1; shape.rank()];
    let mut rest = shape;
    rest.0.remove(1);
    sequence.movement(Movement::Slice { starts, lengths, steps }).reshape(rest)
}

fn with_axis(step: Expr<'_>) -> Expr<'_> {
    let mut shape = step.shape();
    shape.0.insert(1, graven_compiler::ir::Dim::fixed(1));
    step.reshape(shape)
}

fn keep<'b>((carries, outputs): Step<'b>) -> Vec<Expr<'b>> {
    let all: Vec<Expr<'b>> = carries.into_iter().chain(outputs).collect();
    for (number, value) in all.iter().enumerate() {
        value.builder.keep(Purpose::Output(number), value.value);
    }
    all
}

/// The sum of all results, each passed through a function of its own.
fn total<'b>(results: &[Expr<'b>]) -> Expr<'b> {
    let one = |(number, x): (usize, &Expr<'b>)| {
        let axes: Vec<usize> = (1..x.shape().rank()).collect();
        (*x * (1.0 + number as f64)).unary(Unary::Sin).reduce(Reduce::Sum, &axes)
    };
    results.iter().enumerate().map(one).reduce(|a, b| a + b).expect("a loop has results")
}

#[test]
fn loops_are_what_they_unroll_to() {
    for case in CASES {
        let graph = |build: for<'b> fn(&'b Builder, &Case) -> Step<'b>| {
            let builder = Builder::new();
            keep(build(&builder, case));
            assert_eq!(builder.take_fault(), None, "{}", case.name);
            builder.finish()
        };
        let (looped, unrolled) = (graph(looped), graph(unrolled));
        let environment = environment(&looped, 3, ANY);
        let (found, expected) = (evaluate(&looped, &environment), evaluate(&unrolled, &environment));
        assert_eq!(found.len(), expected.len());
        for ((_, a), (_, b)) in found.iter().zip(&expected) {
            assert_eq!(a.shape(), b.shape(), "{}", case.name);
            assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12), "{}: {a} instead of {b}", case.name);
        }
    }
}

#[test]
fn gradients_of_loops_are_their_differences() {
    for case in CASES {
        check_differences(case.name, ANY, |builder| {
            let (carries, outputs) = looped(builder, case);
            keep_loss(total(&carries.into_iter().chain(outputs).collect::<Vec<_>>()));
        });
    }
}

#[test]
fn gradients_of_one_result_alone() {
    for case in CASES {
        check_differences(case.name, ANY, |builder| keep_loss(total(&looped(builder, case).0[..1])));
        check_differences(case.name, ANY, |builder| keep_loss(total(&looped(builder, case).1[..1])));
    }
}

fn trained(case: &Case, pick: impl Fn(Step<'_>) -> Vec<Expr<'_>>) -> Net {
    Net::trained(|builder| {
        let results = pick(looped(builder, case));
        for (number, value) in results.iter().enumerate() {
            builder.keep(Purpose::Output(number), value.value);
        }
        let share = builder.source(graven_compiler::ir::op::Source::InverseTotal);
        builder.keep(Purpose::Loss, (total(&results).reduce(Reduce::Sum, &[0]) * share).value);
    })
}

#[test]
fn plans_of_loops_give_what_the_evaluator_gives() {
    for case in CASES {
        check(&trained(case, |(carries, outputs)| carries.into_iter().chain(outputs).collect()));
    }
}

#[test]
fn what_nobody_reads_is_not_planned() {
    for case in CASES {
        check(&trained(case, |(carries, _)| carries[..1].to_vec()));
        check(&trained(case, |(_, outputs)| outputs[..1].to_vec()));
    }
}

#[test]
fn a_loop_without_rows() {
    check(&Net::trained(|builder| {
        let table = parameter(builder, "table", &[5, 3]);
        let x = builder.input("x", Type::f32(Shape::batched(&[3])));
        let start = parameter(builder, "start", &[3]);
        let result = nn::scan::scan(builder, &[start], &[table], false, |carries, steps| {
            let next = carries[0] * 0.5 + steps[0].unary(Unary::Tanh);
            Ok::<_, ()>((vec![next], vec![next * steps[0]]))
        });
        let (carries, outputs) = result.expect("the cell has no errors");
        let y = x * carries[0] + outputs[0].reduce(Reduce::Sum, &[0]);
        builder.keep(Purpose::Output(0), y.value);
        let share = builder.source(graven_compiler::ir::op::Source::InverseTotal);
        builder.keep(Purpose::Loss, (total(&[y]).reduce(Reduce::Sum, &[0]) * share).value);
    }));
}

#[test]
fn steps_of_indices_and_a_carry_that_gets_rows() {
    check(&Net::trained(|builder| {
        let ids = builder.input("ids", Type { dtype: DType::Index(7), shape: Shape::batched(&[6]) });
        let scale = parameter(builder, "scale", &[2]);
        let start = builder.scalar(0.5).broadcast(Shape::fixed(&[2]), vec![]);
        let result = nn::scan::scan(builder, &[start], &[ids], false, |carries, steps| {
            let id = steps[0].cast(DType::F32);
            let rows = id.broadcast(carries[0].shape(), vec![0]);
            let next = (carries[0] * 0.5 + rows * scale).unary(Unary::Tanh);
            Ok::<_, ()>((vec![next], vec![steps[0]]))
        });
        let (carries, outputs) = result.expect("the cell has no errors");
        let results = [carries[0], outputs[0].cast(DType::F32)];
        builder.keep(Purpose::Output(0), results[0].value);
        builder.keep(Purpose::Output(1), results[1].value);
        let share = builder.source(graven_compiler::ir::op::Source::InverseTotal);
        builder.keep(Purpose::Loss, (total(&results).reduce(Reduce::Sum, &[0]) * share).value);
    }));
}
