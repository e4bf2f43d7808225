#!/bin/sh
# Times an optimisation step of lmc against the same step in PyTorch on the same batch, in turn, and whole runs of
# `lmc train` from files; writes build/bench/training/*.json and the tables of docs/training.md. On two cores about
# five minutes.
# Usage: bench/training.sh [--quick] [--rounds N] [--threads N]
#   --quick   the demo networks only
# LMC_BENCH_PYTHON=/path/to/python takes an interpreter that has bench/requirements.txt instead of making one.
set -eu
cd "$(dirname "$0")/.."
cases="pix2pix_demo unetpp_demo pix2pix_paper" rounds="" threads=2
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    --quick) cases="pix2pix_demo unetpp_demo" ;;
    --rounds) rounds="--rounds $2"; shift ;;
    --threads) threads=$2; shift ;;
    *) echo "training.sh: unknown option $1" >&2; exit 2 ;;
  esac
  shift
done

cmake/setup.sh
cmake --preset release --log-level=WARNING
cmake --build build --target lmc_training_peer lmc
. bench/peers.sh

results=build/bench/training
mkdir -p "$results"
"$python" bench/training_compare.py build/bin/lmc_training_peer build/bin/lmc "$results" --cases $cases $rounds --threads "$threads"
"$python" bench/training_loop.py build/bin/lmc "$results" --threads "$threads"
"$python" bench/training_table.py "$results" docs/training.md
