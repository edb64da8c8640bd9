//! The reference of the language lists every function as the compiler has it, and shows each in an example.

use std::collections::BTreeMap;

use graven_compiler::prelude::texts;
use graven_compiler::stage::{planned, signatures};

const PAGE: &str = include_str!("../../docs/language.md");

/// The functions of the language and of its prelude, as `name(x, rate = 0.1)`, by name.
fn functions() -> BTreeMap<&'static str, String> {
    let builtin = signatures().map(|(name, parameters)| (name, format!("{name}({parameters})")));
    builtin.chain(texts().map(|(name, text)| (name, signature_of(text)))).collect()
}

/// The head of a function of the prelude on one line, without `fn` and the brace.
fn signature_of(text: &str) -> String {
    let (_, head) = text.split_once("\nfn ").expect("a function");
    let head = head.split_once(" {\n").expect("a body").0;
    head.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(").replace(" )", ")")
}

/// The cells of each row of the tables that describe functions.
fn rows() -> Vec<Vec<&'static str>> {
    let mut rows = Vec::new();
    let mut is_inside = false;
    for line in PAGE.lines() {
        if line.starts_with("| signature |") || line.starts_with("| function |") {
            is_inside = true;
        } else if !line.starts_with('|') {
            is_inside = false;
        } else if is_inside && !line.starts_with("| ---") {
            rows.push(line.trim_matches('|').split(" | ").map(str::trim).collect());
        }
    }
    rows
}

/// All Rust code of the page.
fn examples() -> String {
    let blocks = PAGE.split("```rust\n").skip(1);
    blocks.filter_map(|block| Some(block.split_once("```")?.0)).collect()
}

#[test]
fn every_function_has_a_row_with_its_signature_and_no_other_has_one() {
    let described: Vec<&str> = rows().iter().map(|cells| cells[0].trim_matches('`')).collect();
    let functions = functions();
    for signature in functions.values() {
        let count = described.iter().filter(|known| *known == signature).count();
        assert_eq!(count, 1, "docs/language.md has {count} rows for `{signature}`");
    }
    for row in &described {
        assert!(functions.values().any(|signature| signature == row), "`{row}` is not a function of the language");
    }
}

#[test]
fn every_function_is_used_in_an_example() {
    let examples = examples();
    let words: Vec<&str> = examples.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
    for name in functions().keys() {
        assert!(words.contains(name), "no example of docs/language.md uses `{name}`");
    }
}

#[test]
fn rows_of_the_prelude_count_its_lines() {
    let rows = rows();
    for (name, text) in texts() {
        let lines = text.lines().skip_while(|line| !line.starts_with("fn ")).count();
        let signature = format!("`{}`", signature_of(text));
        let row = rows.iter().find(|cells| cells[0] == signature).expect("a row");
        assert_eq!(row[1], lines.to_string(), "lines of `{name}` in docs/language.md");
    }
}

#[test]
fn names_that_are_kept_are_listed() {
    let (_, kept) = PAGE.split_once("These names are kept").expect("a list");
    let listed: Vec<&str> = kept.split('`').skip(1).step_by(2).collect();
    assert_eq!(listed, planned().collect::<Vec<_>>());
}
