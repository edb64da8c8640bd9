//! `budget { … }`: exactly the sizes of the generated types, and what is told when they are exceeded.

mod flow_common;

use graven_compiler::budget::check;
use graven_compiler::budget::footprint::{Footprint, model_bytes, scalar_bytes};
use graven_compiler::{compile, expand, stage, syntax};

const MLP: &str = "
    struct Net;
    fn forward(x: [784]) -> [10] {
        let hidden = relu(dense(x, 128));
        dense(hidden, 10)
    }
    fn loss(y, label: index<10>) { cross_entropy(y, label) }
";

const NORMED: &str = "
    struct Net;
    fn forward(x: [5]) -> ([4], index<4>) {
        let y = batch_norm(dense(x, 4));
        (y, argmax(y))
    }
    fn loss(y, best, target: [4]) { mse(y, target) }
";

const INFERENCE: &str = "struct Net; fn forward(x: [7]) -> [3] { dense(tanh(dense(x, 20)), 3) }";

/// What a budget finds wrong with a network.
fn messages(source: &str, budget: &str) -> Vec<String> {
    let tokens = format!("{source} budget {{ {budget} }}").parse().expect("tokens");
    let ast = syntax::parse(tokens).unwrap_or_else(|errors| panic!("{errors:?}"));
    let network = stage::stage(&ast).unwrap_or_else(|errors| panic!("{errors:?}"));
    let budget = ast.budget.expect("a budget");
    check(&budget, &network, &compile(&network)).iter().map(|error| error.text()).collect()
}

fn sizes(source: &str, batch: usize) -> Vec<(&'static str, usize)> {
    let network = flow_common::network(source);
    let program = compile(&network);
    let forward = Footprint::forward(&network, &program).bytes(batch);
    let training = Footprint::training(&network, &program);
    let training = training.map(|memory| ("train_ram", memory.bytes(batch) + model_bytes(&program)));
    [("ram", forward), ("flash", scalar_bytes(&program))].into_iter().chain(training).collect()
}

#[test]
fn a_budget_of_exactly_the_need_is_met_and_one_byte_less_is_not() {
    for source in [MLP, NORMED, INFERENCE] {
        for batch in [1, 3, 32] {
            for (key, bytes) in sizes(source, batch) {
                let exact = format!("{key} = {bytes} B, batch = {batch}");
                assert_eq!(messages(source, &exact), Vec::<String>::new(), "{exact}");
                let less = messages(source, &format!("{key} = {} B, batch = {batch}", bytes - 1));
                let start = format!("`{key}` allows {} B, but ", bytes - 1);
                assert_eq!(less.len(), 1);
                assert!(
                    less[0].starts_with(&start)
                        && less[0].lines().next().is_some_and(|line| line.ends_with(&format!(" {bytes} B"))),
                    "{}",
                    less[0]
                );
            }
        }
    }
}

#[test]
fn the_batch_is_one_unless_it_is_given() {
    let (_, one) = sizes(MLP, 1)[0];
    assert!(messages(MLP, &format!("ram = {one} B")).is_empty());
    assert_eq!(messages(MLP, &format!("ram = {one} B, batch = 2")).len(), 1);
}

#[test]
fn units_are_what_they_say() {
    let flash = 4 * (784 * 128 + 128 + 128 * 10 + 10);
    assert_eq!(sizes(MLP, 1)[1], ("flash", flash));
    assert_eq!(flash, 407_080);
    for (enough, scarce) in
        [("407080 B", "407079 B"), ("408 KB", "407 KB"), ("398 KiB", "397 KiB"), ("398KiB", "397KiB")]
    {
        assert!(messages(MLP, &format!("flash = {enough}")).is_empty(), "{enough}");
        assert_eq!(messages(MLP, &format!("flash = {scarce}")).len(), 1, "{scarce}");
    }
    let large = MLP.replace("128", "1280");
    let flash = 4 * (784 * 1280 + 1280 + 1280 * 10 + 10);
    assert!((4 * 1_000_000..4 << 20).contains(&flash));
    assert_eq!((messages(&large, "flash = 4 MB").len(), messages(&large, "flash = 4 MiB").len()), (1, 0));
}

