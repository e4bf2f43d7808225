#!/bin/sh
# Measures the CUDA engine on this machine's GPU in one call of less than eight minutes: differences to float32, the kernels'
# times, and the speed against the Python reference. Needs what bench/gpu_pack.sh packed (this script lies in it), an NVIDIA
# driver and Python with PyTorch 2.11 for CUDA 13; no network, no compiler, no ITK.
# Usage: gpu.sh [RESULTS]    (default: results/ beside this script; gpu.json and gpu.md are the summary)
# Each part has a time limit of its own; what was cut off or failed is named at the end, and its .log says why.
set -eu
case "${1:-}" in
  -h | --help) sed -n '2,6s/^# //p' "$0"; exit 0 ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
results=${1:-$here/results}
mkdir -p "$results"
python=${PYTHON:-python3}

# PyTorch's own LibTorch and CUDA libraries; ours were built against the same version.
folders=$("$python" - <<'PYTHON'
import glob, os, torch
torch_lib = os.path.join(os.path.dirname(torch.__file__), "lib")
site = os.path.dirname(os.path.dirname(torch.__file__))
print(":".join([torch_lib, *sorted(glob.glob(os.path.join(site, "nvidia", "*", "lib")))]))
PYTHON
)
export LD_LIBRARY_PATH="$folders:$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
bench=$here/bin/lmc_gpu_bench

# part SECONDS NAME COMMAND...: output to NAME.json, messages to NAME.log
part() {
  limit=$1 name=$2
  shift 2
  started=$(date +%s)
  if timeout -k 2 "$limit" "$@" >"$results/$name.json" 2>"$results/$name.log"; then
    echo "$name: $(($(date +%s) - started)) s"
  else
    echo "$name: FAILED after $(($(date +%s) - started)) s: $(tail -n 1 "$results/$name.log")"
  fi
}

# The most important first. The limits add up to 7 minutes and 15 seconds.
part 40 differences_12 "$bench" differences --blocks 12
part 45 times_12 "$bench" times --blocks 12
part 60 reference_12 "$python" "$here/gpu_reference.py" "$here/reference" --blocks 12
part 45 differences_unet "$bench" differences --network unet++
part 50 times_unet "$bench" times --network unet++
part 50 reference_unet "$python" "$here/gpu_reference.py" "$here/reference" --network unet++ --image 0
part 30 profile_12 "$bench" profile --blocks 12 --batches 16
part 40 image_12 "$bench" image --blocks 12
part 30 profile_unet "$bench" profile --network unet++ --batches 16
part 20 times_9 "$bench" times --blocks 9 --batches 16
part 25 reference_9 "$python" "$here/gpu_reference.py" "$here/reference" --blocks 9 --batches 16 --image 0
"$python" "$here/gpu_table.py" "$results"
