//! Building graphs: [`Builder`] infers types and shares equal values, [`Expr`] reads as algebra.
//!
//! A type error never panics: it is recorded as the builder's fault, and the expression becomes its first operand.

use std::cell::{Cell, Ref, RefCell};
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::graph::{Graph, Port, Purpose, Value};
use super::known::{self, Known};
use super::op::{Binary, Compare, Contract, Movement, Op, Real, Reduce, Source, Unary};
use super::parameter::Parameter;
use super::types::{DType, Dim, Shape, Type};
use super::window::{Geometry, Window, WindowKind};
use crate::rules::shape;

/// A sentence that says which type rule was broken by which types.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault(pub String);

#[derive(Default)]
struct Inner {
    graph: Graph,
    known: Known,
    fault: Option<Fault>,
}

/// An identity, from left to right: what an operator on operands is replaced by, if it is.
pub type Rewrite = for<'b> fn(&Op, &[Expr<'b>]) -> Option<Expr<'b>>;

/// Rewrites within rewrites; more than any chain of those that enable each other.
const DEPTH: usize = 32;

/// A moment in the growth of a graph.
#[derive(Clone, Copy)]
pub struct Mark {
    /// Values there were.
    pub values: usize,
    /// Inputs there were.
    pub inputs: usize,
    /// Sinks there were.
    pub sinks: usize,
}

/// Appends values to a graph; equal operators on equal operands give the same value.
#[derive(Default)]
pub struct Builder {
    inner: RefCell<Inner>,
    /// Done to every operator that is appended, by rewrites too; the first that applies.
    rewrites: &'static [Rewrite],
    depth: Cell<usize>,
}

impl Builder {
    /// A builder of an empty graph.
    pub fn new() -> Self {
        Self::default()
    }

    /// A builder that continues a graph, whose values stay as they are.
    pub fn continuing(graph: Graph) -> Self {
        let known = Known::of(&graph);
        Self { inner: RefCell::new(Inner { graph, known, fault: None }), ..Self::default() }
    }

    /// A builder that makes a graph like another, of about its size. No value of it can be rewritten: rewrites look at
    /// operands, which come first.
    pub fn rewriting(graph: &Graph, rewrites: &'static [Rewrite]) -> Self {
        let builder = Self { rewrites, ..Self::continuing(Graph::like(graph)) };
        builder.inner.borrow_mut().known.reserve(graph.len());
        builder
    }

    /// The graph built.
    pub fn finish(self) -> Graph {
        self.inner.into_inner().graph
    }

