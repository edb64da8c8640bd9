//! Type rules: the type of a result, or the sentence a user reads.

use graven_compiler::ir::op::{
    Binary, Compare, Contract, Distribution, Movement, Op, Random, Real, Reduce, Source, Unary,
};
use graven_compiler::ir::{DType, Dim, Graph, Shape, Type};
use graven_compiler::rules::shape::infer;

fn fixed(sizes: &[usize]) -> Type {
    Type::f32(Shape::fixed(sizes))
}

fn batched(sizes: &[usize]) -> Type {
    Type::f32(Shape::batched(sizes))
}

fn of(dtype: DType, ty: Type) -> Type {
    Type { dtype, shape: ty.shape }
}

fn infer_text(op: &Op, operands: &[Type]) -> String {
    let operands: Vec<&Type> = operands.iter().collect();
    match infer(op, &operands, &Graph::default()) {
        Ok(ty) => ty.to_string(),
        Err(fault) => fault.0,
    }
}

/// Each row: an operator, its operands, the type of the result or the sentence.
#[track_caller]
fn check(rows: &[(Op, &[Type], &str)]) {
    for (op, operands, expected) in rows {
        assert_eq!(infer_text(op, operands), *expected, "{op:?} of {operands:?}");
    }
}

fn contract(batch: &[(usize, usize)], pairs: &[(usize, usize)]) -> Op {
    Op::Contract(Contract { batch: batch.to_vec(), contract: pairs.to_vec() })
}

fn slice(starts: &[usize], lengths: &[usize], steps: &[usize]) -> Op {
    let [starts, lengths, steps] = [starts, lengths, steps].map(<[usize]>::to_vec);
    Op::Movement(Movement::Slice { starts, lengths, steps })
}

fn pad(low: &[usize], high: &[usize], interior: &[usize]) -> Op {
    let [low, high, interior] = [low, high, interior].map(<[usize]>::to_vec);
    Op::Movement(Movement::Pad { low, high, interior, value: Real::new(0.0) })
}

fn broadcast(shape: Shape, axes: &[usize]) -> Op {
    Op::Movement(Movement::Broadcast { shape, axes: axes.to_vec() })
}

#[test]
fn sources() {
    check(&[
        (Op::Source(Source::Scalar(Real::new(1.0))), &[], "f32[]"),
        (Op::Source(Source::Iota(10)), &[], "f32[10]"),
        (Op::Source(Source::InverseTotal), &[], "f32[]"),
        (Op::Source(Source::Input(2)), &[], "Input(2) is not declared"),
        (Op::Source(Source::RowCount), &[fixed(&[])], "expected 0 operands, got 1"),
    ]);
}

#[test]
fn elements() {
    let mask = of(DType::Mask, batched(&[3]));
    check(&[
        (Op::Unary(Unary::Exp), &[batched(&[3])], "f32[B, 3]"),
        (Op::Unary(Unary::Exp), std::slice::from_ref(&mask), "mask[3] is not real"),
        (Op::Unary(Unary::Exp), &[], "expected 1 operands, got 0"),
        (Op::Binary(Binary::Add), &[batched(&[3]), batched(&[3])], "f32[B, 3]"),
        (Op::Binary(Binary::Add), &[batched(&[64]), batched(&[128])], "f32[64] and f32[128] differ"),
        (Op::Binary(Binary::Mul), &[fixed(&[2]), of(DType::Index(9), fixed(&[2]))], "index<9>[2] is not real"),
        (Op::Compare(Compare::Lt), &[fixed(&[2]), fixed(&[2])], "mask[2]"),
        (Op::Select, &[mask.clone(), batched(&[3]), batched(&[3])], "f32[B, 3]"),
        (Op::Select, &[mask.clone(), batched(&[4]), batched(&[4])], "mask[3] does not select from f32[4]"),
        (Op::Select, &[batched(&[3]), batched(&[3]), batched(&[3])], "f32[3] is not a mask"),
        (Op::Cast(DType::F32), std::slice::from_ref(&mask), "f32[B, 3]"),
        (Op::Cast(DType::Mask), &[batched(&[3])], "mask[B, 3]"),
        (Op::Cast(DType::Index(5)), &[batched(&[3])], "f32[3] cannot become index<5>"),
        (Op::Stop, std::slice::from_ref(&mask), "mask[B, 3]"),
    ]);
}

#[test]
fn reductions() {
    let reduce = |kind, axes: &[usize]| Op::Reduce(kind, axes.to_vec());
    check(&[
        (reduce(Reduce::Sum, &[0, 2]), &[batched(&[3, 4])], "f32[3]"),
        (reduce(Reduce::Max, &[1]), &[batched(&[3, 4])], "f32[B, 4]"),
        (reduce(Reduce::Sum, &[2, 0]), &[batched(&[3, 4])], "axes [2, 0] do not ascend"),
        (reduce(Reduce::Sum, &[1, 1]), &[batched(&[3, 4])], "axes [1, 1] do not ascend"),
        (reduce(Reduce::Sum, &[3]), &[batched(&[3, 4])], "f32[B, 3, 4] has no axis 3"),
        (reduce(Reduce::ArgMax, &[2]), &[batched(&[3, 4])], "index<4>[B, 3]"),
        (
            reduce(Reduce::ArgMax, &[0]),
            &[batched(&[3])],
            "a position in f32[3] needs one axis that is neither empty nor batched",
        ),
        (reduce(Reduce::Max, &[0]), &[fixed(&[0])], "axis 0 of f32[0] is empty"),
    ]);
}

