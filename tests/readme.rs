//! What the README claims about its programs.

use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The first code block of a language below a heading.
fn block(text: &str, heading: &str, language: &str) -> String {
    let section = text.split_once(heading).unwrap().1;
    let block = section.split_once(&format!("```{language}\n")).unwrap().1;
    block.split_once("```").unwrap().0.to_owned()
}

/// Lines that count: neither blank nor comments.
fn code(program: &str) -> Vec<&str> {
    let counts = |line: &&str| {
        !line.trim().is_empty() && !line.trim_start().starts_with("# ") && !line.trim_start().starts_with("//")
    };
    program.lines().filter(counts).collect()
}

/// Steps, which begin with a comment, and their lines.
fn steps(program: &str) -> Vec<(String, usize)> {
    let mut steps = vec![("imports and seed".to_owned(), 0)];
    for line in program.lines().map(str::trim) {
        match line.strip_prefix("# ").or(line.strip_prefix("// ")) {
            Some(step) => steps.push((step.to_owned(), 0)),
            None => steps.last_mut().unwrap().1 += code(line).len(),
        }
    }
    steps
}

#[test]
fn the_primer_has_no_more_lines_than_its_keras_program() {
    let readme = read("README.md");
    let keras = block(&readme, "## Beside Keras", "python");
    let ours = block(&readme, "## Beside Keras", "rust,no_run");
    assert_eq!(code(&ours), code(&read("examples/primer.rs")), "the README shows the example");
    assert!(code(&ours).len() <= code(&keras).len());
    assert!(ours.lines().chain(keras.lines()).all(|line| line.len() <= 120));

    let mut rows = Vec::new();
    for ((step, theirs), (own_step, own)) in steps(&keras).into_iter().zip(steps(&ours)) {
        assert_eq!(step, own_step);
        rows.push(format!("| {step} | {theirs} | {own} |\n"));
    }
    rows.push(format!("| all | {} | {} |\n", code(&keras).len(), code(&ours).len()));
    assert!(readme.contains(&rows.concat()), "the table should have\n{}", rows.concat());
}
