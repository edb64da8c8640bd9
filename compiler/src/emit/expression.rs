//! Instructions of a body to expressions over vectors. A uniform value is a vector whose lanes are all the same.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::ir::DType;
use crate::ir::op::{Binary, Compare, Distribution, Real, Unary};
use crate::plan::kernel::{Access, Fold, Instruction, Register, Stage};

/// How a kernel reaches what lies outside its registers.
pub(super) trait Scope {
    /// The value of an operand.
    fn load(&self, operand: usize) -> TokenStream;
    /// The counters of the outer loops, outermost first.
    fn counters(&self) -> Vec<Ident>;
    /// Whether an operand is the same for all columns of a row.
    fn is_repeated(&self, operand: usize) -> bool;

    /// Position of the first element of a row: `offset + Σ strides·i`.
    fn base(&self, access: &Access) -> TokenStream {
        sum(terms(access, &self.counters()))
    }

    /// Position of the first element of the vector at hand.
    fn along(&self, access: &Access) -> TokenStream {
        let mut terms = terms(access, &self.counters());
        terms.push(self.column());
        sum(terms)
    }

    /// The first column of the vector at hand.
    fn column(&self) -> TokenStream {
        quote!(column)
    }
}

/// A body, with what is known about its values.
pub(super) struct Body<'a> {
    instructions: &'a [Instruction],
    uniform: Vec<bool>,
    masks: Vec<bool>,
}

impl<'a> Body<'a> {
    pub fn new(stage: &'a Stage, scope: &impl Scope) -> Self {
        let mut body = Self { instructions: &stage.body, uniform: Vec::new(), masks: Vec::new() };
        for instruction in &stage.body {
            let uniform = body.is_uniform_by(instruction, scope);
            let mask = match instruction {
                Instruction::Compare(..) | Instruction::Cast(DType::Mask, _) => true,
                Instruction::Select(_, a, _) => body.is_mask(*a),
                _ => false,
            };
            body.uniform.push(uniform);
            body.masks.push(mask);
        }
        body
    }

    fn is_uniform_by(&self, instruction: &Instruction, scope: &impl Scope) -> bool {
        match instruction {
            Instruction::Load(operand) => scope.is_repeated(*operand),
            Instruction::Accumulator => false,
            Instruction::Iota(access) | Instruction::Random { access, .. } => !access.along,
            _ => operands(instruction).iter().all(|register| self.is_uniform(*register)),
        }
    }

    pub fn is_uniform(&self, register: Register) -> bool {
        self.uniform.get(register).copied().unwrap_or(true)
    }

    fn is_mask(&self, register: Register) -> bool {
        self.masks.get(register).copied().unwrap_or(false)
    }

    /// Which registers are needed for some of them.
    pub fn needed(&self, roots: impl IntoIterator<Item = Register>) -> Vec<bool> {
        let mut needed = vec![false; self.instructions.len()];
        for root in roots {
            needed[root] = true;
        }
        for (register, instruction) in self.instructions.iter().enumerate().rev() {
            if needed[register] {
                for operand in operands(instruction) {
                    needed[operand] = true;
                }
            }
        }
        needed
    }

    pub fn instruction(&self, register: Register) -> &Instruction {
        &self.instructions[register]
    }

