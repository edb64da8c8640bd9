//! How many rows the compiler sends through a forward pass together.

use graven_compiler::{compile, stage, syntax};

/// The rows that go together in a network, where not all do.
fn at_once(forward: &str) -> Option<usize> {
    let source = format!("struct Net; fn forward{forward}");
    let ast = syntax::parse(source.parse().expect("tokens")).unwrap_or_else(|errors| panic!("{errors:?}"));
    compile(&stage::stage(&ast).unwrap_or_else(|errors| panic!("{errors:?}"))).rows_at_once
}

/// 512 KiB of values, of which a row with its border has 34² times 16 floats and another one has them without.
#[test]
fn as_many_as_a_near_cache_holds() {
    let images = "(x: [32, 32, 3]) -> [4] {
        let x = conv2d(x, 16, kernel = 3, padding = same, activation = relu);
        let x = conv2d(x, 16, kernel = 3, padding = same, activation = relu);
        dense(global_avg_pool2d(x), 4)
    }";
    assert_eq!(at_once(images), Some((512 << 10) / (4 * (34 * 34 + 32 * 32) * 16)).map(|rows: usize| rows.max(3)));
}

#[test]
fn all_where_three_rows_are_more_than_a_near_cache_holds() {
    let large = "(x: [224, 224, 3]) -> [4] {
        let x = conv2d(x, 16, kernel = 3, padding = same, activation = relu);
        dense(global_avg_pool2d(conv2d(x, 16, kernel = 3, padding = same, activation = relu)), 4)
    }";
    assert_eq!(at_once(large), None);
}

#[test]
fn all_where_weights_outweigh_the_values() {
    let heavy = "(x: [32, 32, 3]) -> [512] {
        let x = conv2d(x, 16, kernel = 3, padding = same, activation = relu);
        dense(flatten(conv2d(x, 16, kernel = 3, padding = same, activation = relu)), 512)
    }";
    assert_eq!(at_once(heavy), None);
    assert_eq!(at_once("(x: [512]) -> [512] { dense(dense(x, 512, activation = relu), 512) }"), None);
    assert!(at_once("(x: [64]) -> [64] { dense(dense(x, 64, activation = relu), 64) }").is_some());
}

/// A step of a loop reads its weights again, and so does each part.
#[test]
fn weights_count_once_a_step() {
    let steps = |steps: usize| at_once(&format!("(x: [{steps}, 256]) -> [256] {{ rnn(x, 256) }}"));
    assert!(steps(1).is_some());
    assert_eq!(steps(64), None);
}

/// What is made of weights is made, and read, for each part.
#[test]
fn weights_that_are_made_count() {
    let product = |made: &str| {
        at_once(&format!(
            "(x: [256]) -> [256] {{
                let w = param([256, 256]);
                dense(relu(matmul(x, {made})), 256)
            }}"
        ))
    };
    assert_eq!(product("w"), Some(512));
    assert_eq!(product("w / sqrt(sum(w * w))"), None);
}
