//! What editors and rustc learn of the user's names: definitions, uses, values, and what is never used.

use std::collections::BTreeSet;

use graven_compiler::network::Binding;
use graven_compiler::syntax::errors::location;
use graven_compiler::{expand, stage, syntax};
use proc_macro2::{TokenStream, TokenTree};

const RESIDUAL: &str = "pub struct Net;
const WIDTH = 2 * HALF;
const HALF = 4;
fn residual(x, units, scale = units) {
    let y = dense(x, units, activation = relu) * scale;
    if units == WIDTH { x + y } else { y }
}
fn forward(image: [WIDTH]) -> [2] {
    let mut x = image;
    for (units, count) in [(WIDTH, 1), (3, 2)] {
        for _ in 0..count { x = residual(x, units = units); }
    }
    let x = x.residual(6);
    dense(x, 2)
}
fn loss(logits, target: [2]) { mse(logits, target) }";

fn bindings(source: &str) -> Vec<Binding> {
    let ast = syntax::parse(source.parse().expect("tokens")).unwrap_or_else(|errors| panic!("{errors:?}"));
    stage::stage(&ast).unwrap_or_else(|errors| panic!("{errors:?}")).bindings
}

/// `name line:column -> uses`, a line for each definition.
fn links(source: &str) -> Vec<String> {
    let line = |binding: &Binding| {
        let uses: Vec<String> = binding.uses.iter().copied().map(location).collect();
        format!("{} {} -> {}", binding.name, location(binding.name.span()), uses.join(" "))
    };
    bindings(source).iter().map(line).collect()
}

fn unused(source: &str) -> Vec<String> {
    let unused = bindings(source).into_iter().filter(|binding| binding.is_unused);
    unused.map(|binding| format!("{} {}", binding.name, location(binding.name.span()))).collect()
}

/// Name and place of each identifier.
fn identifiers(tokens: TokenStream) -> Vec<(String, String)> {
    let each = |token| match token {
        TokenTree::Group(group) => identifiers(group.stream()),
        TokenTree::Ident(ident) => vec![(ident.to_string(), location(ident.span()))],
        _ => Vec::new(),
    };
    tokens.into_iter().flat_map(each).collect()
}

#[test]
fn each_use_leads_to_the_nearest_definition() {
    let expected = [
        "WIDTH 2:7 -> 6:17 8:20 10:29",
        "HALF 3:7 -> 2:19",
        "residual 4:4 -> 11:33 13:15",
        "x 4:13 -> 5:19 6:25",
        "units 4:16 -> 4:31 5:22 6:8 11:45",
        "scale 4:23 -> 5:50",
        "y 5:9 -> 6:29 6:40",
        "image 8:12 -> 9:17",
        "x 9:13 -> 11:42 11:29 13:13",
        "units 10:10 -> 11:53",
        "count 10:17 -> 11:21",
        "x 13:9 -> 14:11",
        "logits 16:9 -> 16:36",
        "target 16:17 -> 16:44",
    ];
    assert_eq!(links(RESIDUAL), expected);
}

#[test]
fn every_name_is_emitted_where_the_user_writes_it() {
    let tokens: TokenStream = RESIDUAL.parse().expect("tokens");
    let names: BTreeSet<String> = bindings(RESIDUAL).iter().map(|binding| binding.name.to_string()).collect();
    let emitted: BTreeSet<(String, String)> = identifiers(expand(tokens.clone())).into_iter().collect();
    let written: Vec<_> = identifiers(tokens).into_iter().filter(|(name, _)| names.contains(name)).collect();
    let lacking: Vec<_> = written.iter().filter(|written| !emitted.contains(written)).collect();
    assert!(written.len() > 30 && lacking.is_empty(), "{lacking:?}");
}