    /// `let` statements for the needed registers that are uniform, or for those that are not.
    pub fn lets(&self, needed: &[bool], uniform: bool, scope: &impl Scope) -> TokenStream {
        let mut lets = TokenStream::new();
        for (register, instruction) in self.instructions.iter().enumerate() {
            if needed[register] && self.uniform[register] == uniform {
                let name = value(register);
                let expression = self.expression(instruction, scope);
                lets.extend(quote!(let #name = #expression;));
            }
        }
        lets
    }

    /// A register as a real, masks as 1 and 0.
    pub fn real(&self, register: Register) -> TokenStream {
        let name = value(register);
        if self.is_mask(register) {
            quote!(#name.select(rt::splat(simd, 1f32), rt::splat(simd, 0f32)))
        } else {
            quote!(#name)
        }
    }

    fn mask(&self, register: Register) -> TokenStream {
        let name = value(register);
        if self.is_mask(register) { quote!(#name) } else { quote!(#name.simd_ne(rt::splat(simd, 0f32))) }
    }

    fn expression(&self, instruction: &Instruction, scope: &impl Scope) -> TokenStream {
        match instruction {
            Instruction::Load(operand) => scope.load(*operand),
            Instruction::Accumulator => quote!(value),
            Instruction::Scalar(number) => {
                let number = real(*number);
                quote!(rt::splat(simd, #number))
            }
            Instruction::RowCount => quote!(rt::splat(simd, batch.rows as f32)),
            Instruction::InverseTotal => quote!(rt::splat(simd, batch.inverse_total)),
            Instruction::Iota(access) => iota(access, scope),
            Instruction::Random { distribution, operator, access, per_row } => {
                random(*distribution, *operator, access, *per_row, scope)
            }
            Instruction::Unary(op, a) => unary(*op, &self.real(*a)),
            Instruction::Binary(op, a, b) => binary(*op, &self.real(*a), &self.real(*b)),
            Instruction::Compare(op, a, b) => compare(*op, &self.real(*a), &self.real(*b)),
            Instruction::Select(mask, a, b) => {
                let (mask, a, b) = (self.mask(*mask), self.real(*a), self.real(*b));
                quote!(#mask.select(#a, #b))
            }
            Instruction::Cast(DType::Mask, a) => self.mask(*a),
            Instruction::Cast(DType::F32 | DType::Index(_), a) => self.real(*a),
            Instruction::Folded { stage, fold } => {
                let name = folded(*stage, *fold);
                quote!(rt::splat(simd, #name))
            }
        }
    }
}

/// The registers an instruction reads.
fn operands(instruction: &Instruction) -> Vec<Register> {
    match instruction {
        Instruction::Unary(_, a) | Instruction::Cast(_, a) => vec![*a],
        Instruction::Binary(_, a, b) | Instruction::Compare(_, a, b) => vec![*a, *b],
        Instruction::Select(mask, a, b) => vec![*mask, *a, *b],
        Instruction::Load(_)
        | Instruction::Accumulator
        | Instruction::Scalar(_)
        | Instruction::RowCount
        | Instruction::InverseTotal
        | Instruction::Iota(_)
        | Instruction::Random { .. }
        | Instruction::Folded { .. } => Vec::new(),
    }
}

/// The name of a register.
pub(super) fn value(register: Register) -> Ident {
    format_ident!("v{register}")
}

/// The name of a fold's result.
pub(super) fn folded(stage: usize, fold: usize) -> Ident {
    format_ident!("fold_{stage}_{fold}")
}

/// A number as a literal of 32 bits.
pub(super) fn real(number: Real) -> TokenStream {
    let number = number.get() as f32;
    if number.is_nan() {
        quote!(f32::NAN)
    } else if number == f32::INFINITY {
        quote!(f32::INFINITY)
    } else if number == f32::NEG_INFINITY {
        quote!(f32::NEG_INFINITY)
    } else {
        let literal = literal(number.abs());
        if number.is_sign_negative() { quote!(-#literal) } else { quote!(#literal) }
    }
}

/// Long numbers have an exponent, so that no lint takes them for a mistyped constant of mathematics.
fn literal(number: f32) -> Literal {
    let plain = Literal::f32_suffixed(number);
    if number.to_string().len() < 4 { plain } else { format!("{number:e}f32").parse().unwrap_or(plain) }
}

fn iota(access: &Access, scope: &impl Scope) -> TokenStream {
    if access.along {
        let at = scope.along(access);
        quote!(rt::iota(simd, #at))
    } else {
        let base = scope.base(access);
        quote!(rt::splat(simd, (#base) as f32))
    }
}

fn random(
    distribution: Distribution,
    operator: u32,
    access: &Access,
    per_row: usize,
    scope: &impl Scope,
) -> TokenStream {
    let base = scope.base(access);
    let (one_each, per_row) = (per_row <= 1, Literal::usize_unsuffixed(per_row.max(1)));
    let function = match distribution {
        Distribution::Uniform => quote!(uniform),
        Distribution::Normal => quote!(normal),
    };
    let (row, element) = if one_each {
        (quote!(batch.first_row + (#base)), quote!(0))
    } else {
        (quote!(batch.first_row + (#base) / #per_row), quote!((#base) % #per_row))
    };
    if access.along {
        let column = scope.column();
        quote!(rt::random::#function(simd, batch, #operator, #row, #element + #column))
    } else {
        quote!(rt::splat(simd, rt::lane(rt::random::#function(simd, batch, #operator, #row, #element))))
    }
}

fn unary(op: Unary, a: &TokenStream) -> TokenStream {
    let function = match op {
        Unary::Neg => quote!(neg),
        Unary::Abs => quote!(abs),
        Unary::Sign => quote!(sign),
        Unary::Floor => quote!(floor),
        Unary::Reciprocal => quote!(reciprocal),
        Unary::Sqrt => quote!(sqrt),
        Unary::Rsqrt => quote!(rsqrt),
        Unary::Exp => quote!(exp),
        Unary::Log => quote!(log),
        Unary::Log1p => quote!(log1p),
        Unary::Sin => quote!(sin),
        Unary::Cos => quote!(cos),
        Unary::Tanh => quote!(tanh),
        Unary::Sigmoid => quote!(sigmoid),
        Unary::Erf => quote!(erf),
    };
    quote!(rt::math::#function(simd, #a))
}

fn binary(op: Binary, a: &TokenStream, b: &TokenStream) -> TokenStream {
    match op {
        Binary::Add => quote!(#a + #b),
        Binary::Sub => quote!(#a - #b),
        Binary::Mul => quote!(#a * #b),
        Binary::Div => quote!(#a / #b),
        Binary::Pow => quote!(rt::math::pow(simd, #a, #b)),
        Binary::Max => quote!(rt::math::max(simd, #a, #b)),
        Binary::Min => quote!(rt::math::min(simd, #a, #b)),
    }
}

fn compare(op: Compare, a: &TokenStream, b: &TokenStream) -> TokenStream {
    let method = match op {
        Compare::Eq => quote!(simd_eq),
        Compare::Ne => quote!(simd_ne),
        Compare::Lt => quote!(simd_lt),
        Compare::Le => quote!(simd_le),
        Compare::Gt => quote!(simd_gt),
        Compare::Ge => quote!(simd_ge),
    };
    quote!(#a.#method(#b))
}

/// What is there and what comes, combined.
pub(super) fn combine(fold: Option<Fold>, old: &TokenStream, new: TokenStream) -> TokenStream {
    match fold {
        None => new,
        Some(Fold::Sum) => binary(Binary::Add, old, &new),
        Some(Fold::Max) => binary(Binary::Max, old, &new),
        Some(Fold::Min) => binary(Binary::Min, old, &new),
    }
}

/// The terms of `offset + Σ strides·i` that are not zero.
fn terms(access: &Access, counters: &[Ident]) -> Vec<TokenStream> {
    let offset = (access.offset > 0).then(|| {
        let offset = Literal::usize_unsuffixed(access.offset);
        quote!(#offset)
    });
    let steps = access.strides.iter().zip(counters).filter_map(|(stride, counter)| {
        let literal = Literal::usize_unsuffixed(*stride);
        match stride {
            0 => None,
            1 => Some(quote!(#counter)),
            _ => Some(quote!(#counter * #literal)),
        }
    });
    offset.into_iter().chain(steps).collect()
}

pub(super) fn sum(terms: Vec<TokenStream>) -> TokenStream {
    if terms.is_empty() { quote!(0) } else { quote!(#(#terms)+*) }
}
