//! How many rows the compiler sends through a forward pass together.

use graven_compiler::{compile, stage, syntax};

/// The rows that go together in a network, where not all do.
fn at_once(forward: &str) -> Option<usize> {
    let source = format!("struct Net; fn forward{forward}");
    let ast = syntax::parse(source.parse().expect("tokens")).unwrap_or_else(|errors| panic!("{errors:?}"));
    compile(&stage::stage(&ast).unwrap_or_else(|errors| panic!("{errors:?}"))).rows_at_once
}

/// Two convolutions over pictures of that many pixels each way, made flat by a layer before a dense one.
fn pictures(side: usize, filters: usize, flat: &str) -> String {
    format!(
        "(x: [{side}, {side}, 3]) -> [64] {{
            let x = conv2d(x, {filters}, kernel = 3, padding = same, activation = relu);
            let x = conv2d(x, {filters}, kernel = 3, padding = same, activation = relu);
            dense({flat}(x), 64)
        }}"
    )
}

/// A row leaves 34² times 8 floats with a border and 32² times 8 without.
#[test]
fn as_many_as_a_near_cache_holds() {
    let rows = (512 << 10) / (4 * (34 * 34 + 32 * 32) * 8);
    assert_eq!(rows, 7);
    assert_eq!(at_once(&pictures(32, 8, "global_avg_pool2d")), Some(rows));
}

#[test]
fn all_where_three_rows_are_more_than_a_near_cache_holds() {
    assert_eq!(at_once(&pictures(224, 16, "global_avg_pool2d")), None);
}

#[test]
fn all_where_weights_outweigh_the_values() {
    assert_eq!(at_once(&pictures(32, 8, "flatten")), None);
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