#[test]
fn reshapes_and_transposes() {
    let reshape = |shape| Op::Movement(Movement::Reshape(shape));
    let transpose = |perm: &[usize]| Op::Movement(Movement::Transpose(perm.to_vec()));
    let merged = Shape(vec![Dim { size: 3, batched: true }, Dim::fixed(4)]);
    check(&[
        (reshape(Shape::batched(&[784])), &[batched(&[28, 28])], "f32[B, 784]"),
        (reshape(merged), &[batched(&[3, 4])], "f32[3B, 4]"),
        (reshape(Shape::batched(&[783])), &[batched(&[28, 28])], "f32[28, 28] does not reshape to f32[783]"),
        (reshape(Shape::fixed(&[12])), &[batched(&[3, 4])], "f32[3, 4] does not reshape to f32[12]"),
        (transpose(&[0, 2, 1]), &[batched(&[3, 4])], "f32[B, 4, 3]"),
        (transpose(&[1, 0]), &[batched(&[3])], "the batch is not the first axis of f32[3, B]"),
        (transpose(&[0, 0]), &[fixed(&[3, 3])], "[0, 0] does not permute the axes of f32[3, 3]"),
    ]);
}

#[test]
fn broadcasts() {
    let mask = of(DType::Mask, fixed(&[3]));
    check(&[
        (broadcast(Shape::batched(&[2, 3]), &[2]), &[mask], "mask[B, 2, 3]"),
        (broadcast(Shape::batched(&[3]), &[0]), &[batched(&[])], "f32[B, 3]"),
        (broadcast(Shape::batched(&[3]), &[1]), &[fixed(&[4])], "f32[4] does not broadcast to f32[3]"),
        (broadcast(Shape::fixed(&[3]), &[1]), &[fixed(&[3])], "f32[3] has no axis 1"),
        (
            broadcast(Shape::fixed(&[1 << 20, 1 << 20]), &[]),
            &[fixed(&[])],
            "f32[1048576, 1048576] has too many elements",
        ),
    ]);
}

#[test]
fn slices_and_pads() {
    check(&[
        (slice(&[0, 1], &[1, 2], &[1, 2]), &[batched(&[4])], "f32[B, 2]"),
        (slice(&[0, 1], &[1, 2], &[1, 3]), &[batched(&[4])], "2 elements from 1 are not within axis 1 of f32[4]"),
        (slice(&[0], &[0], &[1]), &[fixed(&[4])], "0 elements from 0 are not within axis 0 of f32[4]"),
        (slice(&[1, 0], &[1, 4], &[1, 1]), &[batched(&[4])], "the batch of f32[B, 4] cannot be sliced"),
        (slice(&[0], &[1], &[1]), &[batched(&[4])], "1 numbers for the 2 axes of f32[B, 4]"),
        (pad(&[0, 1], &[0, 2], &[0, 1]), &[batched(&[4])], "f32[B, 10]"),
        (pad(&[1, 0], &[0, 0], &[0, 0]), &[batched(&[4])], "the batch of f32[B, 4] cannot be padded"),
        (pad(&[usize::MAX], &[1], &[0]), &[fixed(&[4])], "padded f32[4] has too many elements"),
    ]);
}

#[test]
fn concatenations_and_reversals() {
    let concat = |axis| Op::Movement(Movement::Concat(axis));
    let reverse = |axes: &[usize]| Op::Movement(Movement::Reverse(axes.to_vec()));
    check(&[
        (concat(1), &[batched(&[3, 5]), batched(&[4, 5])], "f32[B, 7, 5]"),
        (concat(0), &[batched(&[3]), batched(&[3])], "the batch of f32[B, 3] cannot be concatenated"),
        (
            concat(1),
            &[batched(&[3, 5]), batched(&[3, 6])],
            "f32[3, 5] and f32[3, 6] differ in more than the axis joined",
        ),
        (concat(0), &[fixed(&[3]), batched(&[])], "f32[3] and f32[] differ in more than the axis joined"),
        (concat(0), &[], "nothing to concatenate"),
        (reverse(&[1]), &[batched(&[3])], "f32[B, 3]"),
        (reverse(&[0]), &[batched(&[3])], "the batch of f32[B, 3] cannot be reversed"),
    ]);
}

#[test]
fn contractions() {
    check(&[
        (contract(&[], &[(1, 1)]), &[batched(&[784]), fixed(&[128, 784])], "f32[B, 128]"),
        (contract(&[], &[(0, 0)]), &[batched(&[4]), batched(&[3])], "f32[4, 3]"),
        (contract(&[(0, 0), (2, 2)], &[(3, 3)]), &[batched(&[5, 2, 8]), batched(&[6, 2, 8])], "f32[B, 2, 5, 6]"),
        (
            contract(&[], &[(1, 1)]),
            &[batched(&[784]), fixed(&[128, 783])],
            "f32[784] and f32[128, 783] cannot be multiplied: 784 and 783 differ",
        ),
        (
            contract(&[], &[(0, 0)]),
            &[batched(&[4]), fixed(&[1, 3])],
            "f32[4] and f32[1, 3] cannot be multiplied: B and 1 differ",
        ),
        (contract(&[], &[(1, 1)]), &[fixed(&[2, 3]), batched(&[3])], "the batch is not the first axis of f32[2, B]"),
        (contract(&[], &[(2, 0)]), &[fixed(&[2, 3]), fixed(&[3])], "f32[2, 3] and f32[3] have no axes 2 and 0"),
        (contract(&[(0, 0)], &[(0, 1)]), &[fixed(&[3]), fixed(&[3, 3])], "axes 0 and 1 are paired twice"),
    ]);
}

#[test]
fn random_numbers() {
    let random = Random { distribution: Distribution::Normal, operator: 0, shape: Shape::batched(&[2]) };
    check(&[(Op::Random(random), &[], "f32[B, 2]")]);
}
