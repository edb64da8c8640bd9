//! Metrics against scikit-learn 1.9.1 and Keras 3 (`tests/reference/metrics.py`), whatever the parts of the rows.

mod support;

use graven::metrics::{
    Accuracy, Average, BinaryAccuracy, F1, MeanAbsoluteError, MeanSquaredError, Measured, Meters, Metric, MetricOf,
    Perplexity, Precision, R2, Recall, RocAuc, RootMeanSquaredError, TopK, of,
};
use graven::{Confusion, Element, Index};
use support::{Classifier, iris};

const ROWS: usize = 24;

fn raw() -> Vec<[f32; 4]> {
    let score = |i: usize, j: usize| ((7 * i + 5 * j * j + 3 * j + (i * j) % 11) % 17 + 1) as f32;
    (0..ROWS).map(|i| std::array::from_fn(|j| score(i, j))).collect()
}

fn probabilities() -> Vec<[f32; 4]> {
    raw().into_iter().map(|row| row.map(|score| score / row.iter().sum::<f32>())).collect()
}

fn labels() -> Vec<Index<4>> {
    (0..ROWS).map(|i| Index::new((i * i + 2 * i) / 3 % 4).unwrap()).collect()
}

fn scores() -> Vec<f32> {
    (0..ROWS).map(|i| (13 * i % 20) as f32 / 20.0).collect()
}

fn answers() -> Vec<f32> {
    (0..ROWS).map(|i| f32::from(u8::from(i % 3 == 0 || i % 7 == 2))).collect()
}

fn reals(step: usize, column: usize, modulus: usize) -> Vec<[f32; 2]> {
    (0..ROWS).map(|i| std::array::from_fn(|j| ((step * i + column * j) % modulus) as f32 / 4.0)).collect()
}

/// The value over all rows, the same in parts of 1, 5 and 24 rows, and after a reset.
#[track_caller]
fn check<P: Element, T: Element>(
    metric: &mut dyn MetricOf<P, T>,
    name: &str,
    outputs: &[P],
    targets: &[T],
    expected: f64,
) {
    assert_eq!(metric.name(), name);
    for part in [1, 5, ROWS] {
        metric.reset();
        for (outputs, targets) in outputs.chunks(part).zip(targets.chunks(part)) {
            metric.update(outputs, targets);
        }
        let value = metric.value();
        assert!((value - expected).abs() < 2e-7 * expected.abs().max(1.0), "{name}: {value}, expected {expected}");
    }
}

#[test]
fn classes() {
    let (outputs, targets) = (probabilities(), labels());
    let is = |metric: &mut dyn MetricOf<[f32; 4], Index<4>>, name, expected| {
        check(metric, name, &outputs, &targets, expected);
    };
    is(&mut Accuracy::new(), "accuracy", 0.375);
    is(&mut TopK::<2>::new(), "top_2_accuracy", 0.75);
    is(&mut TopK::<3>::new(), "top_3_accuracy", 0.7916666666666666);
    is(&mut TopK::<4>::new(), "top_4_accuracy", 1.0);
    is(&mut Precision::classes(Average::Macro), "precision_macro", 0.331845238095238);
    is(&mut Precision::classes(Average::Micro), "precision_micro", 0.375);
    is(&mut Precision::classes(Average::Weighted), "precision_weighted", 0.39484126984126977);
    is(&mut Recall::classes(Average::Macro), "recall_macro", 0.34375);
    is(&mut Recall::classes(Average::Micro), "recall_micro", 0.375);
    is(&mut Recall::classes(Average::Weighted), "recall_weighted", 0.375);
    is(&mut F1::classes(Average::Macro), "f1_macro", 0.32751623376623373);
    is(&mut F1::classes(Average::Micro), "f1_micro", 0.375);
    is(&mut F1::classes(Average::Weighted), "f1_weighted", 0.3760822510822511);
    is(&mut RocAuc::one_vs_rest(Average::Macro), "roc_auc_macro", 0.6779296875);
    is(&mut RocAuc::one_vs_rest(Average::Weighted), "roc_auc_weighted", 0.6830729166666667);
    is(&mut RocAuc::one_vs_rest(Average::Micro), "roc_auc_micro", 0.6657986111111112);
    is(&mut Perplexity::from_probabilities(), "perplexity", 3.7472108750171116);
}

