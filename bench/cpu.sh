#!/bin/sh
# Builds the benchmark, times the CPU engine and LibTorch's layers on the same windows in turn, and writes the results to
# build/bench/cpu.json and into the table of docs/performance.md.
# Usage: bench/cpu.sh [--rounds N] [--threads N]    (a quiet machine; the default of 5 rounds takes some minutes)
set -eu
cd "$(dirname "$0")/.."
case "${1:-}" in
  -h | --help) sed -n '2,4s/^# //p' "$0"; exit 0 ;;
esac

cmake/setup.sh
cmake --preset release --log-level=WARNING
cmake --build build --target lmc_engine_bench
mkdir -p build/bench
for network in "64 9" "64 12" "16 4"; do
  filters=${network% *} blocks=${network#* }
  echo "generator of $filters filters, $blocks blocks ..." >&2
  build/bin/lmc_engine_bench --filters "$filters" --blocks "$blocks" "$@" >"build/bench/generator_${filters}_$blocks.json"
done
python3 bench/write_table.py build/bench docs/performance.md
