#!/bin/sh
# Builds the benchmark, prepares its peers in build/bench/venv (PyTorch, ONNX Runtime, OpenVINO: some gigabytes, once), times
# all of them in turn on the same windows and on whole images, and writes build/bench/cpu.json and the tables of
# docs/performance.md. On a quiet machine of two cores the default takes about ten minutes.
# Usage: bench/cpu.sh [--quick] [--large] [--rounds N] [--threads N]
#   --quick   the demo models only
#   --large   besides, whole images of 1024 x 1024 (196 windows of preset paper each) and the full-size generator's of 512 x 512
# LMC_BENCH_PYTHON=/path/to/python takes an interpreter that has bench/requirements.txt instead of making one.
set -eu
cd "$(dirname "$0")/.."
networks="demo_bright_field demo_unified generator_64_9 generator_64_12 unetpp_resnext101"
large=no rounds=5 threads=2
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    --quick) networks="demo_bright_field demo_unified" ;;
    --large) large=yes ;;
    --rounds) rounds=$2; shift ;;
    --threads) threads=$2; shift ;;
    *) echo "cpu.sh: unknown option $1" >&2; exit 2 ;;
  esac
  shift
done

cmake/setup.sh
cmake --preset release --log-level=WARNING
cmake --build build --target lmc_bench_peer lmc
. bench/peers.sh

"$python" bench/compare.py build/bin/lmc_bench_peer build/bench --networks $networks --rounds "$rounds" --threads "$threads"
whole() {
  "$python" bench/whole.py build/bin/lmc_bench_peer build/bin/lmc build/bench --threads "$threads" "$@"
}
whole --networks demo_bright_field demo_unified --sizes 512
if [ $large = yes ]; then
  whole --networks demo_bright_field --sizes 1024 --rounds 1
  whole --networks generator_64_12 --sizes 512 --rounds 1
fi
"$python" bench/write_table.py build/bench docs/performance.md
