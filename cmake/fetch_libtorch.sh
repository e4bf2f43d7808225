#!/bin/sh
# Fetches the pinned LibTorch and unpacks what a program needs of it: the CPU part (cmake/libtorch.txt), or all of its
# libraries for a CUDA flavour (cmake/libtorch_cu126.txt ...).
# Usage: fetch_libtorch.sh DESTINATION [cpu|cu126|cu130]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
destination=${1:?"usage: fetch_libtorch.sh DESTINATION [cpu|cu126|cu130]"}
flavour=${2:-cpu}
if [ "$flavour" = cpu ]; then
  pins=$here/libtorch.txt
  libraries='torch/lib/libc10.so torch/lib/libtorch_cpu.so torch/lib/libgomp* nvidia/*/lib/libcudart.so.* nvidia/*/lib/libcupti.so.*'
else
  pins=$here/libtorch_$flavour.txt
  # One wheel has its library outside of nvidia/.
  # The headers are for training/nccl/.
  libraries='torch/lib/*.so* nvidia/*/lib/*.so* nvidia/*/include/* cusparselt/lib/*.so* cusparselt/LICENSE*'
fi
if [ ! -r "$pins" ]; then
  echo "fetch_libtorch.sh: no pins for the flavour $flavour ($pins)" >&2
  exit 2
fi

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

echo "Fetching LibTorch $(sed -n 's/^torch==\([^ ]*\).*/\1/p' "$pins") (SHA-256 checked) into $destination"
# The platform and Python version are fixed so that any pip gets the very files that the hashes name.
"$python3" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
  --implementation cp --python-version 3.12 --abi cp312 --abi none \
  --platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64 --platform manylinux_2_25_x86_64 \
  --platform manylinux_2_18_x86_64 --platform manylinux_2_17_x86_64 \
  --platform manylinux2014_x86_64 --dest "$partial/wheels" --requirement "$pins"

# Only these headers: torch/include also ships fmt, pybind11 and protobuf, which would shadow the system's.
for wheel in "$partial"/wheels/*.whl; do
  set -f # the patterns are for unzip
  unzip -q "$wheel" $libraries \
    'torch/include/ATen/*' 'torch/include/c10/*' 'torch/include/caffe2/*' 'torch/include/torch/*' \
    '*.dist-info/LICENSE*' '*.dist-info/License*' '*.dist-info/NOTICE*' '*.dist-info/licenses/*' \
    -d "$partial" 2>/dev/null || [ $? -eq 11 ]
  set +f
done
rm -rf "$partial/wheels"
cp "$pins" "$partial/libtorch.txt"
rm -rf "$destination"
mv "$partial" "$destination"
