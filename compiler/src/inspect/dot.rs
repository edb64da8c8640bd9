//! Graphviz pictures: a graph, value by value, and a plan, kernel by kernel.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::budget::names::Names;
use crate::ir::op::{Op, Source};
use crate::ir::print::{operator, purpose};
use crate::ir::{Graph, Value};
use crate::plan::kernel::{BufferId, Instruction, Kernel, Stage};
use crate::plan::schedule::{distinct, touched};
use crate::plan::{Buffer, Place};

/// A picture in the making.
struct Picture(String);

impl Picture {
    fn new(name: &str) -> Self {
        Self(format!("digraph {name} {{\n  node [shape=box, fontname=monospace];\n  edge [fontname=monospace];\n"))
    }

    fn node(&mut self, id: &str, lines: &[String], style: &str) {
        self.line(&format!("{id} [label={}{style}];", quoted(&lines.join("\n"))));
    }

    fn edge(&mut self, from: &str, to: &str, label: Option<&str>) {
        let label = label.map(|label| format!(" [label={}]", quoted(label))).unwrap_or_default();
        self.line(&format!("{from} -> {to}{label};"));
    }

    fn line(&mut self, line: &str) {
        // writing to a string does not fail
        let _ = writeln!(self.0, "  {line}");
    }

    fn finish(mut self) -> String {
        self.0.push_str("}\n");
        self.0
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// A node for each value and each sink, an edge for each operand. Numbers are left out unless a sink keeps them.
pub fn graph(graph: &Graph) -> String {
    let mut picture = Picture::new("graph");
    let id = |value: Value| format!("v{}", value.index());
    let kept: BTreeSet<Value> = graph.sinks.iter().map(|sink| sink.value).collect();
    let is_shown = |value: Value| kept.contains(&value) || !matches!(graph.op(value), Op::Source(Source::Scalar(_)));
    for value in graph.values().filter(|value| is_shown(*value)) {
        let numbers = graph.operands(value).iter().filter(|operand| !is_shown(**operand));
        let numbers: String = numbers.map(|operand| format!(" {}", operator(graph, *operand))).collect();
        let mut lines = vec![format!("{}{numbers}", operator(graph, value)), graph.ty(value).to_string()];
        lines.extend(graph.label(value).map(str::to_owned));
        let is_source = matches!(graph.op(value), Op::Source(_));
        picture.node(&id(value), &lines, if is_source { ", shape=ellipse" } else { "" });
        for operand in graph.operands(value).iter().filter(|operand| is_shown(**operand)) {
            picture.edge(&id(*operand), &id(value), None);
        }
    }
    for (number, sink) in graph.sinks.iter().enumerate() {
        let end = format!("sink{number}");
        picture.node(&end, &[purpose(graph, sink.purpose)], ", shape=doubleoctagon");
        picture.edge(&id(sink.value), &end, None);
    }
    picture.finish()
}

/// A node for each kernel and each buffer of the caller or the model, a cluster for each loop; an edge for each buffer
/// that is handed on.
pub fn kernels(names: &Names<'_>) -> String {
    let plan = names.plan;
    let mut wiring = Wiring { names, picture: Picture::new("kernels"), writers: BTreeMap::new(), position: 0 };
    for (number, buffer) in plan.buffers.iter().enumerate().filter(|(_, buffer)| is_outside(buffer)) {
        wiring.picture.node(&format!("b{number}"), &[buffer.to_string()], ", shape=ellipse");
    }
    wiring.kernels(&plan.kernels);
    wiring.picture.finish()
}

/// The state of drawing a plan.
struct Wiring<'n, 'p> {
    names: &'n Names<'p>,
    picture: Picture,
    /// The last kernel that wrote each buffer.
    writers: BTreeMap<BufferId, String>,
    position: usize,
}

impl Wiring<'_, '_> {
    fn kernels(&mut self, kernels: &[Kernel]) {
        for kernel in kernels {
            match kernel {
                Kernel::Loop(inner) => {
                    let label = self.names.kernel(self.position);
                    self.picture.line(&format!("subgraph cluster_{} {{", self.position));
                    self.picture.line(&format!("label={};", quoted(&label)));
                    self.position += 1;
                    self.kernels(&inner.kernels);
                    self.picture.line("}");
                }
                _ => self.kernel(kernel),
            }
            self.position += 1;
        }
    }

    fn kernel(&mut self, kernel: &Kernel) {
        let id = format!("k{}", self.position);
        self.picture.node(&id, &lines(self.names, self.position, kernel), "");
        let one = touched(kernel);
        let plan = self.names.plan;
        for buffer in distinct([&one.reads[..], &one.writes].concat()) {
            let root = self.root(buffer);
            let held = &plan.buffers[root.0];
            let label = format!("{} [{}]", self.names.buffer(root), held.length);
            match self.writers.get(&root) {
                Some(from) => self.picture.edge(from, &id, Some(&label)),
                None if is_outside(held) && one.reads.contains(&buffer) => {
                    self.picture.edge(&format!("b{}", root.0), &id, None);
                }
                None => {}
            }
        }
        for &buffer in &one.writes {
            let root = self.root(buffer);
            self.writers.insert(root, id.clone());
            if is_outside(&plan.buffers[root.0]) {
                self.picture.edge(&id, &format!("b{}", root.0), None);
            }
        }
    }

    /// The buffer that a window is a part of.
    fn root(&self, buffer: BufferId) -> BufferId {
        match self.names.plan.buffers[buffer.0].place {
            Place::Window { of, .. } => self.root(of),
            _ => buffer,
        }
    }
}

/// The number of a kernel, what it does, and the operators that were fused into it.
fn lines(names: &Names<'_>, number: usize, kernel: &Kernel) -> Vec<String> {
    let stages = match kernel {
        Kernel::Rows(rows) => &rows.stages[..],
        Kernel::Contract(contract) => std::slice::from_ref(&contract.epilogue),
        _ => &[],
    };
    let head = format!("{}: {}", number + 1, names.kernel(number));
    std::iter::once(head).chain(stages.iter().map(fused).filter(|line| !line.is_empty())).collect()
}

fn fused(stage: &Stage) -> String {
    let mut words: Vec<String> = stage.body.iter().filter_map(word).collect();
    words.extend(stage.folds.iter().map(|(fold, _)| format!("fold {fold:?}")));
    words.join(", ").to_lowercase()
}

/// The operator that an instruction is, unless it only fetches.
fn word(instruction: &Instruction) -> Option<String> {
    match instruction {
        Instruction::Unary(op, _) => Some(format!("{op:?}")),
        Instruction::Binary(op, ..) => Some(format!("{op:?}")),
        Instruction::Compare(op, ..) => Some(format!("{op:?}")),
        Instruction::Select(..) => Some("select".to_owned()),
        Instruction::Random { .. } => Some("random".to_owned()),
        Instruction::Load(_)
        | Instruction::Accumulator
        | Instruction::Scalar(_)
        | Instruction::RowCount
        | Instruction::InverseTotal
        | Instruction::Iota(_)
        | Instruction::Cast(..)
        | Instruction::Folded { .. } => None,
    }
}

fn is_outside(buffer: &Buffer) -> bool {
    !matches!(buffer.place, Place::Rows { .. } | Place::Fixed { .. } | Place::Window { .. })
}
