//! The primitives, in closed families. Everything else is a composite in [`crate::nn`].
//!
//! A primitive has four rules, each an exhaustive match in [`crate::rules`]: shape, vjp, eval, lower.

use super::scan::Scan;
use super::types::{DType, Shape};
use super::window::Window;

/// A real attribute, compared and hashed by its bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Real(u64);

impl Real {
    /// A real attribute.
    pub const fn new(value: f64) -> Self {
        Self(value.to_bits())
    }

    /// Its value.
    pub const fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

impl std::fmt::Debug for Real {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.get())
    }
}

/// A primitive with its attributes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Op {
    /// A value that no operator makes.
    Source(Source),
    /// One real to one real.
    Unary(Unary),
    /// Two reals of one shape to one real.
    Binary(Binary),
    /// Two reals of one shape to a mask.
    Compare(Compare),
    /// `select(mask, a, b)`: `a` where the mask is true, else `b`; all of one shape.
    Select,
    /// To another element kind: mask or index to real, or real to mask (not zero).
    Cast(DType),
    /// Over the axes, which are removed; `axes` ascending.
    Reduce(Reduce, Vec<usize>),
    /// Elements of the operands in other places.
    Movement(Movement),
    /// A sum of products over paired axes.
    Contract(Contract),
    /// Convolution, pooling, and their adjoints.
    Window(Window),
    /// Numbers drawn in training.
    Random(Random),
    /// A result of a loop over the steps of sequences.
    Scan(Scan),
    /// The operand, a constant to differentiation, after which it is gone.
    Stop,
}

/// Values that no operator makes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Source {
    /// An input of `forward`.
    Input(usize),
    /// A target of `loss`.
    Target(usize),
    /// A parameter or running statistic, in its logical shape.
    Parameter(usize),
    /// One real number, `f32[]`.
    Scalar(Real),
    /// `0, 1, …, n − 1`, `f32[n]`.
    Iota(usize),
    /// The number of rows in this call, `f32[]`.
    RowCount,
    /// One over the number of rows of the whole step, `f32[]`; differs from the rows of the call in micro-batches.
    InverseTotal,
}

/// One real to one real.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Unary {
    /// −x
    Neg,
    /// |x|
    Abs,
    /// −1, 0 or 1
    Sign,
    /// largest whole number that is not larger
    Floor,
    /// 1/x
    Reciprocal,
    /// √x
    Sqrt,
    /// 1/√x
    Rsqrt,
    /// eˣ
    Exp,
    /// ln x
    Log,
    /// ln(1 + x)
    Log1p,
    /// sine of radians
    Sin,
    /// cosine of radians
    Cos,
    /// hyperbolic tangent
    Tanh,
    /// 1/(1 + e⁻ˣ)
    Sigmoid,
    /// error function
    Erf,
}

/// Two reals to one real.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Binary {
    /// a + b
    Add,
    /// a − b
    Sub,
    /// a·b
    Mul,
    /// a/b
    Div,
    /// aᵇ
    Pow,
    /// the larger; NaN if either is
    Max,
    /// the smaller; NaN if either is
    Min,
}

/// Two reals to true or false; false when either is NaN, but for `Ne`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Compare {
    /// a = b
    Eq,
    /// a ≠ b
    Ne,
    /// a < b
    Lt,
    /// a ≤ b
    Le,
    /// a > b
    Gt,
    /// a ≥ b
    Ge,
}

/// Many elements to one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reduce {
    /// Σ
    Sum,
    /// the largest; NaN if any is
    Max,
    /// the smallest; NaN if any is
    Min,
    /// position of the first largest along one axis, an index below its length
    ArgMax,
}

/// Elements in other places.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Movement {
    /// The same elements in the same row-major order.
    Reshape(Shape),
    /// Axis `i` of the result is axis `perm[i]` of the operand; a batched axis stays first.
    Transpose(Vec<usize>),
    /// Axis `i` of the operand is axis `axes[i]` of the result (ascending); the operand repeats along all others.
    Broadcast {
        /// Shape of the result.
        shape: Shape,
        /// Where the axes of the operand go.
        axes: Vec<usize>,
    },
    /// `lengths[i]` elements from `starts[i]` on, every `steps[i]`th; a batched axis is taken whole (`0`, its size, `1`).
    Slice {
        /// First element taken along each axis.
        starts: Vec<usize>,
        /// Elements taken along each axis.
        lengths: Vec<usize>,
        /// Distance between elements taken.
        steps: Vec<usize>,
    },
    /// Elements of `value` before, behind and between the operand's along each axis.
    Pad {
        /// Before, along each axis.
        low: Vec<usize>,
        /// Behind, along each axis.
        high: Vec<usize>,
        /// Between neighbours, along each axis.
        interior: Vec<usize>,
        /// What fills them.
        value: Real,
    },
    /// The operands one after the other along an axis that is not batched.
    Concat(usize),
    /// Back to front along the axes, none of them batched.
    Reverse(Vec<usize>),
}

/// Axes of the left and right operand that are multiplied together.
/// The result has the batch axes, then the free axes of the left, then the free axes of the right.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Contract {
    /// Pairs of equal axes that stay.
    pub batch: Vec<(usize, usize)>,
    /// Pairs of equal axes that are summed over.
    pub contract: Vec<(usize, usize)>,
}

/// Numbers drawn from a hash of seed, step, operator, row and element.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Random {
    /// How they are distributed.
    pub distribution: Distribution,
    /// The operator's own number.
    pub operator: u32,
    /// Shape of the result.
    pub shape: Shape,
}

/// Distributions of random numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Distribution {
    /// In [0, 1).
    Uniform,
    /// Mean 0 and variance 1.
    Normal,
}