#[test]
fn editors_are_shown_what_a_name_held() {
    let shown: Vec<String> =
        bindings(RESIDUAL).iter().map(|binding| format!("{}: {}", binding.name, binding.shown)).collect();
    let expected = [
        "WIDTH: `8`",
        "HALF: `4`",
        "residual: `fn residual(x, units, scale = units)`",
        "x: `f32[8]`, `f32[3]`",
        "units: `8`, `3`, `6`",
        "scale: `8`, `3`, `6`",
        "y: `f32[8]`, `f32[3]`, `f32[6]`",
        "image: `f32[8]`",
        "x: `f32[8]`, `f32[3]`",
        "units: `8`, `3`",
        "count: `1`, `2`",
        "x: `f32[6]`",
        "logits: `f32[2]`",
        "target: `f32[2]`",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn emitted_definitions_carry_what_they_held() {
    let code = expand(RESIDUAL.parse().expect("tokens")).to_string();
    for definition in ["# [doc = \"`f32[8]`\"] image : ()", "# [doc = \"`8`\"] const WIDTH : () = ()"] {
        assert!(code.contains(definition), "{definition}");
    }
}

#[test]
fn what_nothing_reads_is_known() {
    assert_eq!(unused(RESIDUAL), Vec::<String>::new());
    let source = "struct N;
        const SPARE = 1;
        fn spare(a, b) { spare(a, 1) }
        fn forward(x: [4], y: [2]) -> [4] { let (p, _q) = (x * 2, 3); let mut z = x; z = p; for i in 0..2 {} x }
        fn loss(o, _t: [4], t: [4]) { mse(o, o) }";
    assert_eq!(unused(source), ["SPARE 2:15", "spare 3:12", "b 3:21", "y 4:28", "z 4:79", "i 4:97", "t 5:29"]);
}

#[test]
fn branches_that_are_not_taken_use_names() {
    let source = "struct N;
        fn spare(a) { a }
        fn forward(x: [4]) -> [4] { let y = x * 2; let n = 3; if n == 3 { x } else { spare(y) } }";
    assert_eq!(unused(source), Vec::<String>::new());
}

#[test]
fn a_variable_that_holds_no_function_does_not_hide_one() {
    let source = "struct N;
        fn twice(x) { x * 2 }
        fn apply(f, twice) { f(twice(twice)) }
        fn forward(x: [4]) -> [4] { let tanh = twice; let twice = tanh(x); apply(tanh, twice) }";
    let links = links(source);
    assert_eq!(links[0], "twice 2:12 -> 3:32 4:48");
    assert_eq!(links[4], "twice 3:21 -> 3:38");
    assert_eq!(links[6], "tanh 4:41 -> 4:67 4:82");
}

#[test]
fn a_needless_mut_is_known() {
    let source = "struct N; fn forward(x: [4]) -> [4] { let mut y = x; let mut z = x; z = y; z }";
    let needless: Vec<String> = bindings(source).iter().filter_map(|b| b.needless_mut).map(location).collect();
    assert_eq!(needless, ["1:43"]);
}

#[test]
fn closures_bind_their_parameters_and_read_what_is_around() {
    let source = "struct N;
        fn forward(x: [4, 3]) -> [3] {
            let (k, spare) = (2, 1);
            let f = |x, n| x * n * k;
            let (h, _) = scan(|h, x, by| (f(h + x, n = by), h), over = x, init = zeros([3]), by = 3);
            h
        }";
    let expected = [
        "x 2:20 -> 5:72",
        "k 3:18 -> 4:36",
        "spare 3:21 -> ",
        "x 4:22 -> 4:28",
        "n 4:25 -> 4:32 5:52",
        "f 4:17 -> 5:43",
        "h 5:32 -> 5:45 5:61",
        "x 5:35 -> 5:49",
        "by 5:38 -> 5:56 5:94",
        "h 5:18 -> 6:13",
    ];
    assert_eq!(links(source), expected);
    assert_eq!(unused(source), ["spare 3:21"]);
    let shown = |name: &str, place: &str| {
        let all = bindings(source);
        all.iter()
            .find(|known| known.name == name && location(known.name.span()) == place)
            .map(|known| known.shown.clone())
    };
    assert_eq!(shown("by", "5:38"), Some("`3`".to_owned()));
    assert_eq!(shown("x", "5:35"), Some("`f32[3]`".to_owned()));
}
