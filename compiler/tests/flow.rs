//! Writes `docs/flow.md`, the picture of one data flow, and fails when it no longer shows what the compiler does.

mod flow_common;

use std::fmt::Write;
use std::path::Path;

use flow_common::{AUTOENCODER, MLP, assert_recorded, network};
use graven_compiler::ir::op::{Movement, Op};
use graven_compiler::ir::{Graph, Purpose, Value};
use graven_compiler::plan::kernel::Kernel;
use graven_compiler::plan::{Place, Plan, memory};
use graven_compiler::{compile, passes, syntax};
use quote::ToTokens;
use syn::{Expr, Stmt};

const BATCH: usize = 32;

const FORWARD: &str = r"/// The primer's classifier: 784 pixels, one hidden layer, two classes.
pub struct Primer;

fn forward(pixels: [784]) -> [2] {
    let hidden = dense(pixels, 128, activation = relu);
    dense(hidden, 2, activation = softmax)
}
";

const LOSS: &str = r"
fn loss(probabilities, target: [2]) {
    categorical_cross_entropy(probabilities, target)
}
";

/// Markdown in the making.
struct Page(String);

impl Page {
    fn text(&mut self, text: &str) {
        writeln!(self.0, "{text}\n").expect("strings grow");
    }

    fn block(&mut self, language: &str, text: &str) {
        self.text(&format!("```{language}\n{}\n```", text.trim_end()));
    }

    fn folded(&mut self, title: &str, language: &str, text: &str) {
        self.text(&format!("<details><summary>{title}</summary>"));
        self.block(language, text);
        self.text("</details>");
    }
}

#[test]
fn the_picture_of_one_data_flow_is_up_to_date() {
    let mut page = Page(String::new());
    page.text("# The flow of one network");
    page.text(
        "The primer's network, as each stage of the compiler sees it. `compiler/tests/flow.rs` writes this page \
         (`GRAVEN_RECORD=1 cargo test -p graven-compiler`) and fails when it is out of date. `B` is the batch.",
    );
    declaration(&mut page);
    inference(&mut page);
    training(&mut page);
    plans(&mut page);
    emission(&mut page);
    savings(&mut page);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/flow.md");
    assert_recorded(&path, &format!("{}\n", page.0.trim_end()));
}

fn declaration(page: &mut Page) {
    let source = format!("{FORWARD}{LOSS}");
    page.text("## 1. Declaration");
    page.text("Tokens between the braces of `network!`. `emit` gives tokens back; in between nothing but data.");
    page.block("rust", &source);
    page.text("## 2. Syntax tree");
    page.text(
        "`syntax::parse`: items and types have a grammar of their own; bodies are Rust expressions, so a rate, a loop \
         or a branch needs no new notation.",
    );
    let Ok(ast) = syntax::parse(source.parse().expect("tokens")) else { panic!("the declaration parses") };
    let mut tree = format!("model {}\n", ast.model.name);
    for function in [Some(&ast.forward), ast.loss.as_ref()].into_iter().flatten() {
        let arguments: Vec<String> =
            function.parameters.iter().filter_map(|parameter| Some(parameter.name()?.to_string())).collect();
        writeln!(tree, "function {} of {}", function.name, arguments.join(", ")).expect("strings grow");
        function.body.stmts.iter().for_each(|statement| tree_of_statement(&mut tree, statement));
    }
    page.block("text", &tree);
}

fn tree_of_statement(tree: &mut String, statement: &Stmt) {
    match statement {
        Stmt::Local(local) => {
            writeln!(tree, "  let {}", local.pat.to_token_stream()).expect("strings grow");
            local.init.iter().for_each(|init| tree_of(tree, &init.expr, 2));
        }
        Stmt::Expr(value, _) => tree_of(tree, value, 1),
        Stmt::Item(_) | Stmt::Macro(_) => {}
    }
}

