#!/bin/sh
# Fetches the pinned LibTorch (cmake/libtorch.txt) and unpacks what a CPU program needs of it.
# Usage: fetch_libtorch.sh DESTINATION
set -eu
here=$(cd "$(dirname "$0")" && pwd)
pins=$here/libtorch.txt
destination=${1:?"usage: fetch_libtorch.sh DESTINATION"}

if cmp -s "$pins" "$destination/libtorch.txt"; then
  exit 0
fi
python3=${PYTHON:-python3}
partial=$destination.partial
rm -rf "$partial"
mkdir -p "$partial/wheels"
trap 'rm -rf "$partial"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

echo "Fetching LibTorch $(sed -n 's/^torch==\([^ ]*\).*/\1/p' "$pins") (about 540 MB, SHA-256 checked) into $destination"
# The platform and Python version are fixed so that any pip gets the very files that the hashes name.
"$python3" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
  --implementation cp --python-version 3.12 --abi cp312 --abi none \
  --platform manylinux_2_28_x86_64 --platform manylinux_2_25_x86_64 --platform manylinux_2_17_x86_64 \
  --platform manylinux2014_x86_64 --dest "$partial/wheels" --requirement "$pins"

# Only these: torch/include also ships fmt, pybind11 and protobuf, which would shadow the system's.
for wheel in "$partial"/wheels/*.whl; do
  unzip -q "$wheel" 'torch/lib/libc10.so' 'torch/lib/libtorch_cpu.so' 'torch/lib/libgomp.so.1' \
    'torch/include/ATen/*' 'torch/include/c10/*' 'torch/include/caffe2/*' 'torch/include/torch/*' \
    'nvidia/*/lib/libcudart.so.*' 'nvidia/*/lib/libcupti.so.*' \
    'torch-*/LICENSE*' 'torch-*/NOTICE*' 'torch-*/licenses/*' -d "$partial" 2>/dev/null || [ $? -eq 11 ]
done
rm -rf "$partial/wheels"
cp "$pins" "$partial/libtorch.txt"
rm -rf "$destination"
mv "$partial" "$destination"
