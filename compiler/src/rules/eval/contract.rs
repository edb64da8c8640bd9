//! Sums of products, as matrix products over the batch axes.

use ndarray::{Array3, ArrayD, Axis, IxDyn};

use crate::ir::op::Contract;

/// The contraction of two arrays.
pub(super) fn eval(axes: &Contract, left: &ArrayD<f64>, right: &ArrayD<f64>) -> ArrayD<f64> {
    let sides = |pick: fn(&(usize, usize)) -> usize| {
        let batch: Vec<usize> = axes.batch.iter().map(pick).collect();
        let summed: Vec<usize> = axes.contract.iter().map(pick).collect();
        (batch, summed)
    };
    let (left_batch, left_summed) = sides(|pair| pair.0);
    let (right_batch, right_summed) = sides(|pair| pair.1);
    let left_free = free(left.ndim(), &left_batch, &left_summed);
    let right_free = free(right.ndim(), &right_batch, &right_summed);
    let lengths =
        |array: &ArrayD<f64>, axes: &[usize]| axes.iter().map(|&axis| array.shape()[axis]).collect::<Vec<_>>();
    let dims = [lengths(left, &left_batch), lengths(left, &left_free), lengths(right, &right_free)].concat();
    let a = grouped(left, [&left_batch, &left_free, &left_summed]);
    let b = grouped(right, [&right_batch, &right_summed, &right_free]);
    let mut result = Array3::zeros((a.dim().0, a.dim().1, b.dim().2));
    for (position, mut product) in result.outer_iter_mut().enumerate() {
        product.assign(&a.index_axis(Axis(0), position).dot(&b.index_axis(Axis(0), position)));
    }
    reshaped(result.into_dyn(), &dims)
}

fn free(rank: usize, batch: &[usize], summed: &[usize]) -> Vec<usize> {
    (0..rank).filter(|axis| !batch.contains(axis) && !summed.contains(axis)).collect()
}

/// Axes permuted into three groups, each made one axis.
fn grouped(array: &ArrayD<f64>, groups: [&[usize]; 3]) -> Array3<f64> {
    let length = |axes: &[usize]| axes.iter().map(|&axis| array.shape()[axis]).product::<usize>();
    let dims = groups.map(length);
    let permuted = array.view().permuted_axes(IxDyn(&groups.concat())).as_standard_layout().into_owned();
    Array3::from_shape_vec(dims, permuted.into_raw_vec_and_offset().0).expect("permuting keeps the elements")
}

fn reshaped(array: ArrayD<f64>, dims: &[usize]) -> ArrayD<f64> {
    array.into_shape_with_order(IxDyn(dims)).expect("grouping keeps the elements")
}