    /// The graph so far.
    pub fn graph(&self) -> Ref<'_, Graph> {
        Ref::map(self.inner.borrow(), |inner| &inner.graph)
    }

    /// Remembers this moment.
    pub fn mark(&self) -> Mark {
        let graph = self.graph();
        Mark { values: graph.len(), inputs: graph.inputs.len(), sinks: graph.sinks.len() }
    }

    /// Takes back all values, inputs and sinks since a moment, but not parameters; gives the graph as it was.
    pub fn take_back(&self, mark: Mark) -> Graph {
        let mut inner = self.inner.borrow_mut();
        let before = inner.graph.clone();
        inner.graph.truncate(mark.values, mark.inputs, mark.sinks);
        inner.known = Known::of(&inner.graph);
        before
    }

    /// The first fault since the last call.
    pub fn take_fault(&self) -> Option<Fault> {
        self.inner.borrow_mut().fault.take()
    }

    /// Records a fault, unless there is one already.
    pub fn report(&self, fault: Fault) {
        self.inner.borrow_mut().fault.get_or_insert(fault);
    }

    /// Appends an operator.
    ///
    /// # Errors
    /// The operands do not fit its type rule.
    pub fn try_add(&self, op: Op, operands: &[Value]) -> Result<Value, Fault> {
        let hash = known::hash(&op, operands);
        if let Some(value) = self.known(hash, &op, operands).or_else(|| self.rewritten(&op, operands)) {
            return Ok(value);
        }
        let inner = &mut *self.inner.borrow_mut();
        let types: Vec<&Type> = operands.iter().map(|value| inner.graph.ty(*value)).collect();
        let ty = shape::infer(&op, &types, &inner.graph)?;
        let value = inner.graph.push(op, operands, ty);
        inner.known.insert(hash, value);
        Ok(value)
    }

    /// The value of an operator on operands, if it is there already.
    pub fn find(&self, op: &Op, operands: &[Value]) -> Option<Expr<'_>> {
        self.known(known::hash(op, operands), op, operands).map(|value| self.expr(value))
    }

    fn known(&self, hash: u64, op: &Op, operands: &[Value]) -> Option<Value> {
        let inner = self.inner.borrow();
        inner.known.find(hash, op, operands, &inner.graph)
    }

    fn rewritten(&self, op: &Op, operands: &[Value]) -> Option<Value> {
        if self.rewrites.is_empty() || self.depth.get() == DEPTH {
            return None;
        }
        let operands: Vec<Expr<'_>> = operands.iter().map(|&operand| self.expr(operand)).collect();
        self.depth.update(|depth| depth + 1);
        let rewritten = self.rewrites.iter().find_map(|rewrite| rewrite(op, &operands));
        self.depth.update(|depth| depth - 1);
        rewritten.map(|made| made.value)
    }

    /// Appends an operator; a type error is recorded and gives the first operand.
    pub fn add(&self, op: Op, operands: &[Value]) -> Expr<'_> {
        let value = self.try_add(op, operands).unwrap_or_else(|fault| {
            self.report(fault);
            operands.first().copied().unwrap_or_else(|| self.scalar(0.0).value)
        });
        self.expr(value)
    }

    /// A handle to a value.
    pub fn expr(&self, value: Value) -> Expr<'_> {
        Expr { builder: self, value }
    }

    /// A source.
    pub fn source(&self, source: Source) -> Expr<'_> {
        self.add(Op::Source(source), &[])
    }

    /// One real number, `f32[]`.
    pub fn scalar(&self, value: f64) -> Expr<'_> {
        self.source(Source::Scalar(Real::new(value)))
    }

    /// Declares an input of `forward`.
    pub fn input(&self, name: &str, ty: Type) -> Expr<'_> {
        let position = {
            let graph = &mut self.inner.borrow_mut().graph;
            graph.inputs.push(Port { name: name.to_owned(), ty });
            graph.inputs.len() - 1
        };
        self.labelled(Source::Input(position), name)
    }

    /// Declares a target of `loss`.
    pub fn target(&self, name: &str, ty: Type) -> Expr<'_> {
        let position = {
            let graph = &mut self.inner.borrow_mut().graph;
            graph.targets.push(Port { name: name.to_owned(), ty });
            graph.targets.len() - 1
        };
        self.labelled(Source::Target(position), name)
    }

    /// Declares a parameter, or finds the one of that name.
    pub fn parameter(&self, parameter: Parameter) -> Expr<'_> {
        let name = parameter.name.clone();
        let position = {
            let parameters = &mut self.inner.borrow_mut().graph.parameters;
            parameters.iter().position(|known| known.name == name).unwrap_or_else(|| {
                parameters.push(parameter);
                parameters.len() - 1
            })
        };
        self.labelled(Source::Parameter(position), &name)
    }

    fn labelled(&self, source: Source, label: &str) -> Expr<'_> {
        let expr = self.source(source);
        self.label(expr.value, label);
        expr
    }

    /// Names a value, for dumps.
    pub fn label(&self, value: Value, label: &str) {
        self.inner.borrow_mut().graph.set_label(value, label);
    }

    /// Keeps a value.
    pub fn keep(&self, purpose: Purpose, value: Value) {
        self.inner.borrow_mut().graph.keep(purpose, value);
    }
}

