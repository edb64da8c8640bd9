use graven::metrics::{Accuracy, RocAuc};
use graven::prelude::*;

graven::network! {
    pub struct Digits;

    fn forward(image: [64]) -> [10] {
        dense(image, 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
}

fn main() {
    let data: Dataset<[f32; 64], Index<10>> = Dataset::new(vec![[0.0; 64]], vec![3]).unwrap();
    let model = Digits::new(1);
    let _fits = model.evaluate_with::<8>(&data, &mut [&mut Accuracy::new()]);
    let _ = model.evaluate_with::<8>(&data, &mut [&mut RocAuc::binary()]);
}
