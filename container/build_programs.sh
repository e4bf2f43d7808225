#!/bin/sh
# Builds what an image holds into build/: the programs and, where cmake/setup.sh has fetched its compiler, the CUDA engine.
# Usage: build_programs.sh [-DNAME=VALUE ...]
set -eu
cd "$(dirname "$0")/.."
nvcc=$PWD/third_party/cuda_toolkit/bin/nvcc
if [ -x "$nvcc" ]; then
  set -- -DLMC_CUDA_ENGINE=ON "-DCMAKE_CUDA_COMPILER=$nvcc" "$@"
fi
cmake --preset release --log-level=WARNING "$@"
cmake --build build
