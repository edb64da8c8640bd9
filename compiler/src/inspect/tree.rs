//! The text of a syntax tree: an item, statement or expression a line, what belongs to it indented below.

use quote::ToTokens;
use syn::{Block, Expr, Stmt};

use super::code::inline;
use crate::syntax::Ast;
use crate::syntax::ast::{Budget, Function, Parameter, Type};

/// The tree of a declaration.
pub fn print(ast: &Ast) -> String {
    let mut tree = Tree::default();
    tree.line(format!("struct {}", ast.model.name));
    if let Some(budget) = &ast.budget {
        tree.budget(budget);
    }
    for constant in &ast.constants {
        tree.line(format!("const {}", constant.name));
        tree.inside(|tree| tree.expression(&constant.value));
    }
    for function in ast.functions.iter().chain([&ast.forward]).chain(&ast.loss) {
        tree.function(function);
    }
    tree.text
}

/// A text in the making.
#[derive(Default)]
struct Tree {
    text: String,
    depth: usize,
}

impl Tree {
    fn line(&mut self, line: impl AsRef<str>) {
        self.text.extend(std::iter::repeat_n("  ", self.depth));
        self.text.push_str(line.as_ref());
        self.text.push('\n');
    }

    fn inside(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    fn budget(&mut self, budget: &Budget) {
        self.line(format!("budget at batch {}", budget.batch.unwrap_or(1)));
        self.inside(|tree| {
            budget.limits.iter().for_each(|limit| tree.line(format!("{} {} bytes", limit.key, limit.bytes)));
        });
    }

    fn function(&mut self, function: &Function) {
        self.line(format!("fn {}", function.name));
        self.inside(|tree| {
            function.parameters.iter().for_each(|parameter| tree.parameter(parameter));
            if let Some(result) = &function.result {
                result.iter().for_each(|ty| tree.line(format!("result {}", written(ty))));
            }
            tree.block(&function.body);
        });
    }

    fn parameter(&mut self, parameter: &Parameter) {
        let ty = parameter.ty.as_ref().map(|ty| format!(": {}", written(ty))).unwrap_or_default();
        self.line(format!("parameter {}{ty}", tokens(&parameter.pattern)));
        if let Some(default) = &parameter.default {
            self.inside(|tree| tree.expression(default));
        }
    }

    fn block(&mut self, block: &Block) {
        block.stmts.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Local(local) => {
                self.line(format!("let {}", tokens(&local.pat)));
                self.inside(|tree| local.init.iter().for_each(|init| tree.expression(&init.expr)));
            }
            Stmt::Expr(value, None) => self.expression(value),
            Stmt::Expr(value, Some(_)) => {
                self.line("statement");
                self.inside(|tree| tree.expression(value));
            }
            Stmt::Item(_) | Stmt::Macro(_) => self.line(tokens(statement)),
        }
    }

    fn node<'e>(&mut self, line: impl AsRef<str>, children: impl IntoIterator<Item = &'e Expr>) {
        self.line(line);
        self.inside(|tree| children.into_iter().for_each(|child| tree.expression(child)));
    }

    fn expression(&mut self, expression: &Expr) {
        match expression {
            Expr::Call(call) => self.node(format!("call {}", tokens(&call.func)), &call.args),
            Expr::MethodCall(call) => {
                self.node(format!("call .{}", call.method), std::iter::once(&*call.receiver).chain(&call.args));
            }
            Expr::Assign(assign) => self.node(format!("{} =", tokens(&assign.left)), [&*assign.right]),
            Expr::Binary(binary) => self.node(tokens(&binary.op), [&*binary.left, &*binary.right]),
            Expr::Unary(unary) => self.node(format!("prefix {}", tokens(&unary.op)), [&*unary.expr]),
            Expr::Index(index) => self.node("index", [&*index.expr, &*index.index]),
            Expr::Array(array) => self.node("list", &array.elems),
            Expr::Tuple(tuple) => self.node("tuple", &tuple.elems),
            Expr::Paren(paren) => self.expression(&paren.expr),
            Expr::Group(group) => self.expression(&group.expr),
            Expr::Range(range) => self.node("range", range.start.iter().chain(&range.end).map(|end| &**end)),
            Expr::Block(block) => {
                self.line("block");
                self.inside(|tree| tree.block(&block.block));
            }
            Expr::If(branch) => {
                self.node("if", [&*branch.cond]);
                self.inside(|tree| tree.block(&branch.then_branch));
                if let Some((_, other)) = &branch.else_branch {
                    self.node("else", [&**other]);
                }
            }
            Expr::ForLoop(each) => {
                self.node(format!("for {}", tokens(&each.pat)), [&*each.expr]);
                self.inside(|tree| tree.block(&each.body));
            }
            other => self.line(tokens(other)),
        }
    }
}

fn written(ty: &Type) -> String {
    let dims: Vec<String> = ty.dims.iter().map(tokens).collect();
    match &ty.bound {
        Some(bound) => format!("index<{}>[{}]", tokens(bound), dims.join(", ")),
        None => format!("f32[{}]", dims.join(", ")),
    }
}

fn tokens(syntax: &impl ToTokens) -> String {
    inline(&syntax.to_token_stream())
}
