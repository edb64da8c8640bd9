//! What fusion makes of whole networks: how many kernels, and which.

mod plan_common;

use graven_compiler::ir::op::{Binary, Reduce, Source, Unary};
use graven_compiler::ir::window::Geometry;
use graven_compiler::ir::{Builder, DType, Expr, Purpose, Shape, Type};
use graven_compiler::nn;
use graven_compiler::plan::kernel::{Form, Kernel};
use graven_compiler::plan::{self, Layout, Plan, Program};
use plan_common::{Net, check, dense, parameter};

fn input<'b>(builder: &'b Builder, sizes: &[usize]) -> Expr<'b> {
    builder.input("x", Type::f32(Shape::batched(sizes)))
}

fn relu(x: Expr<'_>) -> Expr<'_> {
    x.binary(Binary::Max, x.builder.scalar(0.0))
}

fn mean(per_sample: Expr<'_>) -> Expr<'_> {
    per_sample.reduce(Reduce::Sum, &[0]) * per_sample.builder.source(Source::InverseTotal)
}

/// The classifier of handwritten digits.
fn classifier(b: &Builder, sizes: [usize; 3]) {
    let logits = dense(relu(dense(input(b, &[sizes[0]]), "hidden", sizes[1])), "out", sizes[2]);
    let label = b.target("label", Type { dtype: DType::Index(sizes[2]), shape: Shape::batched(&[]) });
    let target = nn::loss::one_hot(label, sizes[2]);
    b.keep(Purpose::Output(0), logits.value);
    b.keep(Purpose::Loss, mean(nn::loss::cross_entropy(logits, target)).value);
}

fn planned(net: &Net) -> Program {
    plan::program(&net.forward, None, net.training.as_ref())
}

/// Kernels in order, by kind.
fn kinds(plan: &Plan) -> Vec<&'static str> {
    let kind = |kernel: &Kernel| match kernel {
        Kernel::Rows(_) => "rows",
        Kernel::Contract(contract) => match contract.form {
            Form::Dense { .. } => "dense",
            Form::DenseInputGradient { .. } => "input gradient",
            Form::DenseWeightGradient { .. } => "weight gradient",
            Form::Matmul { .. } => "matmul",
            Form::Window(_) => "window",
        },
        Kernel::Copy(_) => "copy",
        Kernel::Fill { .. } => "fill",
        Kernel::Border(_) => "border",
        Kernel::Loop(_) => "loop",
        Kernel::RealsFromIndices { .. } => "reals",
        Kernel::Update { .. } => "update",
        Kernel::Assign { .. } => "assign",
    };
    plan.kernels.iter().map(kind).collect()
}

fn count(plan: &Plan, kind: &str) -> usize {
    kinds(plan).iter().filter(|known| **known == kind).count()
}

/// A convolution of 3 × 3 with as many filters as channels, and a bias.
fn convolved<'b>(x: Expr<'b>, name: &str) -> Expr<'b> {
    let Shape(lengths) = x.shape();
    let [height, width, channels] = [1, 2, 3].map(|axis| lengths[axis].size);
    let weight = parameter(x.builder, &format!("{name}.weight"), &[channels, channels, 3, 3]);
    let (stride, dilation, low, high) = ([1; 2], [1; 2], [1; 2], [1; 2]);
    let geometry = Geometry { input: [height, width], size: [3; 2], stride, dilation, low, high };
    nn::window::convolution(x, weight, geometry, 1) + parameter(x.builder, &format!("{name}.bias"), &[channels])
}

#[test]
fn a_residual_block_is_convolutions_that_write_the_border_of_the_next() {
    let net = Net::trained(|b| {
        let stem = relu(convolved(input(b, &[6, 5, 4]), "stem"));
        let inner = relu(convolved(stem, "first"));
        let y = relu(convolved(inner, "second") + stem);
        b.keep(Purpose::Output(0), y.value);
        b.keep(Purpose::Loss, mean(y.square().reduce(Reduce::Sum, &[1, 2, 3])).value);
    });
    let program = planned(&net);
    // the caller's image is the only one that has to be copied
    let counts = ["copy", "border", "window", "rows"].map(|kind| count(&program.forward, kind));
    assert_eq!(counts, [1, 3, 3, 0], "{}", program.forward);
    assert_eq!(kinds(&program.forward).len(), 7, "{}", program.forward);
}

#[test]
fn a_classifier_is_two_products_forward() {
    let program = planned(&Net::trained(|b| classifier(b, [784, 128, 10])));
    assert_eq!(kinds(&program.forward), ["dense", "dense"], "{}", program.forward);
}

#[test]
fn a_classifier_trains_with_row_programs_for_loss_bias_and_mean_alone() {
    let program = planned(&Net::trained(|b| classifier(b, [784, 128, 10])));
    let training = program.training.expect("a training plan");
    assert_eq!(count(&training, "dense"), 2);
    assert_eq!(count(&training, "input gradient"), 1);
    assert_eq!(count(&training, "weight gradient"), 2);
    assert_eq!(count(&training, "rows"), 3, "{training}");
    assert_eq!(count(&training, "copy") + count(&training, "matmul"), 0, "{training}");
}

#[test]
fn softmax_and_layer_norm_are_one_row_program_each() {
    for build in [
        |b: &Builder| b.keep(Purpose::Output(0), nn::activation::softmax(input(b, &[40]), 1).value),
        |b: &Builder| b.keep(Purpose::Output(0), nn::norm::layer_norm(input(b, &[3, 40]), &[2], 1e-3).value),
    ] {
        let net = Net::inference(build);
        check(&net);
        let plan = planned(&net).forward;
        assert_eq!(kinds(&plan), ["rows"], "{plan}");
    }
}

#[test]
fn weights_lie_in_panels_unless_something_sees_their_order() {
    let panels = |build: &dyn Fn(Expr<'_>, Expr<'_>) -> graven_compiler::ir::Value| {
        let net = Net::inference(|b| {
            let x = input(b, &[6]);
            let y = dense(x, "w", 4);
            b.keep(Purpose::Output(0), build(y, plan_common::parameter(b, "w.weight", &[4, 6])));
        });
        check(&net);
        matches!(planned(&net).storage[0].layout, Layout::Panels { k: 6, n: 4, transposed: true })
    };
    assert!(panels(&|y, _| y.value));
    assert!(panels(&|y, w| (y * w.unary(Unary::Abs).reduce(Reduce::Sum, &[0, 1])).value));
    assert!(!panels(&|y, w| (y * w.reduce(Reduce::Sum, &[1])).value));
}

#[test]
fn trained_scalars_come_first_and_without_gaps() {
    let program = planned(&Net::trained(|b| classifier(b, [32, 16, 10])));
    assert_eq!(program.trained, 32 * 16 + 16 + 160 + 10);
    let offsets: Vec<usize> = program.storage.iter().map(|storage| storage.offset).collect();
    assert_eq!(offsets, [0, 512, 528, 688]);
}
