#!/usr/bin/env bash
# How long a network takes to compile, and how much code it becomes, by width and depth. Prints a table.
#
#   benches/compile_time.sh [WIDTHS] [DEPTHS]
#
# Each point is a program that trains and runs one network at batch 32. Its dependencies are compiled before; the time
# is that of a release build of the program alone, the least of REPEATS (3). The code is that of `.text` less that of a
# program without a network.
set -euo pipefail
widths=${1:-64 256 1024 4096} depths=${2:-1 2 4 8 16 32 64}
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
cat >"$work/Cargo.toml" <<EOF
[package]
name = "point"
edition = "2024"

[dependencies]
graven = { path = "$root" }

[workspace]
EOF

empty() { echo 'fn main() {}' >"$work/src/main.rs"; }

program() { # width depth
    cat >"$work/src/main.rs" <<EOF
use graven::prelude::*;

graven::network! {
    pub struct Net;

    fn forward(x: [$1]) -> [10] {
        let mut x = x;
        for layer in 0..$2 {
            x = dense(x, $1, activation = relu);
        }
        dense(x, 10)
    }

    fn loss(logits, label: index<10>) {
        cross_entropy(logits, label)
    }
}

fn main() {
    let mut model = Net::new(0);
    let mut memory = NetTraining::<32>::boxed();
    let mut state = <Adam as Optimizer>::State::<Net>::boxed();
    let (x, y) = (vec![[0.5; $1]; 32], vec![Index::<10>::ZERO; 32]);
    let (x, y) = (x.as_array().unwrap(), y.as_array().unwrap());
    let loss = model.train_step(&mut memory, &Adam::new(1e-3), &mut state, x, y);
    let output = model.predict(x);
    std::process::exit(i32::from(loss + output[0][0] > 1e6));
}
EOF
}

build() { cargo build --quiet --release --manifest-path "$work/Cargo.toml" --target-dir "$work/target"; }

code() { size -A "$work/target/release/point" | awk '$1 == ".text" { print $2 }'; }

measure() { # width depth
    program "$1" "$2"
    local best=
    for _ in $(seq "${REPEATS:-3}"); do
        touch "$work/src/main.rs"
        local start end
        start=$(date +%s%N)
        build
        end=$(date +%s%N)
        local taken=$(((end - start) / 1000000))
        if [ -z "$best" ] || [ "$taken" -lt "$best" ]; then best=$taken; fi
    done
    echo "| $1 | $2 | $(awk "BEGIN { printf \"%.2f\", $best / 1000 }") | $((($(code) - base) / 1024)) |"
}

empty
build
base=$(code)
echo "| width | depth | seconds | code, KiB |"
echo "| ---: | ---: | ---: | ---: |"
for width in $widths; do measure "$width" 1; done
for depth in $depths; do measure 128 "$depth"; done
