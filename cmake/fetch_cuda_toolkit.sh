#!/bin/sh
# Fetches the pinned nvcc (cmake/cuda_toolkit.txt, 105 MB, 270 MB unpacked), which builds the CUDA engine. No GPU and no
# driver are needed for that.
# Usage: fetch_cuda_toolkit.sh DESTINATION
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/fetch_wheels.sh"

begin_fetch "$here/cuda_toolkit.txt" "${1:?"usage: fetch_cuda_toolkit.sh DESTINATION"}" cuda_toolkit.txt
for wheel in "$partial"/wheels/*.whl; do
  unzip -q -o "$wheel" -d "$partial/unpacked"
done
# All wheels unpack into one folder, a toolkit as CMake expects it. Wheels do not keep the executable bits.
mv "$partial"/unpacked/nvidia/cu13/* "$partial/"
rm -rf "$partial/unpacked"
ln -s lib "$partial/lib64" # where nvcc looks
chmod +x "$partial"/bin/* "$partial"/nvvm/bin/*
end_fetch
