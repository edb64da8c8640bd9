//! What mistakes are told, and that nothing panics.

use crate::support::messages;

/// The one message of a network whose `forward` takes `x: [4]`, `y: [3]` and `image: [4, 4, 3]`, without its place.
fn mistake(body: &str) -> String {
    let found = messages(&format!("struct N; fn forward(x: [4], y: [3], image: [4, 4, 3]) {{ {body} }}"));
    assert_eq!(found.len(), 1, "{body}: {found:#?}");
    found[0].split_once(' ').expect("a place").1.to_owned()
}

#[test]
fn sentences_have_values_in_them() {
    for (body, sentence) in [
        ("dense(x, 0)", "`units` of `dense` must be positive, but it is 0"),
        ("dense(x)", "`dense` needs an argument for `units`"),
        ("dense(x, 3, unit = 4)", "`dense` has no argument `unit`"),
        ("dense(x, 3, relu, true, zeros, true, zeros, 9)", "this is one argument too many for `dense`"),
        ("dropout(x, 1.0)", "`rate` of `dropout` must lie in [0, 1), but it is 1.0"),
        ("sum(x, axis = 1)", "there is no axis 1 in a tensor with 1 axis"),
        ("reshape(x, [5])", "[4] has 4 elements and cannot become [5]"),
        ("concat([image, x], axis = 0)", "`concat` along axis 0 cannot join [4, 4, 3] and [4]"),
        ("matmul(image, image)", "`matmul` cannot multiply [4, 4, 3] by [4, 4, 3]"),
        ("slice(x, [2], [3])", "`slice` of [3] does not lie inside [4]"),
        ("conv3d(image, 8)", "`conv3d` is not available in this version"),
        ("let z = 1; z = 2; x", "`z` is assigned twice, but it is not `mut`"),
        ("if x > 0.0 { x } else { y }", "`if` chooses while the network is built"),
        ("while true { }", "there are no `while` and `loop` in a network"),
        ("let mut z = x; while true { z = dense(z, 3); } z + y", "there are no `while` and `loop` in a network"),
        ("let mut z = x; if x > 0.0 { z = dense(x, 3); } z + y", "`if` chooses while the network is built"),
        ("dense(x, 1 / 0)", "1 is divided by zero"),
        ("mse(x, y)", "`mse` cannot compare its arguments: [4] and [3] differ"),
        ("(x > 0.0) * 2", "a mask has no arithmetic"),
        ("3", "`forward` gives the number 3, not a tensor"),
        ("let (a, b) = (x, y, x); a", "this pattern has 2 names, but there are 3 values"),
        ("max(x, y)", "`max` cannot combine its arguments: f32[4] and f32[3] differ\n  `x` is f32[4]"),
        ("select(x > 0.0, x, y)", "`select` cannot combine its arguments: f32[4] and f32[3] differ"),
        ("x[0]", "a tensor is not indexed with brackets"),
        ("dense(x, 3, name = \"a..b\")", "a name is a string of words"),
        ("dense(x, 3, init = 5 == 5)", "`true` is no way to initialise a parameter"),
    ] {
        let found = mistake(body);
        assert!(found.starts_with(sentence), "{body}: {found}");
    }
}

#[test]
fn two_shapes_that_differ_tell_how_they_came_to_be() {
    let found = messages("struct N;\nfn forward(x: [4], y: [3]) -> [4] {\n    let z = dense(x, 2);\n    z + y\n}");
    let expected = "4:5 `+` cannot combine `z` with `y`: [2] and [3] differ
  `z` is f32[2], made by `dense` at 3:13
  `y` is f32[3], an input of `forward` at 2:20
  help: `dense(y, 2)` would bring them together";
    assert_eq!(found, [expected]);
}

#[test]
fn a_mistake_inside_a_block_is_at_its_token_with_the_calls_that_led_there() {
    let source = "struct N;
fn add(a, b) { a + b }
fn outer(a, b) { relu(add(a, b)) }
fn forward(x: [4], y: [3]) -> [4] { outer(x, y) }";
    let expected = "2:16 `+` cannot combine `a` with `b`: [4] and [3] differ
  `a` is f32[4], an input of `add` at 2:8
  `b` is f32[3], an input of `add` at 2:11
  in `add`, called by `outer` at 3:23
  in `outer`, called by `forward` at 4:37
  help: `dense(b, 4)` would bring them together";
    assert_eq!(messages(source), [expected]);
}

#[test]
fn a_block_that_is_wrong_in_the_same_way_from_several_calls_is_told_once() {
    let source = "struct N; fn narrow(x) { x + dense(x, x.channels - 1) }
        fn forward(x: [4], y: [6]) -> [4] { let mut z = x; for k in 0..3 { z = narrow(x) + narrow(y) + nothing; } z }
        fn loss(z, t: [4]) { mse(narrow(t), t) }";
    let found = messages(source);
    assert_eq!(found.len(), 2, "{found:#?}");
}

