//! Closures: what they see, what their layers are called, and what is wrong with them.

use graven_compiler::rules::eval::evaluate;
use ndarray::ArrayD;

use crate::support::{environment, messages, network, parameter_names};

fn names(body: &str) -> Vec<String> {
    let network = network(&format!("struct N; fn forward(x: [6], steps: [4, 6]) {{ {body} }}"));
    parameter_names(&network).into_iter().map(ToOwned::to_owned).collect()
}

fn result(body: &str) -> ArrayD<f64> {
    let network = network(&format!(
        "struct N;
         fn apply(f, x) {{ f(x) }}
         fn cell(h, x, units) {{ let h = tanh(dense(x, units) + dense(h, units)); (h, h + x) }}
         fn forward(x: [6], steps: [4, 6]) {{ {body} }}"
    ));
    evaluate(&network.forward, &environment(&network)).swap_remove(0).1
}

#[test]
fn closures_are_what_they_say() {
    for (body, same) in [
        ("let f = |x| x * 2; f(x)", "x * 2"),
        ("(|a, b| a - b)(x, x * x)", "x - x * x"),
        ("let f = |a, b| a - b; f(b = x, a = 1)", "1 - x"),
        ("let f = |(a, b), _| a * b; f((x, 3), 4)", "x * 3"),
        ("let f = |x| { let y = x + 1; y * y }; x.f()", "(x + 1) * (x + 1)"),
        ("let scale = |k| |x| x * k; scale(3)(x)", "x * 3"),
        ("apply(|x| apply(|y| y * x, x), x + 1)", "(x + 1) * (x + 1)"),
        ("let mut y = x; for f in [|y| y + 1, |y| y * y] { y = f(y); } y", "(x + 1) * (x + 1)"),
        ("let f = if x.rank == 1 { |x| exp(x) } else { |x| x }; f(x)", "exp(x)"),
        ("dense(x, 3, init = 0.1, activation = |y| y * y)", "square(dense(x, 3, init = 0.1))"),
        ("assert!((|n| n == 1)(x.rank), \"rank {}\", (|n| n)(x.rank)); x", "x"),
    ] {
        assert_eq!(result(body), result(same), "{body}");
    }
}

#[test]
fn variables_are_captured_as_they_are() {
    assert_eq!(result("let mut k = 2; let f = |x| x * k; k = 3; f(x) * k"), result("x * 6"));
    assert_eq!(
        result("let k = 2; let f = |x| { let k = k + 1; let mut y = x; y = y * k; y }; f(x) * k"),
        result("x * 6")
    );
}

#[test]
fn a_closure_is_a_cell() {
    let cell = "let units = 6;
        let (_, all) = scan(|h, x| { let h = tanh(dense(x, units) + dense(h, units)); (h, h + x) }, over = steps, init = x); all";
    assert_eq!(result(cell), result("let (_, all) = scan(cell, over = steps, init = x, units = 6); all"));
    let passed = "let (_, all) = scan(|h, x, units| cell(h, x, units), over = steps, init = x, units = 6); all";
    assert_eq!(result(passed), result(cell));
}

#[test]
fn layers_lie_under_the_first_name_of_the_closure() {
    let weight = |scope: &str| format!("{scope}.weight");
    for (body, scopes) in [
        ("let f = |x| linear(x); f(f(x))", &["f.layer", "f_1.layer"][..]),
        ("let f = |x| linear(x); let y = f(x); y", &["y.layer"]),
        ("let f = |x| linear(x); let g = f; g(x)", &["f.layer"]),
        ("let f = |x| linear(x); f(x, name = \"head\")", &["head.layer"]),
        ("residual(x, |x| linear(x))", &["residual.block.layer"]),
        ("sequential(x, [|x| linear(x), |x| linear(x)])", &["sequential.block.layer", "sequential.block_1.layer"]),
        ("[|x| linear(x)][0](x)", &["closure.layer"]),
        ("let (h, _) = scan(|h, x| (h + linear(x), h), over = steps, init = x); h", &["cell.layer"]),
        ("let (h, _) = scan(|h, x| (h + linear(x), h), steps, x, name = \"walk\"); h", &["walk.layer"]),
        ("let f = |x| x; f(linear(x))", &["layer"]),
    ] {
        let body = body.replace("linear(x)", "dense(x, 6, use_bias = false, name = \"layer\")");
        assert_eq!(names(&body), scopes.iter().map(|scope| weight(scope)).collect::<Vec<_>>(), "{body}");
    }
}

