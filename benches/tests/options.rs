//! The command line.

use clap::Parser;
use graven_bench::mode::{Kind, Mode};
use graven_bench::options::Options;
use graven_bench::suite::Model;

fn parse(line: &str) -> Result<Options, clap::Error> {
    Options::try_parse_from(line.split_whitespace())
}

#[test]
fn defaults_are_those_of_the_peers() -> Result<(), Box<dyn std::error::Error>> {
    let options = parse("graven-bench")?;
    assert_eq!(options.models()?, Model::ALL);
    assert_eq!(options.modes, [Mode::infer(1), Mode::infer(32), Mode::train(32)]);
    assert_eq!((options.core, options.seconds, options.threads.as_slice()), (0, 1.5, [1].as_slice()));
    Ok(())
}

#[test]
fn flags_of_the_peers_are_taken() -> Result<(), Box<dyn std::error::Error>> {
    let line =
        "graven-bench --suite mlp2,cnn,mlp --modes train32,fit32 --threads 1,2 --core 3 --seconds 0.5 --json o.json";
    let options = parse(line)?;
    assert_eq!(options.models()?, [Model::Mlp2, Model::Mlp]);
    assert_eq!(options.modes, [Mode::train(32), Mode { kind: Kind::Fit, batch: 32 }]);
    assert_eq!((options.core, options.seconds), (3, 0.5));
    assert!(options.one_thread());
    assert!(!parse("graven-bench --threads 2")?.one_thread());
    Ok(())
}

#[test]
fn unknown_names_are_refused() -> Result<(), Box<dyn std::error::Error>> {
    let error = parse("graven-bench --suite mlp3")?.models().unwrap_err();
    assert!(error.contains("`mlp3`") && error.contains("mlp2"), "{error}");
    for mode in ["infer", "infer0", "train-1", "predict1"] {
        assert!(parse(&format!("graven-bench --modes {mode}")).is_err(), "{mode}");
    }
    Ok(())
}

#[test]
fn modes_are_written_as_they_are_read() {
    for text in ["infer1", "infer32", "train32", "fit32", "fullfit32", "train1024"] {
        assert_eq!(text.parse::<Mode>().map(|mode| mode.to_string()).as_deref(), Ok(text));
    }
}
