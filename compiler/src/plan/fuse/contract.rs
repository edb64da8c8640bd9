//! Contractions as kernels: which form they take and how their operands have to lie.

use crate::ir::op::{Contract, Op};
use crate::ir::window::Window;
use crate::ir::{Dim, Shape, Value};
use crate::plan::Layout;
use crate::plan::fuse::domain::Domain;
use crate::plan::fuse::facts::Facts;
use crate::plan::kernel::Form;
use crate::plan::layout::{Panel, dense_axis, window_form};
use crate::plan::view::View;

/// A contraction as a kernel does it.
pub struct Product {
    /// What is multiplied with what.
    pub form: Form,
    /// The left operand, to be copied if it is not linear.
    pub a: View,
    /// The right operand, likewise.
    pub b: View,
    panel: Option<usize>,
    /// Numbers of elements after which the epilogue may do something else: rows of pixels and images.
    cuts: Vec<usize>,
}

impl Product {
    /// Chooses the form of a contraction.
    pub fn of(facts: &Facts<'_>, value: Value) -> Self {
        if let Op::Window(window) = facts.graph.op(value) {
            return Self::window(facts, value, window);
        }
        let (Op::Contract(contract), [left, right]) = (facts.graph.op(value), facts.graph.operands(value)) else {
            return Self::general(facts, &Contract::default(), value, value);
        };
        let (left, right) = (*left, *right);
        if let Some(Panel { class, layout: Layout::Panels { k, n, transposed } }) = facts.panels[value.index()] {
            let (a, b) = if transposed { (right, left) } else { (left, right) };
            let rows = product(&facts.shape(a).0[..facts.shape(a).rank() - 1]);
            let form = Form::DenseWeightGradient { rows, k, n };
            let (a, b) = (facts.view(a).clone(), facts.view(b).clone());
            return Self { form, a, b, panel: Some(class), cuts: Vec::new() };
        }
        match facts.panels[right.index()] {
            Some(Panel { layout: Layout::Panels { k, n, transposed }, .. }) => {
                let shape = facts.shape(left);
                let rows = product(&shape.0[..shape.rank() - 1]);
                let axis = dense_axis(contract, shape.rank(), 2);
                let forward = axis == Some(usize::from(transposed));
                let form = if forward { Form::Dense { rows, k, n } } else { Form::DenseInputGradient { rows, k, n } };
                let (a, b) = (facts.view(left).clone(), facts.view(right).clone());
                Self { form, a, b, panel: None, cuts: pixels(facts.shape(value)) }
            }
            _ => Self::general(facts, contract, left, right),
        }
    }

    fn window(facts: &Facts<'_>, value: Value, window: &Window) -> Self {
        let operands = facts.graph.operands(value);
        let (first, last) = (operands[0], operands[operands.len() - 1]);
        let form = window_form(facts.graph, value, window);
        let cuts = if form.result().is_some() { pixels(facts.shape(value)) } else { Vec::new() };
        let panel = facts.panels[value.index()].map(|panel| panel.class);
        Self { form: Form::Window(form), a: facts.view(first).clone(), b: facts.view(last).clone(), panel, cuts }
    }

    fn general(facts: &Facts<'_>, contract: &Contract, left: Value, right: Value) -> Self {
        let free = |value: Value, taken: Vec<usize>| -> Vec<usize> {
            (0..facts.shape(value).rank()).filter(|axis| !taken.contains(axis)).collect()
        };
        let pairs = || contract.batch.iter().chain(&contract.contract);
        let left_free = free(left, pairs().map(|pair| pair.0).collect());
        let right_free = free(right, pairs().map(|pair| pair.1).collect());
        if facts.shape(right).is_batched() && right_free.contains(&0) {
            let swap = |pairs: &[(usize, usize)]| pairs.iter().map(|&(a, b)| (b, a)).collect();
            let swapped = Contract { batch: swap(&contract.batch), contract: swap(&contract.contract) };
            return Self::general(facts, &swapped, right, left);
        }
        let mut orders = vec![contract.contract.clone(); 3];
        orders[1].sort_unstable();
        orders[2].sort_unstable_by_key(|pair| pair.1);
        let batch = split(&contract.batch);
        let sides = |order: &Vec<(usize, usize)>| {
            let summed = split(order);
            let a = Side::of(facts.view(left), [&batch.0, &left_free, &summed.0], false);
            (a, Side::of(facts.view(right), [&batch.1, &right_free, &summed.1], true))
        };
        let copies = |order: &&Vec<(usize, usize)>| {
            let (a, b) = sides(order);
            usize::from(!a.view.is_linear()) + usize::from(!b.view.is_linear())
        };
        let (a, b) = sides(orders.iter().min_by_key(copies).unwrap_or(&orders[0]));
        let lengths = |value: Value, axes: &[usize]| {
            axes.iter().fold(Dim::fixed(1), |product, &axis| product.times(facts.shape(value).0[axis]))
        };
        let form = Form::Matmul {
            batch: lengths(left, &batch.0),
            m: lengths(left, &left_free),
            k: lengths(left, &split(&contract.contract).0),
            n: lengths(right, &right_free).size,
            a_transposed: a.transposed,
            b_transposed: b.transposed,
        };
        Self { form, a: a.view, b: b.view, panel: None, cuts: Vec::new() }
    }

    /// The loop nest of the epilogue.
    pub fn domain(&self) -> Domain {
        let (rows, width) = self.form.rows_and_width();
        let mut domain = Domain::flat(rows.times(Dim::fixed(width)));
        domain.width = Some(width);
        domain.panel = self.panel;
        domain.cuts.extend(&self.cuts);
        domain
    }
}

struct Side {
    view: View,
    transposed: bool,
}

impl Side {
    /// Axes in the order batch, free, summed (or, transposed, batch, summed, free); the right side the other way round.
    fn of(view: &View, [batch, free, summed]: [&Vec<usize>; 3], right: bool) -> Self {
        let (inner, outer) = if right { (free, summed) } else { (summed, free) };
        let order = |first: &[usize], last: &[usize]| view.permuted(&[batch, first, last].concat());
        let (straight, transposed) = (order(outer, inner), order(inner, outer));
        if !straight.is_linear() && transposed.is_linear() {
            Self { view: transposed, transposed: true }
        } else {
            Self { view: straight, transposed: false }
        }
    }
}

fn split(pairs: &[(usize, usize)]) -> (Vec<usize>, Vec<usize>) {
    pairs.iter().copied().unzip()
}

/// Elements of a row of pixels and of an image, of images.
fn pixels(shape: &Shape) -> Vec<usize> {
    match shape.strides()[..] {
        [images, rows, ..] if shape.rank() == 4 => vec![rows, images],
        _ => Vec::new(),
    }
}

fn product(lengths: &[Dim]) -> Dim {
    lengths.iter().copied().fold(Dim::fixed(1), Dim::times)
}
