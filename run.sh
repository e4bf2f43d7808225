#!/bin/sh
# Sets up, builds, and predicts every sample case. See --help.
set -eu
cd "$(dirname "$0")"

usage() {
  cat <<'TEXT'
Usage: ./run.sh [--cuda] [-DNAME=VALUE ...]

Does what is still missing of:
  1. Debian 12: installs the packages of cmake/packages.txt (with root or sudo; announced).
     Other systems: names what is missing.
  2. Fetches the pinned LibTorch (cmake/libtorch.txt, 540 MB) into third_party/libtorch.
  3. Builds build/bin/light-my-cells and build/bin/lmc (Release).
  4. Runs light-my-cells on every case of test_inputs/ and writes output/<case>/ as the platform would get it,
     with one preview.png a case.

  --cuda   for a machine with an NVIDIA GPU (driver 580 or later, GPU of 2018 or later): fetches LibTorch with CUDA 13
           (3.6 GB) and nvcc (270 MB) into third_party_cuda/ instead, and builds build-cuda/bin/, the CUDA engine and what
           training needs for NCCL (build-cuda/lib/). Building needs no GPU; without one the programs use the CPU.
  -DCMAKE_PREFIX_PATH=/path/to/libtorch   use a LibTorch of your own; step 2 is left out
  -DNAME=VALUE                            any other CMake setting
  -h, --help                              this text
TEXT
}

setup_options=
build=build preset=release
for argument in "$@"; do
  shift
  case $argument in
    -h | --help) usage; exit 0 ;;
    --cuda) build=build-cuda preset=cuda; continue ;;
    -DCMAKE_PREFIX_PATH=*) setup_options=--own-libtorch ;;
    -D*) ;;
    *) usage >&2; echo "run.sh: unknown option $argument" >&2; exit 2 ;;
  esac
  set -- "$@" "$argument" # keeps the settings, in their order
done

if [ $preset = cuda ]; then
  cmake/setup.sh --own-libtorch
  if [ -z "$setup_options" ]; then
    cmake/fetch_libtorch.sh third_party_cuda/libtorch cu130
    set -- "-DCMAKE_PREFIX_PATH=$PWD/third_party_cuda/libtorch" "$@"
  fi
  cmake/fetch_cuda_toolkit.sh third_party_cuda/toolkit
  set -- "-DCMAKE_CUDA_COMPILER=$PWD/third_party_cuda/toolkit/bin/nvcc" -DLMC_TESTS=OFF "$@"
else
  cmake/setup.sh $setup_options
fi
cmake --preset $preset --log-level=WARNING "$@"
cmake --build --preset $preset

for case_folder in test_inputs/*/; do
  name=$(basename "$case_folder")
  out=output/$name
  # A case is done when its preview, the last file written, is newer than the program and the weights.
  if [ -e "$out/preview.png" ] && [ "$out/preview.png" -nt $build/bin/light-my-cells ] &&
    [ "$out/preview.png" -nt weights/manifest.json ] && [ "$out/preview.png" -nt "${case_folder}inputs.json" ]; then
    echo "$out is up to date"
    continue
  fi
  rm -rf "$out"
  mkdir -p "$out"
  $build/bin/light-my-cells --input "$case_folder" --output "$out"
  $build/bin/lmc preview "$case_folder"images/*/*.tiff "$out"/images/*/*.tiff --output "$out/preview.png"
done
echo
echo "Predictions: output/<case>/images/<organelle>-fluorescence-ome-tiff/, one OME-TIFF each"
echo "Pictures:    $(echo output/*/preview.png)"
echo "Your own:    $build/bin/lmc predict -i IMAGE.tiff -o predictions ($build/bin/lmc --help)"
