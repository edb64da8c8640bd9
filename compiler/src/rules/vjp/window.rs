//! Convolution and its adjoints are bilinear, and each derivative is one of them; so it is with pooling.

use crate::ir::Expr;
use crate::ir::window::{Window, WindowKind};

/// One cotangent for each operand.
pub(super) fn vjp<'b>(window: &Window, operands: &[Expr<'b>], ct: Expr<'b>) -> Vec<Option<Expr<'b>>> {
    let apply = |kind: WindowKind, a: Expr<'b>, b: Expr<'b>| Some(a.window(window.geometry, kind, Some(b)));
    let alone = |kind: WindowKind| Some(ct.window(window.geometry, kind, None));
    let groups = window.kind.groups();
    let (forward, by_input) = (WindowKind::Convolution { groups }, WindowKind::ConvolutionByInput { groups });
    let by_filter = WindowKind::ConvolutionByFilter { groups };
    match (window.kind, operands) {
        (WindowKind::Convolution { .. }, &[x, filter]) => vec![apply(by_input, ct, filter), apply(by_filter, x, ct)],
        (WindowKind::ConvolutionByInput { .. }, &[y, filter]) => {
            vec![apply(forward, ct, filter), apply(by_filter, ct, y)]
        }
        (WindowKind::ConvolutionByFilter { .. }, &[x, y]) => vec![apply(by_input, y, ct), apply(forward, x, ct)],
        (WindowKind::Sum, _) => vec![alone(WindowKind::SumByInput)],
        (WindowKind::SumByInput, _) => vec![alone(WindowKind::Sum)],
        (WindowKind::Max, &[x]) => vec![apply(WindowKind::MaxByInput, x, ct)],
        (WindowKind::MaxByInput, &[x, _]) => vec![None, apply(WindowKind::MaxAt, x, ct)],
        (WindowKind::MaxAt, &[x, _]) => vec![None, apply(WindowKind::MaxByInput, x, ct)],
        (
            WindowKind::Convolution { .. }
            | WindowKind::ConvolutionByInput { .. }
            | WindowKind::ConvolutionByFilter { .. }
            | WindowKind::Max
            | WindowKind::MaxByInput
            | WindowKind::MaxAt,
            operands,
        ) => vec![None; operands.len()],
    }
}
