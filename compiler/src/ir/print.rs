//! The text of a graph: one line a value, in order, then what is kept.

use std::fmt::{self, Display, Write};

use super::op::{Contract, Distribution, Movement, Op, Source};
use super::scan::Scan;
use super::window::{Window, WindowKind};
use super::{Graph, Purpose, Value};

/// The dump of a graph; equal graphs have equal dumps.
pub fn print(graph: &Graph) -> String {
    let mut text = String::new();
    // writing to a string does not fail
    let _ = write(graph, &mut text);
    text
}

fn write(graph: &Graph, text: &mut String) -> fmt::Result {
    for value in graph.values() {
        write!(text, "{} = {}", name(value), operator(graph, value))?;
        write!(text, "{}", list(" ", graph.operands(value).iter().map(|operand| name(*operand))))?;
        write!(text, " : {}", graph.ty(value))?;
        match graph.label(value) {
            Some(label) => writeln!(text, "  // {label}")?,
            None => writeln!(text)?,
        }
    }
    graph.sinks.iter().try_for_each(|sink| writeln!(text, "{} = {}", purpose(graph, sink.purpose), name(sink.value)))
}

fn name(value: Value) -> String {
    format!("%{}", value.index())
}

/// What a value is kept for: `gradient hidden.weight`.
pub fn purpose(graph: &Graph, purpose: Purpose) -> String {
    let parameter = |position: usize| graph.parameters.get(position).map_or("?", |parameter| &parameter.name);
    match purpose {
        Purpose::Output(position) => format!("output {position}"),
        Purpose::Loss => "loss".to_owned(),
        Purpose::Gradient(position) => format!("gradient {}", parameter(position)),
        Purpose::Assign(position) => format!("assign {}", parameter(position)),
    }
}

/// The operator that makes a value, with its attributes but without its operands.
pub fn operator(graph: &Graph, value: Value) -> String {
    match graph.op(value) {
        Op::Source(kind) => source(graph, kind),
        Op::Unary(kind) => lower(kind),
        Op::Binary(kind) => lower(kind),
        Op::Compare(kind) => lower(kind),
        Op::Select => "select".to_owned(),
        Op::Cast(dtype) => format!("cast {dtype}"),
        Op::Reduce(kind, axes) => format!("{}{}", lower(kind), numbers(axes)),
        Op::Movement(kind) => movement(kind),
        Op::Contract(axes) => contract(axes),
        Op::Window(kind) => window(kind),
        Op::Random(random) => match random.distribution {
            Distribution::Uniform => format!("uniform {}", random.operator),
            Distribution::Normal => format!("normal {}", random.operator),
        },
        Op::Scan(scan) => loop_result(scan),
        Op::Stop => "stop".to_owned(),
    }
}

fn loop_result(scan: &Scan) -> String {
    let direction = if scan.reverse { "scan back" } else { "scan" };
    let result = match scan.result.checked_sub(scan.carries) {
        None => format!("carry {}", scan.result),
        Some(output) => format!("output {output}"),
    };
    format!("{direction} {} steps, {result}", scan.steps)
}

fn source(graph: &Graph, source: &Source) -> String {
    let port = |name: Option<&str>| name.unwrap_or("?").to_owned();
    match source {
        Source::Input(position) => format!("input {}", port(graph.inputs.get(*position).map(|port| &*port.name))),
        Source::Target(position) => format!("target {}", port(graph.targets.get(*position).map(|port| &*port.name))),
        Source::Parameter(position) => {
            format!("parameter {}", port(graph.parameters.get(*position).map(|parameter| &*parameter.name)))
        }
        Source::Scalar(value) => format!("scalar {:?}", value.get()),
        Source::Iota(length) => format!("iota {length}"),
        Source::RowCount => "row count".to_owned(),
        Source::InverseTotal => "inverse total".to_owned(),
    }
}

fn movement(movement: &Movement) -> String {
    match movement {
        Movement::Reshape(_) => "reshape".to_owned(),
        Movement::Transpose(perm) => format!("transpose{}", numbers(perm)),
        Movement::Broadcast { shape: _, axes } => format!("broadcast{}", numbers(axes)),
        Movement::Slice { starts, lengths: _, steps } => format!("slice{} by{}", numbers(starts), numbers(steps)),
        Movement::Pad { low, high, interior, value } => {
            format!("pad{} to{} between{} with {:?}", numbers(low), numbers(high), numbers(interior), value.get())
        }
        Movement::Concat(axis) => format!("concat{}", numbers(&[*axis])),
        Movement::Reverse(axes) => format!("reverse{}", numbers(axes)),
    }
}

fn contract(axes: &Contract) -> String {
    let pairs = |pairs: &[(usize, usize)]| list("", pairs.iter().map(|(a, b)| format!("{a}·{b}")));
    format!("contract[{}] batch[{}]", pairs(&axes.contract), pairs(&axes.batch))
}

/// An operator over windows with its attributes.
pub fn window(window: &Window) -> String {
    let kind = match window.kind {
        WindowKind::Convolution { .. } => "convolution",
        WindowKind::ConvolutionByInput { .. } => "convolution by input",
        WindowKind::ConvolutionByFilter { .. } => "convolution by filter",
        WindowKind::Sum => "window sum",
        WindowKind::SumByInput => "window sum by input",
        WindowKind::Max => "window max",
        WindowKind::MaxByInput => "window max by input",
        WindowKind::MaxAt => "window max at",
    };
    let groups = match window.kind.groups() {
        1 => String::new(),
        groups => format!(" groups {groups}"),
    };
    let geometry = &window.geometry;
    let mut text = format!("{kind} {}{groups}", numbers(&geometry.size));
    for (word, pair, usual) in [
        ("by", geometry.stride, 1),
        ("dilated", geometry.dilation, 1),
        ("low", geometry.low, 0),
        ("high", geometry.high, 0),
    ] {
        if pair != [usual; 2] {
            text.push_str(&format!(" {word}{}", numbers(&pair)));
        }
    }
    text
}

fn numbers(numbers: &[usize]) -> String {
    format!("[{}]", list("", numbers.iter()))
}

/// Comma-separated, behind `before` unless empty.
fn list(before: &str, items: impl Iterator<Item = impl Display>) -> String {
    let items: Vec<String> = items.map(|item| item.to_string()).collect();
    if items.is_empty() { String::new() } else { format!("{before}{}", items.join(", ")) }
}

fn lower(kind: &impl fmt::Debug) -> String {
    format!("{kind:?}").to_lowercase()
}
