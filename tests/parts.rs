//! Forward passes whose rows go through the network a few at a time give what they give all at once.

use graven::{Index, Network, Trainable};

graven::network! {
    pub struct Pictures;

    fn forward(image: [40, 40, 3]) -> [64] {
        let x = conv2d(image, 8, kernel = 3, padding = 1, activation = relu);
        let x = max_pool2d(depthwise_conv2d(x, 3, padding = 1, activation = relu), 2);
        dense(global_avg_pool2d(x), 64)
    }

    fn loss(logits, label: index<64>) {
        cross_entropy(logits, label)
    }
}

graven::network! {
    pub struct Flat;

    fn forward(x: [512]) -> [512] {
        dense(dense(x, 512, activation = relu), 512)
    }
}

const ROWS: usize = 13;
const CLASSES: usize = 64;
type Image = [[[f32; 3]; 40]; 40];

fn images() -> Vec<Image> {
    let value = |number: usize| (number as f32 * 0.618_034).fract() - 0.5;
    let image = |row: usize| {
        let pixel = |place: usize| std::array::from_fn(|channel| value((row * 1600 + place) * 3 + channel));
        std::array::from_fn(|line| std::array::from_fn(|column| pixel(line * 40 + column)))
    };
    (0..ROWS).map(image).collect()
}

fn bits(rows: &[[f32; CLASSES]]) -> Vec<[u32; CLASSES]> {
    rows.iter().map(|row| row.map(f32::to_bits)).collect()
}

/// The logits, with about `at_once` rows together.
fn logits(model: &Pictures, images: &[Image], at_once: usize) -> Vec<[u32; CLASSES]> {
    let mut logits = vec![[0.0; CLASSES]; ROWS];
    let mut memory = PicturesForward::<ROWS>::boxed();
    model.forward_in_parts(&mut memory, at_once, images, &mut logits).expect("as many outputs as inputs");
    bits(&logits)
}

#[test]
fn parts_have_the_bits_of_the_whole() {
    let (model, images) = (Pictures::new(1), images());
    let whole = logits(&model, &images, 0);
    for at_once in [3, 5, usize::MAX] {
        assert_eq!(logits(&model, &images, at_once), whole, "{at_once} at once");
    }
    let mut rows = vec![[0.0; CLASSES]; ROWS];
    model.forward_rows::<ROWS>(&mut PicturesForward::boxed(), &images, &mut rows).expect("as many outputs as inputs");
    assert_eq!(bits(&rows), whole);
    rows.fill([0.0; CLASSES]);
    model.forward_rows::<8>(&mut PicturesForward::boxed(), &images, &mut rows).expect("as many outputs as inputs");
    assert_eq!(bits(&rows), whole, "in memory for eight");
}

#[test]
fn an_evaluation_in_parts_has_the_loss_of_its_rows() {
    let (model, images) = (Pictures::new(1), images());
    let classes: [usize; ROWS] = std::array::from_fn(|row| row % CLASSES);
    let labels = classes.map(|class| Index::new(class).expect("one of the classes"));
    let mut memory = PicturesTraining::<ROWS>::boxed();
    let mut outputs = vec![[0.0; CLASSES]; ROWS];
    let loss = model.evaluate_rows(&mut memory, &images, &labels, &mut outputs).expect("as many labels as images");
    let of_row = |logits: &[f32; CLASSES], class: usize| {
        let sum: f64 = logits.iter().map(|&logit| f64::from(logit).exp()).sum();
        sum.ln() - f64::from(logits[class])
    };
    let mean = outputs.iter().zip(classes).map(|(row, class)| of_row(row, class)).sum::<f64>() / ROWS as f64;
    assert!((f64::from(loss) - mean).abs() < 1e-5, "{loss} is not {mean}");
    assert_eq!(bits(&outputs), logits(&model, &images, 0));
    let mut memory = PicturesTraining::<8>::boxed();
    let in_two = model.evaluate_rows(&mut memory, &images, &labels, &mut outputs).expect("as many labels as images");
    assert!((f64::from(in_two) - mean).abs() < 1e-5, "{in_two} is not {mean}");
    assert_eq!(bits(&outputs), logits(&model, &images, 0));
}

/// As many as a near cache holds the values of; all where the weights are more than what is saved.
#[test]
fn large_values_and_few_weights_make_parts() {
    assert!((3..ROWS).contains(&Pictures::ROWS_AT_ONCE), "{} rows", Pictures::ROWS_AT_ONCE);
    assert_eq!(Flat::ROWS_AT_ONCE, usize::MAX);
}
