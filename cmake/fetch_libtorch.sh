#!/bin/sh
# Fetches the pinned LibTorch and unpacks what a program needs of it: the CPU part (cmake/libtorch.txt), or all of its
# libraries for a CUDA flavour (cmake/libtorch_cu126.txt ...).
# Usage: fetch_libtorch.sh DESTINATION [cpu|cu126|cu130]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/fetch_wheels.sh"
flavour=${2:-cpu}
if [ "$flavour" = cpu ]; then
  pins=$here/libtorch.txt
  libraries='torch/lib/libc10.so torch/lib/libtorch_cpu.so torch/lib/libgomp* nvidia/*/lib/libcudart.so.* nvidia/*/lib/libcupti.so.*'
else
  pins=$here/libtorch_$flavour.txt
  # One wheel has its library outside of nvidia/.
  # The headers are for training/processes/nccl/.
  libraries='torch/lib/*.so* nvidia/*/lib/*.so* nvidia/*/include/* cusparselt/lib/*.so* cusparselt/LICENSE*'
fi
if [ ! -r "$pins" ]; then
  echo "fetch_libtorch.sh: no pins for the flavour $flavour ($pins)" >&2
  exit 2
fi

begin_fetch "$pins" "${1:?"usage: fetch_libtorch.sh DESTINATION [cpu|cu126|cu130]"}" libtorch.txt
# Only these headers: torch/include also ships fmt, pybind11 and protobuf, which would shadow the system's.
for wheel in "$partial"/wheels/*.whl; do
  set -f # the patterns are for unzip
  unzip -q "$wheel" $libraries \
    'torch/include/ATen/*' 'torch/include/c10/*' 'torch/include/caffe2/*' 'torch/include/torch/*' \
    '*.dist-info/LICENSE*' '*.dist-info/License*' '*.dist-info/NOTICE*' '*.dist-info/licenses/*' \
    -d "$partial" 2>/dev/null || [ $? -eq 11 ]
  set +f
done
end_fetch