#[test]
fn classes_from_logits_distributions_and_sequences() {
    let logits: Vec<[f32; 4]> = probabilities().iter().map(|row| row.map(|share| share.ln() + 3.0)).collect();
    let targets = labels();
    check(&mut Perplexity::from_logits(), "perplexity", &logits, &targets, 3.7472108750171116);
    let mut auc = RocAuc::one_vs_rest_from_logits(Average::Macro);
    check(&mut auc, "roc_auc_macro", &logits, &targets, 0.6779296875);
    assert_eq!(auc.by_class().len(), 4);

    let distributions: Vec<[f32; 4]> =
        targets.iter().map(|label| std::array::from_fn(|class| f32::from(u8::from(class == label.get())))).collect();
    check(&mut Perplexity::from_logits(), "perplexity", &logits, &distributions, 3.7472108750171116);
    check(&mut F1::classes(Average::Macro), "f1_macro", &logits, &distributions, 0.32751623376623373);

    let (steps, step_labels) = (logits.as_chunks::<6>().0, targets.as_chunks::<6>().0);
    check(&mut Accuracy::new(), "accuracy", steps, step_labels, 0.375);
    check(&mut Perplexity::from_logits(), "perplexity", steps, step_labels, 3.7472108750171116);
}

#[test]
fn ignored_classes_do_not_count() {
    let (outputs, targets) = ([[0.5f32, 0.5], [0.25, 0.75]], [Index::<2>::ZERO, Index::new(1).unwrap()]);
    check(&mut Perplexity::from_probabilities().ignoring(0), "perplexity", &outputs, &targets, 4.0 / 3.0);
    check(&mut Perplexity::from_probabilities().ignoring(1), "perplexity", &outputs, &targets, 2.0);
}

#[test]
fn yes_or_no() {
    let (outputs, targets) = (scores(), answers());
    let is = |metric: &mut dyn MetricOf<f32, f32>, name, expected| check(metric, name, &outputs, &targets, expected);
    is(&mut BinaryAccuracy::new(0.5), "binary_accuracy", 0.75);
    is(&mut Precision::binary(0.5), "precision", 0.7272727272727273);
    is(&mut Recall::binary(0.5), "recall", 0.7272727272727273);
    is(&mut F1::binary(0.5), "f1", 0.7272727272727273);
    is(&mut RocAuc::binary(), "roc_auc", 0.8286713286713288);

    let logits: Vec<[f32; 1]> = outputs.iter().map(|score| [score * 4.0 - 2.0]).collect();
    let indices: Vec<Index<2>> = targets.iter().map(|&yes| Index::new(yes as usize).unwrap()).collect();
    check(&mut F1::binary(0.0), "f1", &logits, &indices, 0.7272727272727273);
    check(&mut RocAuc::binary(), "roc_auc", &logits, &indices, 0.8286713286713288);
}

#[test]
fn labels_of_which_several_apply() {
    let outputs = raw();
    let targets: Vec<[f32; 4]> =
        (0..ROWS).map(|i| std::array::from_fn(|j| f32::from(u8::from((i + j * j) % 3 == 0)))).collect();
    let is = |metric: &mut dyn MetricOf<[f32; 4], [f32; 4]>, name, expected| {
        check(metric, name, &outputs, &targets, expected)
    };
    is(&mut Precision::labels(Average::Macro, 9.0), "precision_macro", 0.2056818181818182);
    is(&mut Precision::labels(Average::Micro, 9.0), "precision_micro", 0.20454545454545456);
    is(&mut Recall::labels(Average::Weighted, 9.0), "recall_weighted", 0.28125);
    is(&mut F1::labels(Average::Macro, 9.0), "f1_macro", 0.23728070175438595);
    is(&mut F1::labels(Average::Micro, 9.0), "f1_micro", 0.23684210526315788);
}

#[test]
fn real_numbers() {
    let (outputs, targets) = (reals(5, 3, 13), reals(3, 7, 11));
    let is = |metric: &mut dyn MetricOf<[f32; 2], [f32; 2]>, name, expected| {
        check(metric, name, &outputs, &targets, expected)
    };
    is(&mut MeanAbsoluteError::new(), "mae", 0.96875);
    is(&mut MeanSquaredError::new(), "mse", 1.421875);
    is(&mut RootMeanSquaredError::new(), "rmse", 1.192424001771182);
    is(&mut R2::new(), "r2", -1.210899274506496);
    let near: Vec<[f32; 2]> = targets
        .iter()
        .zip(&outputs)
        .map(|(target, output)| [target[0] + output[0] / 8.0, target[1] + output[1] / 8.0])
        .collect();
    check(&mut R2::new(), "r2", &near, &targets, NEAR);
}

/// `r2, near` of the script.
const NEAR: f64 = 0.9250253079129408;

