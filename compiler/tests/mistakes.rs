//! The page of frequent mistakes shows the fixtures and their messages word for word; `GRAVEN_RECORD=1` copies them.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The line that leads to a fixture: `[name](../tests/ui/err/name.rs)`.
fn fixture(line: &str) -> Option<&str> {
    let (name, path) = line.strip_prefix('[')?.strip_suffix(".rs)")?.split_once("](../tests/ui/err/")?;
    assert_eq!(name, path, "{line}");
    Some(name)
}

/// A declaration and its message.
fn shown(name: &str) -> String {
    let program = read(&format!("tests/ui/err/{name}.rs"));
    let declaration = program.strip_suffix("\n\nfn main() {}\n").unwrap_or(program.trim_end());
    let message = read(&format!("tests/ui/err/{name}.stderr"));
    format!("```rust\n{declaration}\n```\n\n```text\n{}\n```\n", message.trim_end())
}

/// The page with what the fixtures say now.
fn page(old: &str) -> String {
    let mut page = String::new();
    for section in old.split_inclusive("\n## ") {
        match section.lines().find(|line| fixture(line).is_some()) {
            Some(line) => {
                let (text, _) = section.split_once(line).expect("a line of the section");
                page += &format!("{text}{line}\n\n{}\n## ", shown(fixture(line).expect("a name")));
            }
            None => page += section,
        }
    }
    page
}

#[test]
fn twenty_mistakes_are_shown_as_they_are() {
    let old = read("docs/mistakes.md");
    let page = page(&old);
    if std::env::var_os("GRAVEN_RECORD").is_some() {
        fs::write(root().join("docs/mistakes.md"), &page).expect("the page can be written");
    } else {
        assert!(page == old, "docs/mistakes.md differs from tests/ui/err: record it with GRAVEN_RECORD=1");
    }
    assert_eq!(old.lines().filter(|line| fixture(line).is_some()).count(), 20);
}