#[test]
fn long_ways_are_shortened() {
    let source = "struct N;
fn a(x) { x + param([3]) }
fn b(x) { a(x) }
fn c(x) { b(x) }
fn d(x) { c(x) }
fn e(x) { d(x) }
fn f(x) { e(x) }
fn g(x) { f(x) }
fn h(x, n) { if n == 0 { g(x) } else { h(x, n - 1) } }
fn forward(x: [4]) { h(x, 5) }";
    let found = messages(source);
    let ways: Vec<&str> = found[0].lines().filter(|line| line.contains(" call")).collect();
    let expected = [
        "  in `a`, called by `b` at 3:11",
        "  in `b`, called by `c` at 4:11",
        "  in `c`, called by `d` at 5:11",
        "  … 4 more calls …",
        "  in `h`, called by `h` at 9:40, 5 times",
        "  in `h`, called by `forward` at 10:22",
    ];
    assert_eq!(ways, expected, "{found:#?}");
}

#[test]
fn names_and_syntax_are_checked_where_nothing_is_evaluated() {
    let source = "struct N;
fn unused(x, units = unit) {
    let hidden = dens(x, units);
    for (a, _) in [(1, 2)] { hiden.relu(a); }
    while x { }
    y = 2;
    assert!(nothing == 1, \"{}\", naught);
    l2(1.0, of = hidden) + 1f32
}
fn forward(x: [4]) { if false { tanhh(x) } else { x } }";
    let starts = [
        "2:22 there is no `unit` here\n  help: did you mean `int`?",
        "3:18 there is no `dens` here\n  help: did you mean `dense`?",
        "4:30 there is no `hiden` here\n  help: did you mean `hidden`?",
        "5:5 there are no `while` and `loop`",
        "6:5 there is no variable `y`",
        "7:13 there is no `nothing` here",
        "7:33 there is no `naught` here",
        "8:28 numbers have no suffix here",
        "10:33 there is no `tanhh` here\n  help: did you mean `tanh`?",
    ];
    let found = messages(source);
    assert_eq!(found.len(), starts.len(), "{found:#?}");
    for (found, start) in found.iter().zip(starts) {
        assert!(found.starts_with(start), "{found}");
    }
}

#[test]
fn names_of_other_libraries_are_known() {
    for (theirs, ours) in [
        ("Dense(x, 3)", "dense"),
        ("Linear(x, 3)", "dense"),
        ("linear(x, 3)", "dense"),
        ("Conv2D(image, 8)", "conv2d"),
        ("ReLU(x)", "relu"),
        ("LeakyReLU(x)", "leaky_relu"),
        ("BatchNormalization(x)", "batch_norm"),
        ("MaxPooling2D(image)", "max_pool2d"),
        ("Concatenate([x, y])", "concat"),
        ("permute(image, [2, 0, 1])", "transpose"),
        ("x.view([2, 2])", "reshape"),
        ("x.reshap([2, 2])", "reshape"),
        ("softmax_cross_entropy(x, y)", "cross_entropy"),
        ("sigmoid_cross_entropy(x, y)", "binary_cross_entropy_with_logits"),
        ("SwiGLU(x)", "gated_dense"),
        ("dense(x, 3, init = xavier_uniform)", "glorot_uniform"),
        ("sum(x, axes = 0)", "axis"),
        ("sum(x, dim = 0)", "axis"),
        ("sum(x, keepdim = true)", "keep_dims"),
        ("dense(x, out_features = 3)", "units"),
        ("dense(x, 3, bias = false)", "use_bias"),
        ("dropout(x, p = 0.5)", "rate"),
        ("layer_norm(x, eps = 1e-5)", "epsilon"),
        ("mlp(x, [3], activaton = relu)", "activation"),
    ] {
        let found = mistake(theirs);
        assert!(found.ends_with(&format!("help: did you mean `{ours}`?")), "{theirs}: {found}");
    }
}

#[test]
fn swapped_axes_are_noticed() {
    let source = |body: &str| format!("struct N; fn forward(a: [2, 3], b: [3, 2], c: [2, 5]) {{ {body} }}");
    for (body, help) in [
        ("a + b", "`transpose(b, [1, 0])` would bring them together"),
        ("matmul(a, c)", "`transpose(a, [1, 0])` swaps its last axes"),
        ("matmul(c, transpose(c, [0, 1]))", "`transpose(b, [1, 0])` swaps its last axes"),
        ("concat([a, c], axis = 0)", "`axis = 1` can be joined"),
    ] {
        let found = messages(&source(body));
        assert_eq!(found.len(), 1, "{body}: {found:?}");
        assert!(found[0].ends_with(&format!("help: {help}")), "{body}: {found:?}");
    }
}

#[test]
fn all_mistakes_are_told_together_and_poison_stops_cascades() {
    let found = messages(
        "struct N;\nconst A = B;\nconst B = A;\nfn forward(x: [4]) -> [5] {\n    let a = nothing(x);\n    let b = dense(a, 3) + a;\n    let c = dense(x, -1);\n    dense(x, 4)\n}",
    );
    let starts = ["2:7 the constant", "5:13 there is no `nothing`", "7:22 `units`", "8:5 `forward` is declared"];
    let places: Vec<_> = found.iter().map(String::as_str).collect();
    assert_eq!(places.len(), starts.len(), "{places:#?}");
    for start in starts {
        assert!(places.iter().any(|place| place.starts_with(start)), "{start}: {places:#?}");
    }
}

#[test]
fn one_syntax_error_an_item() {
    let found = messages("struct N;\nconst A = ;\nfn f(x) { x + }\nfn forward(x: f64[4]) { x }\nfn loss(y) { 1 }");
    let lines: Vec<_> = found.iter().map(|text| text.split(':').next().unwrap_or_default()).collect();
    assert_eq!(lines, ["2", "3", "4"]);
}

#[test]
fn recursion_ends_in_an_error() {
    let found = messages("struct N; fn f(x) { f(x) } fn forward(x: [4]) { f(x) }");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("`f` calls itself more than"), "{found:?}");
}

