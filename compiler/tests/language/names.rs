//! Names of parameters.

use crate::support::{network, parameter_names};

fn names(body: &str) -> Vec<String> {
    let source = format!(
        "struct N;
         fn act(x) {{ relu(x) }}
         fn wide(x, units) {{ dense(x, units) }}
         fn block(x, units, stride = 1) {{
             let y = relu(batch_norm(dense(x, units, use_bias = false)));
             let y = batch_norm(dense(y, units, use_bias = false));
             let shortcut = if stride == 1 {{ x }} else {{ dense(x, units) }};
             relu(y + shortcut)
         }}
         fn forward(x: [8]) -> [8] {{ {body} }}"
    );
    let network = network(&source);
    parameter_names(&network).into_iter().map(ToOwned::to_owned).collect()
}

#[test]
fn binding_names_its_only_layer() {
    assert_eq!(names("let hidden = relu(dense(x, 8)); hidden"), ["hidden.weight", "hidden.bias"]);
    assert_eq!(names("let hidden = act(dense(x, 8)); hidden"), ["hidden.weight", "hidden.bias"]);
    assert_eq!(names("let a = wide(x, 8); a"), ["a.dense.weight", "a.dense.bias"]);
}

#[test]
fn several_layers_take_their_kinds_in_order_of_evaluation() {
    let body = "let y = dense(dense(x, 4, use_bias = false), 8, use_bias = false); y + dense(x, 8, use_bias = false)";
    assert_eq!(names(body), ["dense.weight", "dense_1.weight", "dense_2.weight"]);
}

#[test]
fn plain_assignment_and_tuple_patterns_name_nothing() {
    let body = "let mut y = x; y = dense(y, 8, use_bias = false); y";
    assert_eq!(names(body), ["dense.weight"]);
    assert_eq!(names("let (a, b) = (dense(x, 8, use_bias = false), 1); a"), ["dense.weight"]);
}

#[test]
fn taken_names_are_counted() {
    let body = "let y = dense(x, 8, use_bias = false); let y = dense(y, 8, use_bias = false); y";
    assert_eq!(names(body), ["y.weight", "y_1.weight"]);
}

#[test]
fn blocks_are_scopes_as_in_a_residual_network() {
    let body = "let mut y = relu(batch_norm(dense(x, 16, use_bias = false)));
                for (units, stride) in [(16, 1), (32, 2), (64, 2)] { y = block(y, units, stride = stride); }
                dense(y, 8)";
    let batch_norm = |scope: &str| {
        ["weight", "bias", "running_mean", "running_var"].map(|leaf| format!("{scope}batch_norm.{leaf}")).to_vec()
    };
    let mut expected = vec!["dense.weight".to_owned()];
    expected.extend(batch_norm(""));
    for (scope, has_shortcut) in [("block.", false), ("block_1.", true), ("block_2.", true)] {
        expected.push(format!("{scope}dense.weight"));
        expected.extend(batch_norm(scope));
        expected.push(format!("{scope}dense_1.weight"));
        expected.extend(batch_norm(scope).iter().map(|name| name.replace("batch_norm", "batch_norm_1")));
        if has_shortcut {
            expected.extend([format!("{scope}shortcut.weight"), format!("{scope}shortcut.bias")]);
        }
    }
    expected.extend(["dense_1.weight".to_owned(), "dense_1.bias".to_owned()]);
    assert_eq!(names(body), expected);
}

#[test]
fn a_name_given_by_the_call_wins_and_is_relative_to_its_scope() {
    let body = "let y = dense(x, 8, use_bias = false, name = \"head.last\"); wide(y, 8, name = \"tail\")";
    assert_eq!(names(body), ["head.last.weight", "tail.dense.weight", "tail.dense.bias"]);
}

#[test]
fn a_param_is_a_leaf_named_by_its_binding() {
    assert_eq!(names("let w = param([8]); x * w"), ["w"]);
    assert_eq!(names("x * param([8]) + param([8], init = zeros)"), ["param", "param_1"]);
    assert_eq!(names("let y = dense(x, 8, use_bias = false) * param([8]); y"), ["y.weight", "param"]);
}

#[test]
fn a_shared_param_is_declared_once() {
    assert_eq!(names("let w = param([8, 8]); matmul(matmul(x, w), w)"), ["w"]);
}

/// The contract's ResNet8, and the names it must have.
#[test]
fn resnet8_has_the_names_of_the_contract() {
    let source = "
        struct ResNet8;
        const CLASSES = 10;
        fn residual(x, filters, stride = 1) {
            let y = relu(batch_norm(conv2d(x, filters, kernel = 3, stride = stride, padding = same)));
            let y = batch_norm(conv2d(y, filters, kernel = 3, padding = same));
            let shortcut = if stride == 1 { x } else { conv2d(x, filters, kernel = 1, stride = stride, padding = same) };
            relu(y + shortcut)
        }
        fn forward(image: [32, 32, 3]) -> [CLASSES] {
            let mut x = relu(batch_norm(conv2d(image, 16, kernel = 3, padding = same)));
            for (filters, stride) in [(16, 1), (32, 2), (64, 2)] {
                x = residual(x, filters, stride = stride);
            }
            dense(global_avg_pool2d(x), CLASSES)
        }
        fn loss(logits, label: index<CLASSES>) { cross_entropy(logits, label) + l2(1e-4) }";
    let leaves = |scope: &str, leaves: &[&str]| leaves.iter().map(|leaf| format!("{scope}.{leaf}")).collect::<Vec<_>>();
    let convolution = |scope: &str| leaves(scope, &["weight", "bias"]);
    let norm = |scope: &str| leaves(scope, &["weight", "bias", "running_mean", "running_var"]);
    let mut expected = [convolution("conv2d"), norm("batch_norm")].concat();
    for (scope, has_shortcut) in [("residual", false), ("residual_1", true), ("residual_2", true)] {
        expected.extend(convolution(&format!("{scope}.conv2d")));
        expected.extend(norm(&format!("{scope}.batch_norm")));
        expected.extend(convolution(&format!("{scope}.conv2d_1")));
        expected.extend(norm(&format!("{scope}.batch_norm_1")));
        if has_shortcut {
            expected.extend(convolution(&format!("{scope}.shortcut")));
        }
    }
    expected.extend(convolution("dense"));
    let network = network(source);
    assert_eq!(parameter_names(&network), expected);
    for name in ["residual.batch_norm.running_mean", "residual_1.shortcut.weight", "residual_2.shortcut.bias"] {
        assert!(expected.iter().any(|known| known == name), "{name}");
    }
}