/// A handle to a value of a builder.
#[derive(Clone, Copy)]
pub struct Expr<'b> {
    /// The builder.
    pub builder: &'b Builder,
    /// The value.
    pub value: Value,
}

impl<'b> Expr<'b> {
    /// The type of the value.
    pub fn ty(self) -> Type {
        self.builder.graph().ty(self.value).clone()
    }

    /// The shape of the value.
    pub fn shape(self) -> Shape {
        self.ty().shape
    }

    fn has_shape_of(self, other: Self) -> bool {
        let graph = self.builder.graph();
        graph.ty(self.value).shape == graph.ty(other.value).shape
    }

    /// The real number `value`, in this value's shape.
    pub fn like(self, value: f64) -> Self {
        self.builder.scalar(value).broadcast_like(self)
    }

    /// Applies a function of one real.
    pub fn unary(self, op: Unary) -> Self {
        self.builder.add(Op::Unary(op), &[self.value])
    }

    /// Applies a function of two reals, broadcasting as NumPy does over the axes that are not batched.
    pub fn binary(self, op: Binary, other: Self) -> Self {
        let (a, b) = broadcast_together(self, other);
        self.builder.add(Op::Binary(op), &[a.value, b.value])
    }

    /// Compares two reals, broadcasting.
    pub fn compare(self, op: Compare, other: Self) -> Self {
        let (a, b) = broadcast_together(self, other);
        self.builder.add(Op::Compare(op), &[a.value, b.value])
    }

    /// `a` where this mask is true, else `b`; all three broadcast together.
    pub fn select(self, a: Self, b: Self) -> Self {
        let (a, b) = broadcast_together(a, b);
        let (mask, a) = broadcast_together(self, a);
        let (a, b) = broadcast_together(a, b);
        self.builder.add(Op::Select, &[mask.value, a.value, b.value])
    }

    /// To another element kind.
    pub fn cast(self, dtype: DType) -> Self {
        if self.ty().dtype == dtype { self } else { self.builder.add(Op::Cast(dtype), &[self.value]) }
    }

    /// Reduces over the axes (batch included in the count), which are removed.
    pub fn reduce(self, op: Reduce, axes: &[usize]) -> Self {
        if axes.is_empty() && op != Reduce::ArgMax {
            return self;
        }
        self.builder.add(Op::Reduce(op, axes.to_vec()), &[self.value])
    }

    /// Moves elements.
    pub fn movement(self, op: Movement) -> Self {
        self.builder.add(Op::Movement(op), &[self.value])
    }

    /// The same elements in another shape.
    pub fn reshape(self, shape: Shape) -> Self {
        if self.shape() == shape { self } else { self.movement(Movement::Reshape(shape)) }
    }

    /// Permutes the axes.
    pub fn transpose(self, perm: &[usize]) -> Self {
        if perm.iter().copied().eq(0..perm.len()) { self } else { self.movement(Movement::Transpose(perm.to_vec())) }
    }

    /// Repeats along the axes of `shape` that are not among `axes`.
    pub fn broadcast(self, shape: Shape, axes: Vec<usize>) -> Self {
        if self.shape() == shape { self } else { self.movement(Movement::Broadcast { shape, axes }) }
    }

    /// Broadcasts to another value's shape.
    pub fn broadcast_like(self, other: Self) -> Self {
        if self.has_shape_of(other) { self } else { broadcast_to(self, &other.shape()) }
    }

    /// A sum of products.
    pub fn contract(self, other: Self, contract: Contract) -> Self {
        self.builder.add(Op::Contract(contract), &[self.value, other.value])
    }

    /// An operator over windows of this value, and of another one if it takes two.
    pub fn window(self, geometry: Geometry, kind: WindowKind, other: Option<Self>) -> Self {
        let operands: Vec<Value> = [Some(self), other].into_iter().flatten().map(|expr| expr.value).collect();
        self.builder.add(Op::Window(Window { geometry, kind }), &operands)
    }

