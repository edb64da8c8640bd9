//! A user's block has every right that a function of the language has.

use crate::support::{messages, network, parameter_names};
use graven_compiler::ir::Type;

fn shapes(source: &str) -> Vec<String> {
    network(source).outputs.iter().map(Type::written).collect()
}

#[test]
fn a_block_is_called_as_a_function_is() {
    let blocks = "struct N;
        fn half(x, by = 2) { x / by }
        fn wide(x, units = x.channels * 2, activation = relu) { dense(x, units, activation = activation) }
        fn twice(x, block) { block(block(x)) }";
    for (body, expected) in [
        ("wide(x)", "f32[8]"),
        ("wide(units = 3, x = x)", "f32[3]"),
        ("x.wide().half(by = 4)", "f32[8]"),
        ("dense(x, 5, activation = half)", "f32[5]"),
        ("wide(x, 5, activation = half)", "f32[5]"),
        ("x.twice(wide)", "f32[16]"),
        ("{ let blocks = [wide, half]; blocks[0](blocks[1](x)) }", "f32[8]"),
        (
            "{ let mut y = x; for (block, times) in [(wide, 2), (half, 1)] { for _ in 0..times { y = block(y); } } y }",
            "f32[16]",
        ),
    ] {
        assert_eq!(shapes(&format!("{blocks} fn forward(x: [4]) {{ {body} }}")), [expected], "{body}");
    }
}

#[test]
fn a_block_as_activation_has_a_scope_of_its_own() {
    let source = "struct N;
        fn scaled(x) { let factor = param([x.channels], init = ones); x * factor }
        fn forward(x: [4]) -> [4] { let hidden = dense(x, 4, activation = scaled); hidden }";
    assert_eq!(parameter_names(&network(source)), ["hidden.weight", "hidden.bias", "hidden.scaled.factor"]);
}

#[test]
fn a_block_may_have_the_name_of_any_function() {
    let source = "struct N;
        fn dense(x) { x * 2 }
        fn conv2d(x, filters) { x + filters }
        fn residual(x) { x }
        fn forward(x: [4]) -> [4] { residual(conv2d(dense(x), 3)) }";
    assert_eq!(parameter_names(&network(source)), Vec::<&str>::new());
}

#[test]
fn weights_are_shared_by_passing_them_or_a_result_on() {
    let source = "struct N;
        fn tied(x, w) { matmul(x, w) }
        fn encoder(x) { dense(x, 4) }
        fn forward(x: [4]) -> [4] {
            let w = param([4, 4]);
            let mut y = x;
            for _ in 0..3 { y = tied(y, w); }
            let code = encoder(y);
            relu(code) + tied(code, transpose(w))
        }";
    let network = network(source);
    assert_eq!(parameter_names(&network), ["w", "code.dense.weight", "code.dense.bias"]);
}

#[test]
fn declared_types_of_blocks_are_checked() {
    let head = "struct N;\nfn block(x: [n_of()], units) -> [units] { dense(x, units) }\nfn n_of() { 4 }\n";
    assert_eq!(shapes(&format!("{head}fn forward(x: [4]) {{ block(x, 3) }}")), ["f32[3]"]);
    let found = messages(&format!("{head}fn forward(x: [5]) {{\n    block(x, 3)\n}}"));
    let expected = "5:11 `x` of `block` is declared as f32[4], but this is f32[5]
  `x` is f32[5], an input of `forward` at 4:12";
    assert_eq!(found, [expected]);
    let found = messages("struct N;\nfn block(x) -> [3] {\n    dense(x, 4)\n}\nfn forward(x: [5]) {\n    block(x)\n}");
    let expected = "3:5 `block` is declared to give f32[3], but gives f32[4]
  the result is f32[4], made by `dense` at 3:5
  in `block`, called by `forward` at 6:5";
    assert_eq!(found, [expected]);
    let found = messages("struct N;\nfn block(x: [4]) {\n    x\n}\nfn forward(x: [4]) {\n    block(3)\n}");
    assert_eq!(found, ["6:11 `x` of `block` is declared as f32[4], but this is the number 3"]);
}

#[test]
fn names_inside_a_block_stay_inside() {
    let source =
        "struct N;\nfn inner(x) { let hidden = dense(x, 3); hidden }\nfn forward(x: [4]) -> [4] {\n    inner(x) + x\n}";
    let found = messages(source);
    assert!(found[0].starts_with("4:5 `+` cannot combine the left side with `x`: [3] and [4] differ"), "{found:?}");
}