fn tree_of(tree: &mut String, expression: &Expr, depth: usize) {
    let (text, children): (String, Vec<&Expr>) = match expression {
        Expr::Call(call) => (format!("call {}", call.func.to_token_stream()), call.args.iter().collect()),
        Expr::Assign(named) => (format!("named {}", named.left.to_token_stream()), vec![&*named.right]),
        Expr::Path(name) => (format!("name {}", name.to_token_stream()), Vec::new()),
        other => (other.to_token_stream().to_string(), Vec::new()),
    };
    writeln!(tree, "{}{text}", "  ".repeat(depth)).expect("strings grow");
    children.into_iter().for_each(|child| tree_of(tree, child, depth + 1));
}

fn inference(page: &mut Page) {
    page.text("## 3. Inference graph");
    page.text(
        "`stage::stage` evaluates the bodies: numbers, lists and names vanish, tensors become values of a graph of \
         primitives. Layers and losses are compositions of primitives and nothing else. `stop` keeps a gradient from \
         going through the largest logit, which cancels.",
    );
    let dumps = flow_common::passes(&network(FORWARD).forward, false);
    let (_, staged) = dumps.first().expect("a dump before the first pass");
    page.block("text", staged);
    page.text("After the passes, with `stop` gone, since nothing is left to differentiate:");
    let (name, changed) = dumps.iter().rev().find(|(_, dump)| dump != "unchanged\n").expect("some pass changes it");
    page.folded(&format!("the inference graph after `{name}`"), "text", changed);
}

fn training(page: &mut Page) {
    page.text("## 4. Training graph");
    page.text(
        "Passes simplify the graph of the loss, then make `log` of `softmax` stable: the logarithm of the quotient \
         becomes a difference, so a probability that rounds to zero has a finite loss. This is done before \
         differentiation, which makes the gradients stable too.",
    );
    let staged = network(&format!("{FORWARD}{LOSS}")).training.expect("the network has a loss");
    let dumps = flow_common::passes(&staged, true);
    let (derived, before) = {
        let position = dumps.iter().position(|(name, _)| name == "differentiate").expect("the pass exists");
        let earlier = &dumps[..position];
        (&dumps[position].1, earlier.iter().rev().find(|(_, dump)| dump != "unchanged\n"))
    };
    let (name, dump) = before.expect("staging shows the graph");
    page.folded(&format!("the loss, ready to be differentiated (after `{name}`)"), "text", dump);
    page.text(
        "`differentiate` walks the values backwards and appends, for each primitive, its vector-Jacobian product. It \
         leaves what nobody asked for, such as the gradient of the input, to the next pass:",
    );
    page.folded("the graph after `differentiate`", "text", derived);
    page.text(
        "Once more simplified, equal values shared and unused ones removed, this is what is planned. The sinks at the \
         end are all that training keeps:",
    );
    let (_, last) = dumps.iter().rev().find(|(_, dump)| dump != "unchanged\n").expect("some pass changes it");
    page.block("text", last);
}

fn plans(page: &mut Page) {
    let program = compile(&network(&format!("{FORWARD}{LOSS}")));
    page.text("## 5. Plan");
    page.text(
        "Fusion makes kernels of operators: a matrix product takes what follows element by element into its \
         epilogue, where values are still in registers; a reduction shares a pass over its row with its neighbours. \
         The schedule orders kernels so that little memory is alive at once, and the memory map gives every buffer \
         its offset: buffers that are never alive together share a place, and a result overwrites an operand that \
         ends there.",
    );
    page.text(
        "`rows 128` means 128 floats from the start of each row's share of the arena; `fixed` does not grow with the \
         batch; an index such as `b0[2, 1]` gives strides along the loops.",
    );
    page.block("text", &program.forward.to_string());
    let training = program.training.expect("the network has a loss");
    page.text(
        "In training each parameter is updated as soon as its gradient is finished and its old value is no longer \
         read, so gradients take turns in one place:",
    );
    page.folded("the plan of a training step", "text", &training.to_string());
    page.text("The memory map of the training step, by kernel (first to last that touches it):");
    page.block("text", &map(&training));
}

