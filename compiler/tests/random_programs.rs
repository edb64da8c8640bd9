//! Random tokens, and programs that are nearly right: the macro never panics, and each mistake lies inside the input.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use graven_compiler::expand;
use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;

/// What programs consist of, and what they had better not.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "struct", "pub", "fn", "forward", "loss", "const", "let", "mut", "for", "in", "if", "else", "while", "return",
    "match", "x", "y", "image", "label", "target", "block", "cell", "xs", "_", "self", "Self", "r#let", "N", "Net",
    "dense", "relu", "softmax", "batch_norm", "dropout", "param", "scan", "concat", "reshape", "transpose", "slice",
    "split", "sum", "argmax", "matmul", "einsum", "embedding", "select", "l2", "mse", "cross_entropy", "assert",
    "budget", "ram", "KiB", "index", "f32", "len", "range", "min", "max", "sqrt", "shape", "true", "false", "zeros",
    "activation", "units", "name", "axis", "rate", "init", "over", "of", "0", "1", "2", "3", "28", "-1", "0.5",
    "1e-4", "1e300", "18446744073709551615", "9999999999999999999999", "0usize", "1f32", "\"bqd,bkd->bqk\"", "\"\"",
    "\"a.b\"", "'c'", "b\"x\"", "()", "[]", "{}", "[4]", "[28, 28]", "(x)", "(x, 2)", "{ x }", "+", "-", "*", "/",
    "%", "=", "==", "!=", "<", "<=", ">", "&&", "||", "!", "|", "&", "^", "->", "=>", ",", ";", ":", "::", ".", "..",
    "..=", "+=", "*=", "?", "#", "@", "$", "'a",
];

/// The declarations of the programs that must compile, word by word.
static PROGRAMS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/ui/ok/features");
    let mut paths: Vec<_> = fs::read_dir(folder).expect("programs").map(|entry| entry.expect("entry").path()).collect();
    paths.sort();
    let mut programs = Vec::new();
    for path in paths {
        let source = fs::read_to_string(&path).expect("a program");
        declarations(source.parse().expect("tokens"), &mut programs);
    }
    assert!(programs.len() >= 60, "only {} programs", programs.len());
    programs
});

/// What stands in `network! { … }`, anywhere in a file.
fn declarations(tokens: TokenStream, found: &mut Vec<Vec<String>>) {
    let mut is_network = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) if is_network => {
                let mut words = Vec::new();
                push_words(group.stream(), &mut words);
                found.push(words);
                is_network = false;
            }
            TokenTree::Group(group) => declarations(group.stream(), found),
            TokenTree::Ident(ident) => is_network = ident == "network",
            TokenTree::Punct(punct) => is_network &= punct.as_char() == '!',
            TokenTree::Literal(_) => is_network = false,
        }
    }
}

fn push_words(tokens: TokenStream, words: &mut Vec<String>) {
    let mut glued = false;
    for token in tokens {
        let was_glued = std::mem::take(&mut glued);
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                words.push(open.to_owned());
                push_words(group.stream(), words);
                words.push(close.to_owned());
            }
            TokenTree::Punct(punct) => {
                glued = punct.spacing() == Spacing::Joint;
                match words.last_mut().filter(|_| was_glued) {
                    Some(word) => word.push(punct.as_char()),
                    None => words.push(punct.to_string()),
                }
            }
            token => match words.last_mut().filter(|_| was_glued) {
                Some(word) => word.push_str(&token.to_string()),
                None => words.push(token.to_string()),
            },
        }
    }
}

