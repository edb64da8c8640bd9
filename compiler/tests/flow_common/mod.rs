//! Declarations that several tests compile, and files that hold what tests print.
#![allow(dead_code, reason = "each test binary uses a part")]

use std::path::Path;

use graven_compiler::ir::Graph;
use graven_compiler::ir::print::print;
use graven_compiler::network::Network;
use graven_compiler::syntax::Errors;
use graven_compiler::{compile, emit, passes, stage, syntax};
use quote::ToTokens;
use syn::{Expr, Item, Stmt};

/// 784-128-10 on digits.
pub const MLP: &str = r#"
struct Mlp;

fn forward(x: [784]) -> [10] {
    dense(relu(dense(x, 128)), 10)
}

fn loss(logits, label: index<10>) {
    cross_entropy(logits, label)
}
"#;

/// 784-512-512-10 on digits.
pub const MLP2: &str = r#"
struct Mlp2;

fn forward(x: [784]) -> [10] {
    let mut x = x;
    for units in [512, 512] {
        x = relu(dense(x, units));
    }
    dense(x, 10)
}

fn loss(logits, label: index<10>) {
    cross_entropy(logits, label)
}
"#;

/// Nine normalised layers around a bottleneck of 8.
pub const AUTOENCODER: &str = r#"
struct AutoEncoder;

fn forward(x: [640]) -> [640] {
    let mut x = x;
    for units in [128, 128, 128, 128, 8, 128, 128, 128, 128] {
        x = relu(batch_norm(dense(x, units), unbiased = true));
    }
    dense(x, 640, name = "out")
}

fn loss(y, target: [640]) {
    mse(y, target)
}
"#;

/// Parses and stages a declaration without mistakes.
pub fn network(source: &str) -> Network {
    let staged = syntax::parse(source.parse().expect("tokens")).and_then(|ast| stage::stage(&ast));
    staged.unwrap_or_else(|errors| panic!("{:?}", texts(&errors)))
}

fn texts(errors: &Errors) -> Vec<String> {
    errors.iter().map(|error| error.text()).collect()
}

/// Compares a text with a file, or writes the file if `GRAVEN_RECORD` is set.
pub fn assert_recorded(path: &Path, text: &str) {
    if std::env::var_os("GRAVEN_RECORD").is_some() {
        std::fs::create_dir_all(path.parent().expect("a file in a folder")).expect("the folder can be made");
        std::fs::write(path, text).expect("the file can be written");
        return;
    }
    let recorded = std::fs::read_to_string(path).unwrap_or_default();
    let lines = recorded.lines().map(Some).chain(std::iter::repeat(None));
    let differs = text.lines().map(Some).chain([None]).zip(lines).position(|(new, old)| new != old);
    if let Some(line) = differs {
        let (old, new) = (recorded.lines().nth(line), text.lines().nth(line));
        let hint = "GRAVEN_RECORD=1 records it";
        panic!("{} differs in line {}; {hint}\nrecorded: {old:?}\nnow:      {new:?}", path.display(), line + 1);
    }
}

/// The dump after each pass; a pass that changes nothing says so.
pub fn passes(graph: &Graph, gradients: bool) -> Vec<(String, String)> {
    let mut dumps: Vec<(String, String)> = Vec::new();
    let mut last = String::new();
    passes::traced(graph.clone(), gradients, |name, graph| {
        let dump = print(graph);
        let shown = if dump == last { "unchanged\n".to_owned() } else { dump.clone() };
        dumps.push((name.to_owned(), shown));
        last = dump;
    });
    dumps
}

/// The emitted code that computes, formatted: runs, epilogues and kernels, without types and tables.
pub fn code(network: &Network) -> String {
    let file: syn::File = syn::parse2(emit::emit(network, &compile(network))).expect("emitted code parses");
    let blocks = file.items.into_iter().filter_map(|item| match item {
        Item::Const(constant) => Some(*constant.expr),
        _ => None,
    });
    let inner = blocks.filter_map(|block| match block {
        Expr::Block(block) => Some(block.block.stmts),
        _ => None,
    });
    let items = inner.flatten().filter_map(|statement| match statement {
        Stmt::Item(item) if computes(&item) => Some(item),
        _ => None,
    });
    let file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: items.collect() };
    prettyplease::unparse(&file)
}

fn computes(item: &Item) -> bool {
    let named = |name: String| {
        ["RunForward", "RunEvaluation", "RunTraining", "Epilogue"].iter().any(|part| name.contains(part))
    };
    match item {
        Item::Fn(_) => true,
        Item::Struct(item) => named(item.ident.to_string()),
        Item::Impl(item) => named(item.self_ty.to_token_stream().to_string()),
        _ => false,
    }
}
