//! Networks whose steps are divided into parts, and rows for them.

use graven::{Dataset, Index, Trainable, network};

network! {
    /// Random numbers and a penalty, but no statistics.
    pub struct Noisy;

    fn forward(x: [12]) -> [4] {
        let hidden = dropout(layer_norm(dense(x, 50, activation = gelu)), 0.3);
        dense(gaussian_noise(hidden, 0.1), 4)
    }

    fn loss(logits, label: index<4>) {
        cross_entropy(logits, label) + l2(1e-3)
    }
}

network! {
    /// Statistics of batches, and a frozen layer.
    pub struct Normed;

    fn forward(x: [12]) -> [4] {
        let frozen = dense(x, 20, activation = tanh, trainable = false);
        dense(relu(batch_norm(dense(frozen, 30))), 4)
    }

    fn loss(logits, label: index<4>) {
        cross_entropy(logits, label)
    }
}

pub type Data = Dataset<[f32; 12], Index<4>>;

pub fn data(rows: usize) -> Data {
    let inputs: Vec<[f32; 12]> =
        (0..rows).map(|row| std::array::from_fn(|column| ((row * 13 + column * 5) as f32).sin())).collect();
    let labels: Vec<Index<4>> = (0..rows).map(|row| Index::new(row * row % 4).unwrap()).collect();
    Dataset::new(inputs, labels).unwrap()
}

pub fn bits<N: Trainable>(model: &N) -> Vec<u32> {
    model.values().iter().map(|value| value.to_bits()).collect()
}