#[test]
fn statistics_are_in_flash() {
    assert_eq!(sizes(NORMED, 1)[1], ("flash", 4 * (5 * 4 + 4 + 2 * 4 + 2 * 4)));
}

#[test]
fn what_is_alive_at_the_peak_is_told_by_name_the_largest_first() {
    let found = messages(MLP, "train_ram = 256 KiB, batch = 8");
    let expected = "`train_ram` allows 256 KiB, but `NetTraining::<8>::BYTES` and `Net::BYTES` together are 438.9 KiB (449344 bytes)
  42112 bytes are the memory of a step; 407232 are the model, which training changes
  most is alive at kernel 11 of 14 of training, dense weight gradient B × 784 × 128:
    32768 bytes  `gradients on their way`
     4096 bytes  gradient of the input of `dense`
        4 bytes  the loss
  5244 bytes are alignment, and gaps that other kernels use
  help: the model alone is larger; fewer units in `hidden` help most";
    assert_eq!(found, [expected]);
}

#[test]
fn tensors_of_inference_have_the_names_of_the_declaration() {
    let found = messages(MLP, "ram = 2 KiB, batch = 32");
    let expected = "`ram` allows 2 KiB, but `NetForward::<32>::BYTES` is 16.0 KiB (16384 bytes)
  most is alive at kernel 1 of 2 of inference, dense B × 784 × 128 of `hidden`:
    16384 bytes  `hidden`
  help: batch 4 is the largest that fits";
    assert_eq!(found, [expected]);
    let unnamed = "struct Net; fn forward(x: [7]) -> [3] { let y = dense(tanh(dense(x, 20)), 3); y * y }";
    let found = messages(unnamed, "ram = 64 B");
    assert!(found[0].contains("    80 bytes  output of `dense`\n"), "{}", found[0]);
    assert!(found[0].ends_with("help: a smaller output of `dense` helps most"), "{}", found[0]);
}

#[test]
fn long_lists_are_cut() {
    let layers: String = (0..12).map(|layer| format!("let x = tanh(dense(x, 100, name = \"d{layer}\"));")).collect();
    let source = format!(
        "struct Net; fn forward(x: [10]) -> [3] {{ {layers} dense(x, 3) }} fn loss(y, target: [3]) {{ mse(y, target) }}"
    );
    let found = messages(&source, "train_ram = 10 KB, flash = 10 KB, batch = 2");
    for message in &found {
        let listed = message.lines().filter(|line| line.starts_with("    ")).collect::<Vec<_>>();
        assert_eq!(listed.len(), 9, "{message}");
        let bytes = listed[..8].iter().map(|line| line.split_whitespace().next().and_then(|word| word.parse().ok()));
        let bytes: Vec<usize> = bytes.collect::<Option<_>>().expect("numbers");
        assert!(bytes.is_sorted_by(|a, b| a >= b), "{message}");
        assert!(listed[8].contains(" bytes  in ") && listed[8].ends_with(" more"), "{message}");
    }
    assert_eq!(found.len(), 2);
}

#[test]
fn a_smaller_batch_is_offered_when_it_fits() {
    let parts = "help: batch 2 is the largest that fits, and `Accumulate` trains on more rows in parts of that size";
    let [(_, _), (_, _), (_, fits)] = sizes(MLP, 2)[..] else { panic!("three sizes") };
    let found = messages(MLP, &format!("train_ram = {fits} B, batch = 64"));
    assert!(found[0].ends_with(parts), "{}", found[0]);
    let (_, fits) = sizes(NORMED, 2)[2];
    let found = messages(NORMED, &format!("train_ram = {fits} B, batch = 64"));
    assert!(found[0].contains("help: batch ") && found[0].ends_with(" is the largest that fits"), "{}", found[0]);
}

#[test]
fn a_network_over_its_budget_has_all_its_real_items() {
    let items = expand(MLP.parse().expect("tokens")).to_string();
    let over = expand(format!("{MLP} budget {{ ram = 1 B, flash = 1 B }}").parse().expect("tokens")).to_string();
    assert_eq!(over.matches("compile_error").count(), 2, "{over}");
    assert!(over.ends_with(&items));
}
