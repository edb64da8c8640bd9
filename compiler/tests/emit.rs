//! Emitted items of a network whose plan is written by hand: they parse, say what they should, and share functions.

use graven_compiler::emit::{emit, fallback};
use graven_compiler::ir::op::{Binary, Real, Source, Unary};
use graven_compiler::ir::{Builder, DType, Dim, Graph, Init, Parameter, Port, Role, Shape, Type};
use graven_compiler::network::{Argument, Network, Objective};
use graven_compiler::plan::kernel::{
    Access, BufferId, ContractKernel, Fold, Form, Instruction, Kernel, Operand, RowKernel, Stage, Store,
};
use graven_compiler::plan::{Buffer, Layout, Place, Plan, Program, Storage};
use proc_macro2::Span;
use syn::{Ident, parse_quote};

const INPUT: usize = 5;
const HIDDEN: usize = 40;
const OUTPUT: usize = 3;

fn parameter(name: &str, shape: &[usize]) -> Parameter {
    let (init, role) = (Init::Uniform(Real::new(0.5)), Role::Trained);
    Parameter { name: name.to_owned(), shape: shape.to_vec(), init, role, of_layer: true }
}

fn network() -> Network {
    let builder = Builder::new();
    builder.input("pixels", Type::f32(Shape::batched(&[INPUT])));
    for (name, shape) in [
        ("hidden.weight", [HIDDEN, INPUT].as_slice()),
        ("hidden.bias", &[HIDDEN]),
        ("dense.weight", &[OUTPUT, HIDDEN]),
        ("dense.bias", &[OUTPUT]),
    ] {
        builder.parameter(parameter(name, shape));
    }
    builder.source(Source::RowCount);
    Network {
        attributes: vec![parse_quote!(#[doc = "A network."]), parse_quote!(#[derive(Clone)])],
        visibility: parse_quote!(pub),
        name: Ident::new("Digits", Span::call_site()),
        inputs: vec![argument("pixels", Type::f32(Shape::batched(&[INPUT])))],
        outputs: vec![Type::f32(Shape::batched(&[OUTPUT]))],
        targets: Vec::new(),
        forward: builder.finish(),
        evaluation: None,
        training: None,
        objective: Objective::Classification,
        batch_statistics: false,
        layers: Vec::new(),
        bindings: Vec::new(),
        flattened: Vec::new(),
    }
}

fn buffer(name: &str, length: Dim, place: Place) -> Buffer {
    Buffer { name: name.to_owned(), length, dtype: DType::F32, place }
}

fn rows(size: usize) -> Dim {
    Dim { size, batched: true }
}

fn access(stride: usize, along: bool) -> Access {
    Access { offset: 0, strides: vec![stride], along }
}

fn store(buffer: usize, stride: usize, value: usize) -> Store {
    Store { buffer: BufferId(buffer), access: access(stride, true), value, fold: None }
}

/// `buffer a` times `buffer b` plus a bias, with a rectifier when `relu`.
fn dense(k: usize, n: usize, buffers: [usize; 4], relu: bool) -> Kernel {
    let [a, b, bias, to] = buffers;
    let mut body = vec![Instruction::Accumulator, Instruction::Load(0), Instruction::Binary(Binary::Add, 0, 1)];
    if relu {
        body.push(Instruction::Scalar(Real::new(0.0)));
        body.push(Instruction::Binary(Binary::Max, 2, 3));
    }
    let value = body.len() - 1;
    Kernel::Contract(ContractKernel {
        form: Form::Dense { rows: Dim::BATCH, k, n },
        a: BufferId(a),
        b: BufferId(b),
        scratch: None,
        outer: vec![Dim::BATCH],
        operands: vec![Operand { buffer: BufferId(bias), access: access(0, true) }],
        epilogue: Stage { body, stores: vec![store(to, n, value)], folds: Vec::new() },
        update: None,
    })
}

/// Softmax in place, then to another buffer.
fn softmax(from: usize, to: usize) -> Kernel {
    softmax_of(OUTPUT, from, to)
}

fn softmax_of(width: usize, from: usize, to: usize) -> Kernel {
    let load = Instruction::Load(0);
    let largest = Stage { body: vec![load.clone()], stores: Vec::new(), folds: vec![(Fold::Max, 0)] };
    let powers = Stage {
        body: vec![
            load.clone(),
            Instruction::Folded { stage: 0, fold: 0 },
            Instruction::Binary(Binary::Sub, 0, 1),
            Instruction::Unary(Unary::Exp, 2),
        ],
        stores: vec![store(from, width, 3)],
        folds: vec![(Fold::Sum, 3)],
    };
    let shares = Stage {
        body: vec![load, Instruction::Folded { stage: 1, fold: 0 }, Instruction::Binary(Binary::Div, 0, 1)],
        stores: vec![store(to, width, 2)],
        folds: Vec::new(),
    };
    Kernel::Rows(RowKernel {
        outer: vec![Dim::BATCH],
        width,
        operands: vec![Operand { buffer: BufferId(from), access: access(width, true) }],
        stages: vec![largest, powers, shares],
    })
}

fn program() -> Program {
    let sizes = [HIDDEN * INPUT, HIDDEN, OUTPUT * HIDDEN, OUTPUT];
    let layouts = [
        Layout::Panels { k: INPUT, n: HIDDEN, transposed: true },
        Layout::RowMajor,
        Layout::Panels { k: HIDDEN, n: OUTPUT, transposed: true },
        Layout::RowMajor,
    ];
    let mut offset = 0;
    let storage = sizes.iter().zip(layouts).map(|(size, layout)| {
        offset += size;
        Storage { offset: offset - size, layout }
    });
    let storage: Vec<Storage> = storage.collect();
    let mut buffers = vec![
        buffer("pixels", rows(INPUT), Place::Input(0)),
        buffer("hidden", rows(HIDDEN), Place::Rows { offset: 0 }),
        buffer("logits", rows(OUTPUT), Place::Rows { offset: 48 }),
        buffer("output", rows(OUTPUT), Place::Output(0)),
    ];
    buffers.extend(
        sizes.iter().enumerate().map(|(number, size)| buffer("parameter", Dim::fixed(*size), Place::Parameter(number))),
    );
    let forward = Plan {
        buffers,
        kernels: vec![
            dense(INPUT, HIDDEN, [0, 4, 5, 1], true),
            dense(HIDDEN, OUTPUT, [1, 6, 7, 2], false),
            softmax(2, 3),
        ],
        row_floats: 64,
        fixed_floats: 0,
        loss: None,
        unplanned: rows(0),
    };
    let scalars = sizes.iter().sum();
    Program { storage, trained: scalars, scalars, forward, rows_at_once: None, evaluation: None, training: None }
}

fn argument(name: &str, ty: Type) -> Argument {
    Argument { name: Ident::new(name, Span::call_site()), port: Port { name: name.to_owned(), ty } }
}

/// Tokens, compared with those recorded; `GRAVEN_RECORD=1` records them. The facade's tests compile and run the records.
fn check(name: &str, tokens: proc_macro2::TokenStream) {
    let text = prettyplease::unparse(&syn::parse2(tokens).expect("items"));
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/records").join(name);
    if std::env::var_os("GRAVEN_RECORD").is_some() {
        std::fs::write(&path, &text).expect("a folder for records");
    }
    assert_eq!(text, std::fs::read_to_string(&path).expect("a record"));
}

#[test]
fn a_plan_becomes_the_recorded_items() {
    check("digits.rs", emit(&network(), &program()));
}

#[test]
fn a_network_with_mistakes_has_the_recorded_items() {
    let mut network = network();
    network.name = Ident::new("Broken", Span::call_site());
    let index = |bound, sizes: &[usize]| Type { dtype: DType::Index(bound), shape: Shape::batched(sizes) };
    network.inputs.push(argument("memory", index(65, &[4])));
    network.outputs = vec![index(10, &[]), Type::f32(Shape::batched(&[]))];
    network.targets = vec![argument("label", index(10, &[])), argument("memory", Type::f32(Shape::batched(&[2, 3])))];
    network.forward = Graph::default();
    check("broken.rs", fallback::typed(&network, true));
}

#[test]
fn a_network_of_unknown_types_has_the_recorded_items() {
    let Network { attributes, visibility, .. } = network();
    check("unknown.rs", fallback::untyped(&attributes, &visibility, &Ident::new("Unknown", Span::call_site())));
}

#[test]
fn kernels_that_differ_in_buffers_alone_share_a_function() {
    let mut program = program();
    program.forward.kernels.insert(2, softmax(1, 1));
    program.forward.kernels.insert(2, softmax(1, 1));
    let text = emit(&network(), &program).to_string();
    assert_eq!(text.matches("fn rows_").count(), 2);
    assert_eq!(text.matches("rows_0 :: < _").count(), 2);
}

#[test]
fn kernels_that_differ_in_numbers_alone_share_a_function() {
    let mut program = program();
    program.forward.kernels.insert(2, softmax_of(HIDDEN, 1, 1));
    program.forward.kernels.insert(2, softmax(1, 1));
    let text = emit(&network(), &program).to_string();
    assert_eq!(text.matches("fn rows_").count(), 2);
    for width in [OUTPUT, HIDDEN] {
        assert_eq!(text.matches(&format!("rows_0 :: < _ , {width} >")).count(), 1, "{width} columns");
    }
}

#[test]
fn derives_that_arrays_lack_are_refused_by_name() {
    let mut network = network();
    network.attributes.push(parse_quote!(#[derive(Debug, Hash)]));
    let text = emit(&network, &program()).to_string();
    assert!(text.contains("a network cannot derive `Hash`"));
    assert!(text.contains("derive (Debug)"));
}
