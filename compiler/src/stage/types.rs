//! Types as they are written, evaluated.

use super::evaluator::Evaluator;
use super::fault::Mistake;
use super::value::Datum;
use crate::ir::{DType, Shape, Type};
use crate::syntax::ast;

/// Elements a sample of an input, and lengths of an axis.
const ELEMENTS: usize = 1 << 31;
/// Indices are exact as reals below this.
const BOUND: i64 = 1 << 24;

impl<'b> Evaluator<'b> {
    /// The type, with the batch; `None` if it is reported.
    pub fn resolve_type(&mut self, ty: &'b ast::Type) -> Option<Type> {
        let bound = ty.bound.as_ref().map(|bound| self.length(bound, "the bound of an index", BOUND));
        let dims: Vec<Option<usize>> =
            ty.dims.iter().map(|dim| self.length(dim, "the length of an axis", ELEMENTS as i64)).collect();
        let dims: Vec<usize> = dims.into_iter().collect::<Option<_>>()?;
        let elements = dims.iter().try_fold(1_usize, |product, dim| product.checked_mul(*dim));
        if elements.is_none_or(|elements| elements > ELEMENTS) {
            let mistake = Mistake::new(format!("a tensor {dims:?} has too many elements")).at(ty.span);
            self.report(mistake.into(), &proc_macro2::TokenStream::new());
            return None;
        }
        let dtype = match bound {
            None => DType::F32,
            Some(bound) => DType::Index(bound?),
        };
        Some(Type { dtype, shape: Shape::batched(&dims) })
    }

    fn length(&mut self, expr: &'b syn::Expr, what: &str, most: i64) -> Option<usize> {
        let value = self.evaluate(expr);
        let is_batch = matches!(value, Datum::Int(-1) | Datum::Symbol("none" | "batch"));
        let mistake = match value {
            Datum::Int(length) if (1..=most).contains(&length) => return usize::try_from(length).ok(),
            Datum::Poison => return None,
            Datum::Int(length) => format!("{what} must lie between 1 and {most}, but this is {length}"),
            other => format!("{what} must be a whole number, but this is {}", other.describe()),
        };
        let help = is_batch.then(|| "the batch is not written: `[784]` is 784 numbers for each row".to_owned());
        self.report(Mistake::new(mistake).maybe_help(help).into(), expr);
        None
    }
}