/// Numbers of a linear congruential generator (Knuth's MMIX).
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

const WORDS: [&str; 69] = [
    "struct",
    "N",
    ";",
    "fn",
    "forward",
    "loss",
    "f",
    "x",
    "y",
    ":",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    ",",
    "->",
    "=",
    "==",
    "let",
    "mut",
    "for",
    "in",
    "if",
    "else",
    "+",
    "-",
    "*",
    "/",
    "%",
    "<",
    ">",
    "0",
    "1",
    "4",
    "2.5",
    "-1",
    "1e300",
    "9223372036854775807",
    "index",
    "f32",
    "const",
    "A",
    "dense",
    "relu",
    "softmax",
    "reshape",
    "split",
    "concat",
    "batch_norm",
    "mse",
    "l2",
    "of",
    "..",
    ".",
    "shape",
    "\"head\"",
    "assert !",
    "format ! ( \"{x}{}\" , y )",
    "mlp",
    "residual",
    "[ 8 , 3 ]",
    "|",
    "| x , y |",
    "scan",
    "rnn",
    "sequential",
    "highway",
];

#[test]
fn random_tokens_never_panic() {
    let mut draw = Draw(7);
    for _ in 0..3000 {
        let length = 3 + draw.below(60);
        let text: Vec<&str> = (0..length).map(|_| WORDS[draw.below(WORDS.len())]).collect();
        check_quietly(&text.join(" "));
    }
}

#[test]
fn broken_programs_never_panic() {
    let program = "struct N ; const A = 4 ; fn f ( x , units , stride = 1 ) { let y = relu ( batch_norm ( dense ( x , units ) ) ) ; \
        if stride == 1 { y + x } else { y } } fn forward ( x : [ A ] , z : [ 2 , 2 ] ) -> [ 3 ] { let mut y = x ; \
        for ( a , b ) in [ ( 4 , 1 ) , ( 8 , 2 ) ] { y = f ( y , a , stride = b ) ; } \
        let ( p , q ) = split ( z , 2 , axis = 0 ) ; assert ! ( y . rank == 1 , \"{}\" , A ) ; let g = | q , n | dense ( q , n ) ; y = residual ( mlp ( y , [ A , 8 ] ) , | q | highway ( g ( q , 8 ) ) ) ; \
        dense ( concat ( [ y , flatten ( p ) ] ) , 3 , name = \"head\" ) } \
        fn loss ( y , t : index < 3 > ) { cross_entropy ( y , t ) + l2 ( 1e-4 , of = head ) }";
    assert_eq!(messages(program), Vec::<String>::new());
    let words: Vec<&str> = program.split_whitespace().collect();
    let mut draw = Draw(11);
    for _ in 0..3000 {
        let mut broken = words.clone();
        for _ in 0..=draw.below(3) {
            let place = draw.below(broken.len());
            match draw.below(3) {
                0 => broken[place] = WORDS[draw.below(WORDS.len())],
                1 => broken.insert(place, WORDS[draw.below(WORDS.len())]),
                _ => {
                    broken.remove(place);
                }
            }
        }
        check_quietly(&broken.join(" "));
    }
}

/// Unbalanced brackets are no tokens; everything else must give a network, or messages and what is known in spite of them.
fn check_quietly(text: &str) {
    let text = format!("\n{text}");
    if let Ok(tokens) = text.parse::<proc_macro2::TokenStream>()
        && let found = messages(&text)
        && !found.is_empty()
    {
        // The text starts in the second line; tokens of the prelude would be in the first.
        let is_nowhere = |message: &&String| message.starts_with("1:") || message.contains(" at 1:");
        let nowhere = found.iter().filter(|message| !message.contains("needs a name")).find(is_nowhere);
        assert_eq!(nowhere, None, "{text}");
        let expanded = graven_compiler::expand(tokens).to_string();
        assert!(expanded.contains("compile_error"), "{text}");
    }
}
