//! What `docs/images.md` says about memory and code of the networks in `benches/src`: the constants `BYTES` of their
//! generated types, and how much the macro emits.

use std::path::Path;

use graven_compiler::budget::footprint::Footprint;
use graven_compiler::{compile, expand, stage, syntax};
use proc_macro2::TokenStream;

const PAGE: &str = include_str!("../../docs/images.md");

/// The declaration of a network in a source file of the benchmarks.
fn declaration(file: &str, name: &str) -> TokenStream {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../benches/src").join(file);
    let source = std::fs::read_to_string(path).expect("the benchmarks are part of the repository");
    let items = syn::parse_file(&source).expect("the file is Rust").items.into_iter();
    let mut networks = items.filter_map(|item| match item {
        syn::Item::Macro(item) => Some(item.mac.tokens),
        _ => None,
    });
    let is_named = |tokens: &TokenStream| syntax::parse(tokens.clone()).is_ok_and(|ast| ast.model.name == name);
    networks.find(is_named).unwrap_or_else(|| panic!("{file} declares {name}"))
}

/// Bytes of the scratch memory of inference with one row, and of training with 32.
fn scratch(tokens: TokenStream) -> [usize; 2] {
    let ast = syntax::parse(tokens).expect("a declaration");
    let network = stage::stage(&ast).unwrap_or_else(|errors| panic!("{errors:?}"));
    let program = compile(&network);
    let training = Footprint::training(&network, &program).expect("the network has a loss");
    [Footprint::forward(&network, &program).bytes(1), training.bytes(32)]
}

/// The cells of the one line of the page that starts with these.
fn cells(start: &str) -> Vec<&'static str> {
    let lines: Vec<&str> = PAGE.lines().filter(|line| line.starts_with(start)).collect();
    let [line] = lines[..] else { panic!("{} lines start with {start}", lines.len()) };
    line.trim_matches('|').split('|').map(str::trim).collect()
}

/// With a comma before each three digits.
fn written(number: usize) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", written(number / 1000), number % 1000),
    }
}

/// A network, where it is declared, and the elements of its largest pair of adjacent activations.
const TINY: [(&str, &str, &str, [usize; 2]); 4] = [
    ("DS-CNN", "images.rs", "DsCnn", [25 * 5 * 64, 25 * 5 * 64]),
    ("ResNet-8", "images.rs", "ResNet8", [32 * 32 * 16, 32 * 32 * 16]),
    ("MobileNetV1 0.25", "images.rs", "MobileNetV1", [48 * 48 * 8, 48 * 48 * 16]),
    ("autoencoder", "suite.rs", "Autoencoder", [128, 128]),
];

#[test]
fn the_page_states_the_scratch_memory_of_the_tiny_networks() {
    let mut differences = Vec::new();
    for (title, file, name, [one, other]) in TINY {
        let [inference, training] = scratch(declaration(file, name));
        let bound = size_of::<f32>() * (one + other);
        let ratio = format!("{:.2}", inference as f64 / bound as f64);
        let expected = [written(inference), written(bound), ratio, written(training)];
        let row = cells(&format!("| {title} | scratch |"));
        if row[2..6] != expected {
            differences.push(format!("{title}: {expected:?}"));
        }
    }
    assert!(differences.is_empty(), "the page must say\n{}", differences.join("\n"));
}

#[test]
fn the_page_states_how_much_is_emitted_for_resnet_18() {
    let bytes = expand(declaration("images.rs", "ResNet18")).to_string().len();
    assert_eq!(cells("| ResNet-18 | emitted |")[2], written(bytes / 1000), "thousands of bytes");
    assert!(bytes <= 200_000, "{bytes} bytes");
}
