//! The area under the receiver operating characteristic.

use graven_runtime::sample::Element;

use super::answers::{ClassScores, YesNo, each_answer, each_class};
use super::counts::{Average, Binary};
use super::{Metric, MetricOf};

/// The area under the curve of true over false positive rates: the chance that an actual yes has a greater score than an
/// actual no, ties counting half.
///
/// The number is exact, for which every score is kept: five bytes an answer, and for classes four bytes a class and
/// answer. [`RocAuc::binned`] has a fixed size. NaN where yes or no never is actual, or a score is NaN.
#[derive(Clone, Debug)]
pub struct RocAuc<R = Binary> {
    rule: R,
    scores: Scores,
}

/// A class against all others, averaged over the classes.
#[derive(Clone, Debug)]
pub struct OneVsRest {
    average: Average,
    softmax: bool,
    labels: Vec<u32>,
    classes: usize,
}

/// What is kept of the scores.
#[derive(Clone, Debug)]
enum Scores {
    All { scores: Vec<f32>, yes: Vec<bool> },
    Bins(Vec<Bin>),
}

#[derive(Clone, Copy, Debug, Default)]
struct Bin {
    yes: u64,
    no: u64,
}

impl Scores {
    fn all() -> Self {
        Self::All { scores: Vec::new(), yes: Vec::new() }
    }

    fn add(&mut self, score: f32, actual: bool) {
        match self {
            Self::All { scores, yes } => {
                scores.push(score);
                yes.push(actual);
            }
            Self::Bins(bins) => {
                let place = (score * bins.len() as f32).ceil() as usize;
                let last = bins.len() - 1;
                let bin = &mut bins[place.saturating_sub(1).min(last)];
                bin.yes += u64::from(actual);
                bin.no += u64::from(!actual);
            }
        }
    }

    fn area(&self) -> f64 {
        match self {
            Self::Bins(bins) => area(bins.iter().rev().copied()),
            Self::All { scores, yes } => exact(scores.iter().copied().zip(yes.iter().copied())),
        }
    }
}

/// The area by the trapezoids of groups of equal scores, the greatest first.
fn area(groups: impl Iterator<Item = Bin>) -> f64 {
    let (mut sum, mut yes, mut no) = (0.0, 0u64, 0u64);
    for group in groups {
        sum += group.no as f64 * (yes as f64 + group.yes as f64 / 2.0);
        yes += group.yes;
        no += group.no;
    }
    if yes == 0 || no == 0 { f64::NAN } else { sum / (yes as f64 * no as f64) }
}

fn exact(answers: impl Iterator<Item = (f32, bool)>) -> f64 {
    let mut answers: Vec<(f32, bool)> = answers.collect();
    if answers.iter().any(|(score, _)| score.is_nan()) {
        return f64::NAN;
    }
    answers.sort_unstable_by(|(a, _), (b, _)| b.total_cmp(a));
    let groups = answers.chunk_by(|(a, _), (b, _)| a == b);
    area(groups.map(|group| {
        let yes = group.iter().filter(|(_, yes)| *yes).count() as u64;
        Bin { yes, no: group.len() as u64 - yes }
    }))
}

impl RocAuc<Binary> {
    /// Of yes-or-no answers, probabilities or logits.
    #[must_use]
    pub fn binary() -> Self {
        Self { rule: Binary::at(0.0), scores: Scores::all() }
    }

    /// Of probabilities, counted in equal bins from 0 to 1 (at least one), so that memory does not grow with the rows.
    /// Scores of one bin count as equal: Keras' `AUC(num_thresholds = bins + 1)`.
    #[must_use]
    pub fn binned(bins: usize) -> Self {
        Self { rule: Binary::at(0.0), scores: Scores::Bins(vec![Bin::default(); bins.max(1)]) }
    }
}

impl RocAuc<OneVsRest> {
    /// Of probabilities of classes: each class against all others. `Micro` takes all together.
    #[must_use]
    pub fn one_vs_rest(average: Average) -> Self {
        let rule = OneVsRest { average, softmax: false, labels: Vec::new(), classes: 0 };
        Self { rule, scores: Scores::all() }
    }

    /// As [`RocAuc::one_vs_rest`], of logits, which get a softmax first.
    #[must_use]
    pub fn one_vs_rest_from_logits(average: Average) -> Self {
        let mut metric = Self::one_vs_rest(average);
        metric.rule.softmax = true;
        metric
    }

    /// The area of each class, NaN for one that is never or always actual.
    #[must_use]
    pub fn by_class(&self) -> Vec<f64> {
        (0..self.rule.classes).map(|class| exact(self.answers(class))).collect()
    }

    fn answers(&self, class: usize) -> impl Iterator<Item = (f32, bool)> {
        let Scores::All { scores, .. } = &self.scores else { unreachable!("classes are never counted in bins") };
        let rows = scores.chunks_exact(self.rule.classes.max(1)).zip(&self.rule.labels);
        rows.map(move |(scores, &label)| (scores[class], label as usize == class))
    }

    /// How often a class is actual.
    fn support(&self, class: usize) -> f64 {
        self.rule.labels.iter().filter(|&&label| label as usize == class).count() as f64
    }
}

impl Metric for RocAuc<Binary> {
    fn name(&self) -> String {
        "roc_auc".to_owned()
    }
    fn value(&self) -> f64 {
        self.scores.area()
    }
    fn reset(&mut self) {
        self.scores = match &self.scores {
            Scores::All { .. } => Scores::all(),
            Scores::Bins(bins) => Scores::Bins(vec![Bin::default(); bins.len()]),
        };
    }
}

impl<P: YesNo<T>, T: Element> MetricOf<P, T> for RocAuc<Binary> {
    fn update(&mut self, outputs: &[P], targets: &[T]) {
        each_answer(outputs, targets, |score, yes| self.scores.add(score, yes));
    }
}

impl Metric for RocAuc<OneVsRest> {
    fn name(&self) -> String {
        format!("roc_auc{}", self.rule.average.suffix())
    }
    fn value(&self) -> f64 {
        let classes = 0..self.rule.classes;
        match self.rule.average {
            Average::Macro => self.by_class().iter().sum::<f64>() / self.rule.classes as f64,
            Average::Micro => exact(classes.flat_map(|class| self.answers(class))),
            Average::Weighted => {
                let weighted = self.by_class().into_iter().zip(classes).map(|(area, class)| area * self.support(class));
                weighted.sum::<f64>() / self.rule.labels.len() as f64
            }
        }
    }
    fn reset(&mut self) {
        self.scores = Scores::all();
        self.rule.labels.clear();
    }
}

impl<P: ClassScores<T>, T: Element> MetricOf<P, T> for RocAuc<OneVsRest> {
    fn update(&mut self, outputs: &[P], targets: &[T]) {
        let Self { rule, scores: Scores::All { scores: kept, .. } } = self else { return };
        rule.classes = P::LAST_AXIS;
        each_class(outputs, targets, |scores, actual| {
            let start = kept.len();
            kept.extend_from_slice(scores);
            if rule.softmax {
                softmax(&mut kept[start..]);
            }
            rule.labels.push(actual as u32);
        });
    }
}

fn softmax(scores: &mut [f32]) {
    let greatest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in &mut *scores {
        *score = (*score - greatest).exp();
        sum += *score;
    }
    for score in scores {
        *score /= sum;
    }
}
