//! Makes a graph plannable: positions of the largest are taken along the last axis, as row programs fold them.

use std::borrow::Cow;

use crate::ir::op::{Movement, Op, Reduce};
use crate::ir::scan::Body;
use crate::ir::{Builder, Graph, Shape, Type, Value};

/// An equal graph in which every `ArgMax` is along the last axis, in loops too.
pub fn graph(graph: &Graph) -> Cow<'_, Graph> {
    let asked = |value: Value| arg_max_axis(graph, value).is_some() || matches!(graph.op(value), Op::Scan(_));
    if !graph.values().any(asked) {
        return Cow::Borrowed(graph);
    }
    let builder = Builder::continuing(Graph::like(graph));
    let mut renamed: Vec<Value> = Vec::new();
    for value in graph.values() {
        let mut operands: Vec<Value> = graph.operands(value).iter().map(|operand| renamed[operand.index()]).collect();
        let mut op = graph.op(value).clone();
        if let Some(axis) = arg_max_axis(graph, value) {
            let rank = graph.ty(graph.operands(value)[0]).shape.rank();
            let perm: Vec<usize> = (0..rank).filter(|&other| other != axis).chain([axis]).collect();
            operands = vec![builder.add(Op::Movement(Movement::Transpose(perm)), &operands).value];
            op = Op::Reduce(Reduce::ArgMax, vec![rank - 1]);
        }
        if let Op::Scan(scan) = &mut op {
            scan.body = Body::new(self::graph(&scan.body).into_owned());
        }
        let new = builder.add(op, &operands).value;
        if let Some(label) = graph.label(value) {
            builder.label(new, label);
        }
        renamed.push(new);
    }
    for sink in &graph.sinks {
        builder.keep(sink.purpose, renamed[sink.value.index()]);
    }
    Cow::Owned(builder.finish())
}

/// The axis of an `ArgMax` that is not along the last one.
fn arg_max_axis(graph: &Graph, value: Value) -> Option<usize> {
    let Op::Reduce(Reduce::ArgMax, axes) = graph.op(value) else { return None };
    let Type { shape: Shape(lengths), .. } = graph.ty(graph.operands(value)[0]);
    axes.first().copied().filter(|&axis| axis + 1 < lengths.len())
}
