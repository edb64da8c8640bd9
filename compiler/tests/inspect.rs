//! The files of `GRAVEN_DUMP`: which there are, what they show, and what happens when they cannot be written.

mod flow_common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use graven_compiler::inspect::{Origin, folder, format};
use graven_compiler::{compile, emit, expand, expand_with, passes};

const PRIMER: &str = "
    struct Primer;
    const CLASSES = 2;
    fn layer(x, units = 8) { relu(dense(x, units)) }
    fn forward(pixels: [12]) -> [CLASSES] {
        let hidden = layer(pixels);
        dense(hidden, CLASSES)
    }
    fn loss(y, target: [2]) { mse(y, target) }
    budget { ram = 64 KiB }
";

/// An empty folder of a test.
fn place(test: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let removed = if place.is_dir() { fs::remove_dir_all(&place) } else { fs::remove_file(&place) };
    assert!(removed.is_ok() || !place.exists(), "{removed:?}");
    place
}

fn dumped(test: &str, source: &str) -> PathBuf {
    let place = place(test);
    let code = expand_with(source.parse().expect("tokens"), Some(&place));
    assert!(!code.to_string().contains("compile_error"), "{code}");
    place
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_stage_is_a_file() {
    let folder = dumped("stages", PRIMER).join("Primer");
    let tree = read(&folder.join("syntax.txt"));
    for line in ["struct Primer", "  ram 65536 bytes", "  parameter pixels: f32[12]", "    call layer", "fn loss"] {
        assert!(tree.lines().any(|found| found == line), "{line}\n{tree}");
    }
    let prepared = 1 + passes::FORWARD.len() + passes::FINAL.len();
    let trained = prepared + passes::BACKWARD.len();
    let prepared = prepared + passes::INFERENCE.len();
    for (kind, passes) in [("forward", prepared), ("evaluation", prepared), ("training", trained)] {
        let names = files(&folder.join(kind));
        let graphs = names.iter().filter(|name| name.starts_with(|first: char| first.is_ascii_digit())).count();
        assert_eq!(graphs, passes, "{names:?}");
        for name in ["graph.dot", "kernels.dot", "kernels.txt", "memory.txt"] {
            assert!(names.contains(name), "{name} of {kind}: {names:?}");
        }
    }
    assert!(read(&folder.join("forward/00-staging.txt")).starts_with("%0 = input pixels : f32[B, 12]"));
    let differentiated = format!("training/{:02}-differentiate.txt", 1 + passes::FORWARD.len());
    assert!(read(&folder.join(differentiated)).contains("gradient hidden.dense.weight = %"));
    assert!(read(&folder.join("code.rs")).contains("impl rt::network::Trainable for Primer {\n"));
}

fn files(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect()
}

#[test]
fn the_map_has_a_line_for_each_buffer_of_the_arenas() {
    let folder = dumped("map", PRIMER).join("Primer");
    let plan = compile(&flow_common::network(PRIMER)).forward;
    let map = read(&folder.join("forward/memory.txt"));
    assert!(map.starts_with("64 bytes for each row of the batch, 0 beside the rows\n"), "{map}");
    assert_eq!(plan.kernels.len(), 2, "{plan}");
    assert!(map.contains("   1  dense B × 12 × 8 of `hidden.dense`\n   2  dense B × 8 × 2 of `dense`\n"), "{map}");
    assert!(map.contains("arena    offset     bytes  12\n rows         0        32  ##  b"), "{map}");
}

#[test]
fn pictures_are_well_formed() {
    let source = flow_common::AUTOENCODER;
    let folder = dumped("pictures", source).join("AutoEncoder");
    for kind in ["forward", "evaluation", "training"] {
        for file in ["graph.dot", "kernels.dot"] {
            check_picture(&read(&folder.join(kind).join(file)));
        }
    }
    let plan = compile(&flow_common::network(source)).training.expect("a loss");
    let picture = read(&folder.join("training/kernels.dot"));
    let kernels = picture.lines().filter(|line| line.trim_start().starts_with('k') && !line.contains("->")).count();
    assert_eq!(kernels, plan.kernels.len());
}

#[test]
fn loops_are_shown_with_their_steps() {
    let source = "
        struct Loop;
        fn cell(h, x) { let h = tanh(dense(h, 3) + dense(x, 3)); (h, h) }
        fn forward(xs: [5, 2]) -> [3] {
            let (last, all) = scan(cell, over = xs, init = zeros([3]));
            last + mean(all, axis = 0)
        }
        fn loss(y, target: [3]) { mse(y, target) }
    ";
    let folder = dumped("loops", source).join("Loop");
    let staged = read(&folder.join("forward/00-staging.txt"));
    assert_eq!(staged.matches("\none step of the loop of %").count(), 1, "{staged}");
    for kind in ["forward", "training"] {
        let picture = read(&folder.join(kind).join("kernels.dot"));
        check_picture(&picture);
        assert!(picture.contains("label=\"loop over 5 steps\";"), "{picture}");
        assert_eq!(picture.matches('{').count(), picture.matches('}').count());
        check_picture(&read(&folder.join(kind).join("graph.dot")));
        let map = read(&folder.join(kind).join("memory.txt"));
        assert!(map.contains("  loop over 5 steps\n") && map.contains("  end of the loop\n"), "{map}");
    }
    assert!(read(&folder.join("training/kernels.dot")).contains("label=\"loop back over 5 steps\";"));
}

/// Every line is a node, an edge between nodes that are there, or the frame; strings end where they begin.
fn check_picture(picture: &str) {
    let mut lines = picture.lines();
    assert!(lines.next().is_some_and(|line| line.starts_with("digraph ") && line.ends_with(" {")), "{picture}");
    assert_eq!(lines.next_back(), Some("}"));
    let (mut nodes, mut ends) = (BTreeSet::new(), BTreeSet::new());
    for line in lines.filter(|line| !["}"].contains(&line.trim()) && !line.contains("subgraph cluster_")) {
        let bare = line.replace("\\\\", "").replace("\\\"", "");
        assert!(bare.matches('"').count() % 2 == 0 && line.ends_with("];") || line.ends_with(';'), "{line}");
        let head = line.split(" [").next().unwrap_or(line).trim().trim_end_matches(';');
        if head.starts_with("label=") {
            continue;
        }
        match head.split_once(" -> ") {
            Some((from, to)) => ends.extend([from.to_owned(), to.to_owned()]),
            None if ["node", "edge"].contains(&head) => {}
            None => assert!(nodes.insert(head.to_owned()), "{head} is declared twice"),
        }
    }
    assert!(!ends.is_empty() && ends.is_subset(&nodes), "{:?}", ends.difference(&nodes));
}

#[test]
fn formatted_code_is_the_same_code() {
    for source in [PRIMER, flow_common::MLP2, flow_common::AUTOENCODER] {
        let network = flow_common::network(source);
        let tokens = emit::emit(&network, &compile(&network));
        let text = format(&tokens);
        let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let original: syn::File = syn::parse2(tokens).expect("emitted code parses");
        assert_same(&prettyplease::unparse(&file), &prettyplease::unparse(&original));
        let longest = text.lines().map(str::trim_start).filter(|line| !line.contains('"')).map(str::len).max();
        assert!(longest.is_some_and(|length| length < 240), "{longest:?}");
    }
}

/// Compares two texts without their spaces, which inside of macros are those of the tokens.
fn assert_same(one: &str, other: &str) {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let (one, other) = (bare(one), bare(other));
    let differs = one.bytes().zip(other.bytes()).position(|(a, b)| a != b);
    let shown = |text: &str| differs.and_then(|at| text.get(at.saturating_sub(40)..at + 40)).map(str::to_owned);
    assert!(one == other, "{:?}\n{:?}", shown(&one), shown(&other));
}

#[test]
fn code_is_formatted_by_its_tokens() {
    let tokens =
        "# [a (b)] pub fn f < 'a , T : Bound > (x : & 'a mut [T] , y : :: core :: Type) -> Option < Vec < T > >
        where T : :: std :: Any { if ! x . is_empty () && 1 < - 2 { return f :: < 1 , _ > (* x , & & y) ? ; } else { }
        a (| b | b [0] , || c ! { d }) } const A : [f32 ; 2] = [1.0 , - 1.0] ;";
    let expected = "#[a(b)]
pub fn f<'a, T: Bound>(x: &'a mut [T], y: ::core::Type) -> Option<Vec<T>> where T: ::std::Any {
    if !x.is_empty() && 1 < -2 {
        return f::<1, _>(*x, & &y)?;
    } else {}
    a(|b| b[0], || c! { d })
}
const A: [f32; 2] = [1.0, -1.0];
";
    assert_eq!(format(&tokens.parse().expect("tokens")), expected);
}