#[test]
fn mistakes_are_at_their_token() {
    for (body, expected) in [
        ("let f = |x| y; f(x)", "2:13 there is no `y` here"),
        ("let f = |x| f(x); f(x)", "2:13 there is no `f` here"),
        ("let f = |g, x| g(g, x); f(f, x)", "2:16 `f` calls itself more than 48 times"),
        ("let f = |a, b| a; f(x)", "2:19 `f` needs an argument for `b`\n  help: `f(a, b)`"),
        ("let f = |a| a; f(x, x)", "2:21 this is one argument too many for `f`"),
        ("let f = |a| a; f(x, c = 1)", "2:21 `f` has no argument `c`\n  it has `a`"),
        ("let f = |a: f32| a; f(x)", "2:13 a parameter of a closure has no type here"),
        ("let f = |a| -> f32 { a }; f(x)", "2:16 a closure declares no result here"),
        ("let f = |&a| x; f(x)", "2:10 a pattern is a name, `_` or a tuple of patterns"),
        ("let mut n = 0; let f = |a| { n = 1; a }; x", "2:30 `n` is assigned in a closure"),
        ("let f = |a| a + param([5]); f(x)", "2:13 `+` cannot combine `a` with"),
        ("residual(x, |a| dense(a, 0))", "2:26 `units` of `dense` must be positive"),
        ("|x| x", "2:1 `forward` gives the function `closure`, not a tensor"),
        ("scan(|h, x| h, over = steps, init = x)", "2:6 a cell gives the new carry and an output, but `cell` gives"),
        ("scan(|h| (h, h), over = steps, init = x)", "2:1 this is one argument too many for `cell`"),
        ("scan(|h, x| (h, h), over = steps, innit = x)", "2:35 neither `scan` nor `cell` has an argument `innit`"),
    ] {
        let found = messages(&format!("struct N; fn forward(x: [6], steps: [4, 6]) {{\n{body}\n}}"));
        assert!(found.len() == 1 && found[0].starts_with(expected), "{body}: {found:#?}");
    }
}

#[test]
fn the_call_of_a_closure_is_shown() {
    let found = messages("struct N;\nfn forward(x: [6]) {\n  let f = |a| a + param([5]);\n  f(x)\n}");
    assert!(found[0].contains("`a` is f32[6], an input of `f` at 3:12"), "{found:#?}");
    assert!(found[0].contains("in `f`, called by `forward` at 4:3"), "{found:#?}");
}

#[test]
fn a_wrong_argument_of_a_scan_tells_what_it_and_its_cell_have() {
    let found = messages(
        "struct N;\nfn cell(h, x, units = 6) { (h, h) }\nfn forward(x: [6], steps: [4, 6]) {\n\
         let (a, _) = scan(cell, over = steps, innit = x);\n\
         let (b, _) = scan(cell, over = steps, init = x, unitss = 6);\na + b }",
    );
    let lists = "  `scan` has `cell`, `over`, `init` and `reverse`\n  `cell` has `h`, `x` and `units`\n";
    let expected = [
        format!("4:39 neither `scan` nor `cell` has an argument `innit`\n{lists}  help: did you mean `init`?"),
        format!("5:49 neither `scan` nor `cell` has an argument `unitss`\n{lists}  help: did you mean `units`?"),
    ];
    assert_eq!(found, expected);
}
