//! Where a piece of syntax is. The extent of an expression is read from its first and last token, without the others.

use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, Path};

/// From the first to the last token of something.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// The first token.
    pub start: Span,
    /// The last token.
    pub end: Span,
}

impl Extent {
    /// The extent of a piece of syntax.
    pub fn of(syntax: &impl ToTokens) -> Self {
        let mut spans = syntax.to_token_stream().into_iter().map(|token| token.span());
        let start = spans.next().unwrap_or_else(Span::call_site);
        Self { start, end: spans.last().unwrap_or(start) }
    }
}

impl From<Span> for Extent {
    fn from(span: Span) -> Self {
        Self { start: span, end: span }
    }
}

impl Extent {
    /// The extent of an expression.
    pub fn of_expr(expr: &Expr) -> Self {
        match (first(expr), last(expr)) {
            (Some(start), Some(end)) => Self { start, end },
            _ => Self::of(expr),
        }
    }
}

fn first(expr: &Expr) -> Option<Span> {
    Some(match expr {
        Expr::Path(path) => path.path.segments.first()?.ident.span(),
        Expr::Lit(literal) => literal.lit.span(),
        Expr::Call(call) => first(&call.func)?,
        Expr::MethodCall(call) => first(&call.receiver)?,
        Expr::Binary(binary) => first(&binary.left)?,
        Expr::Assign(assign) => first(&assign.left)?,
        Expr::Field(field) => first(&field.base)?,
        Expr::Index(index) => first(&index.expr)?,
        Expr::Unary(unary) => unary.op.span(),
        Expr::Paren(paren) => paren.paren_token.span.open(),
        Expr::Tuple(tuple) => tuple.paren_token.span.open(),
        Expr::Array(array) => array.bracket_token.span.open(),
        Expr::Block(block) => block.block.brace_token.span.open(),
        Expr::If(branch) => branch.if_token.span,
        Expr::ForLoop(each) => each.for_token.span,
        _ => return None,
    })
}

fn last(expr: &Expr) -> Option<Span> {
    Some(match expr {
        Expr::Path(path) => last_of_path(&path.path)?,
        Expr::Lit(literal) => literal.lit.span(),
        Expr::Call(call) => call.paren_token.span.close(),
        Expr::MethodCall(call) => call.paren_token.span.close(),
        Expr::Binary(binary) => last(&binary.right)?,
        Expr::Assign(assign) => last(&assign.right)?,
        Expr::Field(field) => field.member.span(),
        Expr::Index(index) => index.bracket_token.span.close(),
        Expr::Unary(unary) => last(&unary.expr)?,
        Expr::Paren(paren) => paren.paren_token.span.close(),
        Expr::Tuple(tuple) => tuple.paren_token.span.close(),
        Expr::Array(array) => array.bracket_token.span.close(),
        Expr::Block(block) => block.block.brace_token.span.close(),
        Expr::If(branch) => match &branch.else_branch {
            Some((_, other)) => last(other)?,
            None => branch.then_branch.brace_token.span.close(),
        },
        Expr::ForLoop(each) => each.body.brace_token.span.close(),
        _ => return None,
    })
}

fn last_of_path(path: &Path) -> Option<Span> {
    let segment = path.segments.last()?;
    segment.arguments.is_none().then(|| segment.ident.span())
}