#[test]
fn networks_of_one_name_have_folders_of_their_own() {
    let place = place("origins");
    let origin = |file: &str, number| Origin { file: file.to_owned(), number };
    let chosen = |origin: &Origin| folder(&place, "Net", origin).expect("a folder");
    let (a, b, second) = (origin("src/a.rs", 0), origin("src/b.rs", 0), origin("src/a.rs", 1));
    assert_eq!(chosen(&a), place.join("Net"));
    assert_eq!(chosen(&b), place.join("Net_1"));
    assert_eq!(chosen(&second), place.join("Net_2"));
    for (origin, name) in [(&second, "Net_2"), (&a, "Net"), (&b, "Net_1")] {
        assert_eq!(chosen(origin), place.join(name), "a later run finds the folder again");
    }
}

#[test]
fn a_folder_of_someone_else_is_left_alone() {
    let place = place("foreign");
    let foreign = place.join("Primer/forward");
    fs::create_dir_all(&foreign).expect("a folder");
    fs::write(foreign.join("notes.txt"), "mine").expect("a file");
    expand_with(PRIMER.parse().expect("tokens"), Some(&place));
    assert_eq!(files(&foreign), BTreeSet::from(["notes.txt".to_owned()]));
    assert!(place.join("Primer_1/syntax.txt").exists());
}

