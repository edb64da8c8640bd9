#!/usr/bin/env bash
# Times graven and the peers on one core in the same minutes and prints the tables of docs/performance.md.
#
#   benches/compare.sh PEERS_FOLDER PYTHON [CORE]
#
# PEERS_FOLDER holds peers.py, PYTHON is an interpreter with its requirements. Ours runs before each peer.
# PEERS names those to run, all by default, SUITE the networks (those of images take a while to compile, and Keras longer),
# SECONDS_A_CELL how long each is timed. Results of peers that peers.py does not know (JSON lines) can be named in MORE,
# separated by commas.
set -euo pipefail
peers_folder=$1 python=$2 core=${3:-0} seconds=${SECONDS_A_CELL:-0.6}
suite=${SUITE:-mlp,mlp2,autoencoder}
here=$(cd "$(dirname "$0")" && pwd)
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# Whole epochs of images take minutes each.
case $suite in
*all* | *cnn* | *resnet* | *mobilenet*) features="--features images" modes=infer1,infer32,train32 ;;
*) features="" modes=infer1,infer32,train32,fit32,fullfit32 ;;
esac
bench() {
    # shellcheck disable=SC2086
    cargo run --quiet --release --manifest-path "$here/Cargo.toml" $features --bin graven-bench -- "$@"
}

ours=() theirs=()
for peer in ${PEERS:-onnxruntime openvino jax torch inductor keras}; do
    bench --suite "$suite" --modes "$modes" --core "$core" --seconds "$seconds" \
        --json "$results/ours.$peer" >/dev/null
    "$python" "$peers_folder/peers.py" --suite "$suite" --peers "$peer" --core "$core" \
        --seconds "$seconds" --work "$results/onnx" --json "$results/$peer" >&2
    ours+=("$results/ours.$peer") theirs+=("$results/$peer")
done
[ -z "${MORE:-}" ] || theirs+=("$MORE")
join() { local IFS=,; echo "$*"; }
bench --table "$(join "${ours[@]}")" --peers "$(join "${theirs[@]}")" --markdown