/// A change of one word that leaves delimiters in pairs.
#[derive(Clone, Debug)]
enum Change {
    Remove,
    Repeat,
    Swap,
    Replace(&'static str),
    Insert(&'static str),
    /// A name by a name, a number by a number, an operator by an operator.
    Alike(Index),
    /// By a word of another program.
    Borrow(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let word = || select(WORDS);
    prop_oneof![
        1 => Just(Change::Remove),
        1 => Just(Change::Repeat),
        1 => Just(Change::Swap),
        1 => word().prop_map(Change::Replace),
        1 => word().prop_map(Change::Insert),
        15 => any::<Index>().prop_map(Change::Alike),
        3 => (any::<Index>(), any::<Index>()).prop_map(|(program, word)| Change::Borrow(program, word)),
    ]
}

/// Words of one kind stand at the same places.
fn kind(word: &str) -> &'static str {
    match word {
        "struct" | "pub" | "fn" | "forward" | "loss" | "const" | "let" | "mut" | "for" | "in" | "if" | "else"
        | "return" | "while" | "match" => "keyword",
        "+" | "-" | "*" | "/" | "%" | "==" | "!=" | "<" | "<=" | ">" | "&&" | "||" => "operator",
        _ if word.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') => "name",
        _ if word.starts_with(|letter: char| letter.is_numeric()) => "number",
        _ if is_delimiter(word) => "delimiter",
        _ => "mark",
    }
}

fn is_delimiter(word: &str) -> bool {
    matches!(word, "(" | ")" | "[" | "]" | "{" | "}")
}

fn apply(words: &mut Vec<String>, place: Index, change: &Change) {
    let may_change = |&place: &usize| match change {
        Change::Alike(_) => matches!(kind(&words[place]), "name" | "number" | "operator"),
        _ => !is_delimiter(&words[place]),
    };
    let places: Vec<usize> = (0..words.len()).filter(may_change).collect();
    if places.is_empty() {
        return;
    }
    let at = *place.get(&places);
    match change {
        Change::Remove => drop(words.remove(at)),
        Change::Repeat => words.insert(at, words[at].clone()),
        Change::Swap => {
            if let Some(next) = places.iter().find(|&&next| next > at) {
                words.swap(at, *next);
            }
        }
        Change::Replace(word) => words[at] = (*word).to_owned(),
        Change::Insert(word) => words.insert(at, (*word).to_owned()),
        Change::Alike(choice) => {
            let all = WORDS.iter().copied().chain(words.iter().map(String::as_str));
            let alike: Vec<&str> = all.filter(|word| kind(word) == kind(&words[at])).collect();
            words[at] = (*choice.get::<&str>(&alike)).to_owned();
        }
        Change::Borrow(program, word) => {
            let word = word.get(program.get::<Vec<String>>(&PROGRAMS));
            if kind(word) == kind(&words[at]) {
                words[at].clone_from(word);
            }
        }
    }
}

fn near_valid() -> impl Strategy<Value = String> {
    (any::<Index>(), vec((any::<Index>(), change()), 1..4)).prop_map(|(program, changes)| {
        let mut words = program.get::<Vec<String>>(&PROGRAMS).clone();
        for (place, change) in &changes {
            apply(&mut words, *place, change);
        }
        words.join(" ")
    })
}

fn soup() -> impl Strategy<Value = String> {
    let word = select(WORDS).prop_map(str::to_owned);
    let tree = word.prop_recursive(4, 60, 8, |inner| {
        (vec(inner, 0..8), select(&["()", "[]", "{}"][..])).prop_map(|(inside, around)| {
            let (open, close) = around.split_at(1);
            format!("{open}{}{close}", inside.join(" "))
        })
    });
    vec(tree, 1..12).prop_map(|trees| trees.join(" "))
}

/// Tokens alone, as items beside a network, or as the body of one.
fn random_tokens() -> impl Strategy<Value = String> {
    let frames = [
        ("", ""),
        ("struct Net;", ""),
        ("struct Net; fn forward(x: [4], y: [4]) {", "}"),
        ("struct Net; fn forward(x: [4]) -> [2] { dense(x, 2) } fn loss(y, target: [2]) {", "}"),
    ];
    (select(frames.to_vec()), soup()).prop_map(|((before, behind), inside)| format!("{before} {inside} {behind}"))
}

/// Places of the errors among what was emitted.
fn errors(tokens: TokenStream, found: &mut Vec<[Span; 2]>) {
    let mut start = None;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) if ident == "compile_error" => start = Some(ident.span()),
            TokenTree::Punct(punct) if punct.as_char() == '!' => {}
            TokenTree::Group(group) => match start.take() {
                Some(start) => found.push([start, group.span()]),
                None => errors(group.stream(), found),
            },
            _ => start = None,
        }
    }
}

fn check(source: &str) -> Result<(), TestCaseError> {
    let tokens: TokenStream = source.parse().expect("delimiters are in pairs");
    let Some(first) = tokens.clone().into_iter().next() else { return Ok(()) };
    let emitted = expand(tokens);
    prop_assert!(!emitted.to_string().contains("internal error of graven"), "{source}\n{emitted}");
    let mut places = Vec::new();
    errors(emitted, &mut places);
    for span in places.into_iter().flatten() {
        let is_inside = first.span().join(span).is_some() && !span.byte_range().is_empty();
        prop_assert!(is_inside, "{span:?} lies outside of\n{source}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1500,
        rng_seed: RngSeed::Fixed(7),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nearly_right_programs_give_a_network_or_errors_inside_the_input(source in near_valid()) {
        check(&source)?;
    }

    #[test]
    fn random_tokens_give_errors_inside_the_input(source in random_tokens()) {
        check(&source)?;
    }
}

#[test]
fn a_place_outside_is_seen() {
    let first: TokenStream = "a".parse().expect("tokens");
    let first = first.into_iter().next().expect("a token").span();
    let other: TokenStream = "b".parse().expect("tokens");
    let other = other.into_iter().next().expect("a token").span();
    assert!(first.join(other).is_none() && first.join(first).is_some());
    assert!(Span::call_site().byte_range().is_empty());
}