    /// The same value, a constant to differentiation.
    pub fn stop_gradient(self) -> Self {
        self.builder.add(Op::Stop, &[self.value])
    }

    /// x²
    pub fn square(self) -> Self {
        self * self
    }
}

/// Inserts axes of length one, so that the written axes of `from` align with the last ones of `rank`, then repeats.
fn broadcast_to<'b>(from: Expr<'b>, to: &Shape) -> Expr<'b> {
    let shape = from.shape();
    if shape == *to {
        return from;
    }
    let batched = usize::from(shape.is_batched());
    let written = shape.rank() - batched;
    if shape.rank() > to.rank() || (batched == 1 && !to.is_batched()) {
        from.builder.report(Fault(format!("{shape} does not broadcast to {to}")));
        return from;
    }
    let mut kept = Vec::new();
    let mut axes = Vec::new();
    for axis in 0..shape.rank() {
        let target = if axis < batched { axis } else { to.rank() - written + axis - batched };
        if shape.0[axis] == to.0[target] {
            kept.push(shape.0[axis]);
            axes.push(target);
        } else if shape.0[axis] != Dim::fixed(1) {
            from.builder.report(Fault(format!("{shape} does not broadcast to {to}")));
            return from;
        }
    }
    from.reshape(Shape(kept)).broadcast(to.clone(), axes)
}

/// The shape that two shapes broadcast to, or `None`.
pub fn common_shape(a: &Shape, b: &Shape) -> Option<Shape> {
    let batch = match (a.is_batched(), b.is_batched()) {
        (true, true) if a.0[0] != b.0[0] => return None,
        (true, _) => Some(a.0[0]),
        (_, true) => Some(b.0[0]),
        _ => None,
    };
    let a = &a.0[usize::from(a.is_batched())..];
    let b = &b.0[usize::from(b.is_batched())..];
    let rank = a.len().max(b.len());
    let from_end = |dims: &[Dim], back: usize| dims.len().checked_sub(back).map_or(Dim::fixed(1), |axis| dims[axis]);
    let mut dims: Vec<Dim> = batch.into_iter().collect();
    for back in (1..=rank).rev() {
        let (x, y) = (from_end(a, back), from_end(b, back));
        dims.push(match (x.size, y.size) {
            _ if x == y => x,
            (1, _) => y,
            (_, 1) => x,
            _ => return None,
        });
    }
    Some(Shape(dims))
}

/// Brings two values to one shape.
pub fn broadcast_together<'b>(a: Expr<'b>, b: Expr<'b>) -> (Expr<'b>, Expr<'b>) {
    if a.has_shape_of(b) {
        return (a, b);
    }
    let (from, to) = (a.shape(), b.shape());
    match common_shape(&from, &to) {
        Some(shape) => (broadcast_to(a, &shape), broadcast_to(b, &shape)),
        None => {
            a.builder.report(Fault(format!("{} and {} differ", a.ty().written(), b.ty().written())));
            (a, a)
        }
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident $op:ident;)*) => {$(
        impl<'b> $trait for Expr<'b> {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                self.binary(Binary::$op, other)
            }
        }
        impl<'b> $trait<f64> for Expr<'b> {
            type Output = Self;
            fn $method(self, other: f64) -> Self {
                self.binary(Binary::$op, self.builder.scalar(other))
            }
        }
        impl<'b> $trait<Expr<'b>> for f64 {
            type Output = Expr<'b>;
            fn $method(self, other: Expr<'b>) -> Expr<'b> {
                other.builder.scalar(self).binary(Binary::$op, other)
            }
        }
    )*};
}

operators! {
    Add add Add;
    Sub sub Sub;
    Mul mul Mul;
    Div div Div;
}

impl Neg for Expr<'_> {
    type Output = Self;
    fn neg(self) -> Self {
        self.unary(Unary::Neg)
    }
}