#[test]
fn a_later_run_leaves_no_files_of_stages_that_are_gone() {
    let place = place("gone");
    let origin = Origin { file: "src/a.rs".to_owned(), number: 0 };
    let first = folder(&place, "Net", &origin).expect("a folder");
    fs::create_dir(first.join("training")).expect("a folder");
    fs::write(first.join("training/graph.dot"), "old").expect("a file");
    assert_eq!(folder(&place, "Net", &origin).expect("a folder"), first);
    assert_eq!(files(&first), BTreeSet::from(["origin.txt".to_owned()]));
}

#[test]
fn a_network_with_mistakes_still_shows_its_syntax() {
    let place = place("mistakes");
    let code =
        expand_with("struct Wrong; fn forward(x: [3]) -> [2] { dens(x, 2) }".parse().expect("tokens"), Some(&place));
    assert!(code.to_string().contains("there is no `dens`"), "{code}");
    assert_eq!(files(&place.join("Wrong")), BTreeSet::from(["origin.txt".to_owned(), "syntax.txt".to_owned()]));
}

#[test]
fn what_cannot_be_written_is_an_error_beside_the_real_items() {
    let place = place("file");
    fs::write(&place, "not a folder").expect("a file");
    let code = expand_with(PRIMER.parse().expect("tokens"), Some(&place.join("inside"))).to_string();
    assert_eq!(code.matches("compile_error").count(), 1, "{code}");
    let sentence =
        format!("`GRAVEN_DUMP` asks for files, but `{}` cannot be written: ", place.join("inside").display());
    assert!(code.contains(&sentence), "{code}");
    let items = expand(PRIMER.parse().expect("tokens")).to_string();
    assert!(code.ends_with(&items));
}

#[test]
fn dumping_changes_nothing_of_the_code() {
    let tokens: proc_macro2::TokenStream = PRIMER.parse().expect("tokens");
    let dumped = expand_with(tokens.clone(), Some(&place("same"))).to_string();
    assert_eq!(dumped, expand(tokens).to_string());
}
