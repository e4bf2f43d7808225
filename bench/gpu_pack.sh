#!/bin/sh
# Packs what bench/gpu.sh needs on a machine with a GPU but without a compiler, ITK or network: the benchmark, the CUDA engine, their
# libraries apart from LibTorch, CUDA and glibc, and the Python reference. Build first: ./run.sh --cuda
# Usage: gpu_pack.sh [DESTINATION]    (default: build-cuda/gpu_pack)
set -eu
cd "$(dirname "$0")/.."
case "${1:-}" in
  -h | --help) sed -n '2,4s/^# //p' "$0"; exit 0 ;;
esac
build=build-cuda
destination=${1:-$build/gpu_pack}
cmake --build $build --target lmc_gpu_bench lmc_cuda_engine

rm -rf "$destination"
mkdir -p "$destination/lib" "$destination/reference"
cmake --install $build --component gpu_bench --prefix "$destination" --strip >/dev/null
ldd $build/bin/lmc_gpu_bench | sed -n 's/.* => \(\/[^ ]*\) (.*/\1/p' | while read -r library; do
  case $library in
    */torch/lib/* | */nvidia/* | */libc.so* | */libm.so* | */libdl.so* | */libpthread.so* | */libutil.so* | */librt.so* | */ld-linux*) continue ;;
  esac
  cp -L "$library" "$destination/lib/"
done
cp tests/python/reference/networks.py tests/python/reference/formula_weights.py "$destination/reference/"
cp bench/gpu.sh bench/gpu_reference.py bench/gpu_table.py "$destination/"
echo "Packed $(du -sh "$destination" | cut -f1) into $destination; on the machine with the GPU: $(basename "$destination")/gpu.sh"
