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
        ("conv2d(image, 8)", "`conv2d` is not available in this version"),
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
fn a_mistake_of_values_inside_a_block_is_at_the_call() {
    let found = messages("struct N;\nfn add(a, b) { a + b }\nfn forward(x: [4], y: [3]) -> [4] {\n    add(x, y)\n}");
    assert!(
        found[0].starts_with("4:5 `+` cannot combine `a` with `b`: [4] and [3] differ\n  in `add` at 2:16"),
        "{found:?}"
    );
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

const WORDS: [&str; 58] = [
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
        let ( p , q ) = split ( z , 2 , axis = 0 ) ; dense ( concat ( [ y , flatten ( p ) ] ) , 3 , name = \"head\" ) } \
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
    if let Ok(tokens) = text.parse::<proc_macro2::TokenStream>()
        && !messages(text).is_empty()
    {
        let expanded = graven_compiler::expand(tokens).to_string();
        assert!(expanded.contains("compile_error"), "{text}");
    }
}
