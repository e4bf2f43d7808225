#!/bin/sh
# Fetches the pinned nvcc (cmake/cuda_toolkit.txt, 105 MB, 270 MB unpacked), which builds the CUDA engine. No GPU and no
# driver are needed for that.
# Usage: fetch_cuda_toolkit.sh DESTINATION
set -eu
here=$(cd "$(dirname "$0")" && pwd)
destination=${1:?"usage: fetch_cuda_toolkit.sh DESTINATION"}
pins=$here/cuda_toolkit.txt

if cmp -s "$pins" "$destination/cuda_toolkit.txt"; then
  exit 0
fi
python3=${PYTHON:-python3}
partial=$destination.partial
rm -rf "$partial"
mkdir -p "$partial/wheels"
trap 'rm -rf "$partial"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

echo "Fetching nvcc $(sed -n 's/^nvidia-cuda-nvcc==\([^ ]*\).*/\1/p' "$pins") (SHA-256 checked) into $destination"
"$python3" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
  --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 --platform manylinux_2_12_x86_64 \
  --platform manylinux2010_x86_64 --dest "$partial/wheels" --requirement "$pins"
for wheel in "$partial"/wheels/*.whl; do
  unzip -q -o "$wheel" -d "$partial/unpacked"
done
# All wheels unpack into one folder, a toolkit as CMake expects it. Wheels do not keep the executable bits.
mv "$partial"/unpacked/nvidia/cu13/* "$partial/"
rm -rf "$partial/wheels" "$partial/unpacked"
chmod +x "$partial"/bin/* "$partial"/nvvm/bin/*
cp "$pins" "$partial/cuda_toolkit.txt"
rm -rf "$destination"
mv "$partial" "$destination"
