//! What `docs/images.md` says about memory and code of the networks in `benches/src`: the constants `BYTES` of their
//! generated types, and how much the macro emits.

use std::path::Path;

use graven_compiler::budget::footprint::Footprint;
use graven_compiler::network::Network;
use graven_compiler::plan::kernel::Kernel;
use graven_compiler::plan::{Place, Plan, Program};
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

/// Rows of a training step.
const ROWS: usize = 32;

fn compiled(tokens: TokenStream) -> (Network, Program) {
    let ast = syntax::parse(tokens).expect("a declaration");
    let network = stage::stage(&ast).unwrap_or_else(|errors| panic!("{errors:?}"));
    let program = compile(&network);
    (network, program)
}

/// Bytes of the scratch memory of inference with one row, and of training with 32.
fn scratch((network, program): &(Network, Program)) -> [usize; 2] {
    let training = Footprint::training(network, program).expect("the network has a loss");
    [Footprint::forward(network, program).bytes(1), training.bytes(ROWS)]
}

/// Bytes of a training step's borders, and of the copies of inputs that are made for the sake of theirs.
fn borders(plan: &Plan) -> usize {
    let bordered = |kernel: &Kernel| match kernel {
        Kernel::Border(border) => Some((border.buffer, border.bordered)),
        _ => None,
    };
    let all: Vec<_> = plan.kernels.iter().filter_map(bordered).collect();
    let zeros = all.iter().map(|(_, one)| {
        let [height, width, channels] = one.image;
        let whole = (height + one.low[0] + one.high[0]) * (width + one.low[1] + one.high[1]) * channels;
        whole - height * width * channels
    });
    let copies = plan.kernels.iter().filter_map(|kernel| match kernel {
        Kernel::Copy(copy) if matches!(plan.buffers[copy.from.0].place, Place::Input(_)) => {
            all.iter().find(|(buffer, _)| *buffer == copy.to).map(|(_, one)| one.image.iter().product::<usize>())
        }
        _ => None,
    });
    let floats = zeros.sum::<usize>() + copies.sum::<usize>();
    size_of::<f32>() * ROWS * floats
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
        let compiled = compiled(declaration(file, name));
        let [inference, training] = scratch(&compiled);
        let borders = borders(compiled.1.training.as_ref().expect("the network has a loss"));
        let bound = size_of::<f32>() * (one + other);
        let ratio = format!("{:.2}", inference as f64 / bound as f64);
        let expected =
            [inference, bound].map(written).into_iter().chain([ratio]).chain([training, borders].map(written));
        let expected: Vec<String> = expected.collect();
        let row = cells(&format!("| {title} | scratch |"));
        if row[2..7] != expected {
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

/// The bold line of each network in the table of parts is what the compiler chooses.
#[test]
fn the_page_states_how_many_rows_go_together() {
    for (file, name) in [
        ("suite.rs", "Mlp2"),
        ("images.rs", "Cnn"),
        ("images.rs", "DsCnn"),
        ("images.rs", "ResNet8"),
        ("images.rs", "MobileNetV1"),
    ] {
        let (_, program) = compiled(declaration(file, name));
        let chosen = program.rows_at_once.unwrap_or(ROWS).min(ROWS);
        assert_eq!(cells(&format!("| {name} | **"))[1], format!("**{chosen}**"), "{name}");
    }
}