#[test]
fn numbers_that_do_not_exist() {
    fn empty<P: Element, T: Element>(metric: impl MetricOf<P, T>) {
        assert!(metric.value().is_nan(), "{}", metric.name());
    }
    empty::<[f32; 3], Index<3>>(Accuracy::new());
    empty::<[f32; 3], Index<3>>(F1::classes(Average::Macro));
    empty::<[f32; 3], Index<3>>(RocAuc::one_vs_rest(Average::Macro));
    empty::<[f32; 3], Index<3>>(Perplexity::from_logits());
    empty::<f32, f32>(RocAuc::binary());
    empty::<f32, f32>(R2::new());
    empty::<f32, f32>(RootMeanSquaredError::new());

    let mut auc = RocAuc::binary();
    MetricOf::<f32, f32>::update(&mut auc, &[0.1f32, 0.9], &[1.0f32, 1.0]);
    assert!(auc.value().is_nan(), "one class has no curve");
    MetricOf::<f32, f32>::update(&mut auc, &[f32::NAN], &[0.0f32]);
    assert!(auc.value().is_nan(), "no score, no number");

    let mut r2 = R2::new();
    MetricOf::<f32, f32>::update(&mut r2, &[1.0f32, 2.0], &[1.0f32, 1.0]);
    assert_eq!(r2.value(), 0.0, "targets that are all equal");
}

#[test]
fn bins_have_a_fixed_size() {
    let squares: Vec<f32> = scores().iter().map(|score| score * score).collect();
    check(&mut RocAuc::binned(4), "roc_auc", &squares, &answers(), BINNED[0]);
    check(&mut RocAuc::binned(64), "roc_auc", &squares, &answers(), BINNED[1]);
}

/// Keras' `AUC` with 5 and 65 thresholds, of the squares of the scores.
const BINNED: [f64; 2] = [0.811188817024231, 0.8356645107269287];

#[test]
fn a_confusion_table_fills_itself() {
    let mut table = Confusion::default();
    check(&mut table, "confusion", &probabilities(), &labels(), 0.375);
    let expected = [[3, 0, 3, 2], [3, 4, 0, 1], [2, 0, 0, 2], [0, 2, 0, 2]];
    let counts = std::array::from_fn(|actual| std::array::from_fn(|predicted| table.count(predicted, actual)));
    assert_eq!(counts, expected);
}

#[test]
fn one_output_of_several() {
    type Outputs = ([f32; 4], f32);
    type Targets = (f32, Index<4>);
    let (classes, scores) = (probabilities(), scores());
    let (answers, labels) = (answers(), labels());
    let mut meters: Meters<'_, Outputs, Targets> =
        Meters::new().with(of::<0, 1, _>(Accuracy::new())).with(of::<1, 0, _>(F1::binary(0.5)));
    meters.update((&classes, &scores), (&answers, &labels));
    let measured = meters.measured();
    assert_eq!((measured[0].name.as_str(), measured[0].value), ("output_0_accuracy", 0.375));
    assert_eq!((measured[1].name.as_str(), measured[1].value), ("output_1_f1", 8.0 / 11.0));
    meters.reset();
    assert!(meters.measured()[0].value.is_nan());

    let text = serde_json::to_string(&meters.measured()).unwrap();
    assert!(text.contains("null"), "{text}");
    let back: Vec<Measured> = serde_json::from_str(&text).unwrap();
    assert!(back[0].value.is_nan() && back[0].name == "output_0_accuracy");
}

#[test]
fn a_model_is_evaluated_with_any_metrics() {
    let data = iris();
    let mut model = Classifier::new(1);
    model.fit::<16>(&data).epochs(3).run().unwrap();
    let (mut accuracy, mut f1, mut confusion) = (Accuracy::new(), F1::classes(Average::Macro), Confusion::default());
    let score = model.evaluate_with::<7>(&data, &mut [&mut accuracy, &mut f1, &mut confusion]).unwrap();
    assert_eq!(score, model.evaluate::<7>(&data).unwrap());
    assert_eq!(score.accuracy, accuracy.value() as f32);
    assert_eq!(confusion, model.confusion::<16>(&data).unwrap());
    let again = model.evaluate_with::<150>(&data, &mut [&mut f1]).unwrap();
    assert!((again.loss - score.loss).abs() < 1e-5 * score.loss);
    let hits: f64 = f1.by_class().iter().sum::<f64>() / 3.0;
    assert!((hits - f1.value()).abs() < 1e-12, "metrics are reset first");
}