/// A line for each buffer of the arenas: where, how much, and while which kernels run.
fn map(plan: &Plan) -> String {
    let ranges = memory::ranges(plan);
    let mut lines: Vec<(String, usize, usize, String)> = Vec::new();
    for (buffer, range) in plan.buffers.iter().zip(ranges) {
        let (arena, offset) = match buffer.place {
            Place::Rows { offset } => ("rows", offset),
            Place::Fixed { offset } => ("fixed", offset),
            _ => continue,
        };
        let Some(range) = range else { continue };
        let alive: String = (0..plan.kernels.len())
            .map(|kernel| if (range.first..=range.last).contains(&kernel) { '#' } else { '.' })
            .collect();
        let text = format!("{arena:>5} {offset:>7} + {:>6}  {alive}  {}", buffer.length.size, buffer.name);
        lines.push((arena.to_owned(), offset, range.first, text));
    }
    lines.sort();
    lines.into_iter().map(|(.., text)| text + "\n").collect()
}

fn emission(page: &mut Page) {
    page.text("## 6. Emitted code");
    page.text(
        "`emit` writes the plan down. A run is compiled once for each SIMD level of the processor; sizes are \
         constants; every buffer is a slice that is cut out of the arena with bounds that are known. Dense products \
         are the runtime's and take an epilogue; kernels over rows are functions that all plans share.",
    );
    page.block("rust", &flow_common::code(&network(FORWARD)));
}

fn savings(page: &mut Page) {
    page.text("## 7. What fusion and planning save");
    page.text(&format!(
        "Operators are those that compute or move elements: sources, reshapes and broadcasts are not counted. \
         Kernels compute; the other steps of a plan are fills before sums, parameter updates and assignments of \
         running statistics. Memory is in KiB at batch {BATCH}: one buffer for each operator's result; one for each \
         that is left after fusion; and the arena, where buffers share memory. Inputs, outputs and parameters belong \
         to the caller and are not counted.",
    ));
    let mut table = String::from(
        "| network | plan | operators | kernels | other steps | every result | after fusion | planned |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for (name, source) in [("mlp, 784-128-10", MLP), ("autoencoder", AUTOENCODER)] {
        let network = network(source);
        let program = compile(&network);
        let forward = passes::prepare(network.forward);
        let training = passes::train(network.training.expect("the network has a loss"));
        let rows = [("forward", forward, Some(program.forward)), ("training", training, program.training)];
        for (kind, graph, plan) in rows {
            let plan = plan.expect("the network has a loss");
            writeln!(table, "| {name} | {kind} | {}", figures(&graph, &plan)).expect("strings grow");
        }
    }
    page.text(&table);
}

fn figures(graph: &Graph, plan: &Plan) -> String {
    let operators: Vec<Value> = graph.values().filter(|value| computes(graph.op(*value))).collect();
    let inner = operators.iter().filter(|value| !is_output(graph, **value));
    let every: usize = inner.map(|value| graph.ty(*value).shape.elements_at(BATCH)).sum();
    let ranges = memory::ranges(plan);
    let used = plan.buffers.iter().zip(ranges).filter(|(_, range)| range.is_some()).map(|(buffer, _)| buffer);
    let in_arena = used.filter(|buffer| matches!(buffer.place, Place::Rows { .. } | Place::Fixed { .. }));
    let fused: usize = in_arena.map(|buffer| buffer.length.at(BATCH)).sum();
    let planned = plan.row_floats * BATCH + plan.fixed_floats;
    let [every, fused, planned] = [every, fused, planned].map(|floats| (4 * floats).div_ceil(1024));
    let others = plan.kernels.iter().filter(|kernel| is_other_step(kernel)).count();
    let kernels = plan.kernels.len() - others;
    format!("{} | {kernels} | {others} | {every} | {fused} | {planned} |", operators.len())
}

fn is_other_step(kernel: &Kernel) -> bool {
    matches!(kernel, Kernel::Fill { .. } | Kernel::Update { .. } | Kernel::Assign { .. })
}

fn is_output(graph: &Graph, value: Value) -> bool {
    graph.sinks.iter().any(|sink| sink.value == value && matches!(sink.purpose, Purpose::Output(_)))
}

fn computes(op: &Op) -> bool {
    !matches!(op, Op::Source(_) | Op::Stop | Op::Movement(Movement::Reshape(_) | Movement::Broadcast { .. }))
}
