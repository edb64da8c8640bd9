//! Composites against central differences: that their parts fit, and that no branch not taken spoils a gradient.

mod passes_common;

use graven_compiler::ir::Expr;
use graven_compiler::nn::activation::{
    clip, elu, gelu, gelu_tanh, hard_sigmoid, hard_swish, leaky_relu, log_softmax, relu, relu6, selu, sigmoid, silu,
    softmax, softplus, softsign,
};
use graven_compiler::nn::contraction::{dense, einsum, matmul};
use graven_compiler::nn::loss::{
    binary_cross_entropy, binary_cross_entropy_with_logits, categorical_cross_entropy, cosine_similarity,
    cross_entropy, hinge, huber, kl_divergence, mae, mse, one_hot,
};
use graven_compiler::nn::norm::{batch_statistics, layer_norm, rms_norm, standardize};
use graven_compiler::nn::reduction::{l2_normalize, mean, variance};
use passes_common::batched;
use passes_common::differences::{ANY, check};

const WIDE: [f64; 2] = [-4.0, 4.0];
const PROBABILITY: [f64; 2] = [0.1, 0.9];

#[test]
fn activations() {
    type Activation = for<'b> fn(Expr<'b>) -> Expr<'b>;
    let activations: [(&str, Activation); 15] = [
        ("relu", relu),
        ("relu6", relu6),
        ("leaky_relu", |x| leaky_relu(x, 0.3)),
        ("elu", |x| elu(x, 1.0)),
        ("selu", selu),
        ("gelu", gelu),
        ("gelu_tanh", gelu_tanh),
        ("sigmoid", sigmoid),
        ("silu", silu),
        ("hard_sigmoid", hard_sigmoid),
        ("hard_swish", hard_swish),
        ("softplus", softplus),
        ("softsign", softsign),
        ("softmax", |x| softmax(x, 0)),
        ("log_softmax", |x| log_softmax(x, 1)),
    ];
    for (name, activation) in activations {
        check(name, WIDE, &[&[3, 4]], |x| activation(x[0]));
    }
    check("clip", ANY, &[&[6]], |x| clip(x[0], -0.5, 0.5));
}

#[test]
fn losses() {
    type Loss = for<'b> fn(Expr<'b>, Expr<'b>) -> Expr<'b>;
    let of_reals: [(&str, Loss); 7] = [
        ("mse", mse),
        ("mae", mae),
        ("huber", |x, t| huber(x, t, 1.0)),
        ("hinge", hinge),
        ("cross_entropy", cross_entropy),
        ("binary_cross_entropy_with_logits", binary_cross_entropy_with_logits),
        ("cosine_similarity", cosine_similarity),
    ];
    for (name, loss) in of_reals {
        check(name, ANY, &[&[4], &[4]], |x| loss(batched(x[0], &[4]), batched(x[1], &[4])));
    }
    let of_probabilities: [(&str, Loss); 3] = [
        ("categorical_cross_entropy", categorical_cross_entropy),
        ("binary_cross_entropy", binary_cross_entropy),
        ("kl_divergence", kl_divergence),
    ];
    for (name, loss) in of_probabilities {
        check(name, PROBABILITY, &[&[4], &[4]], |x| loss(batched(x[0], &[4]), batched(x[1], &[4])));
    }
    check("classes", ANY, &[&[3]], |x| {
        let label = x[0].builder.input(
            "label",
            graven_compiler::ir::Type {
                dtype: graven_compiler::ir::DType::Index(3),
                shape: graven_compiler::ir::Shape::batched(&[]),
            },
        );
        cross_entropy(batched(x[0], &[3]), one_hot(label, 3))
    });
}

#[test]
fn normalisations() {
    check("layer_norm", ANY, &[&[4]], |x| layer_norm(batched(x[0], &[4]), &[1], 1e-3));
    check("rms_norm", ANY, &[&[4]], |x| rms_norm(batched(x[0], &[4]), &[1], 1e-3));
    check("l2_normalize", ANY, &[&[4]], |x| l2_normalize(batched(x[0], &[4]), &[1], 1e-12));
    check("mean and variance", ANY, &[&[3, 4]], |x| mean(x[0], &[1]) * variance(x[0], &[1]));
    check("batch_norm", ANY, &[&[2, 3]], |x| {
        let x = batched(x[0], &[2, 3]);
        let statistics = batch_statistics(x);
        standardize(x, statistics.mean, statistics.variance, 1e-3)
    });
}

#[test]
fn contractions() {
    check("dense", ANY, &[&[2, 3], &[4, 3]], |x| dense(batched(x[0], &[2, 3]), x[1]));
    check("matmul", ANY, &[&[2, 3], &[3, 4]], |x| matmul(batched(x[0], &[2, 3]), x[1]));
    check("matmul of two batches", ANY, &[&[2, 3], &[3, 4]], |x| {
        matmul(batched(x[0], &[2, 3]), batched(x[1], &[3, 4]))
    });
    check("einsum", ANY, &[&[2, 3], &[4, 3]], |x| einsum((x[0], &['q', 'd']), (x[1], &['k', 'd']), &['k', 'q']));
}
