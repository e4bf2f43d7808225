#!/bin/sh
# Time from the start of a container to its end, under the strict flags of docs/container.md: of the engine alone (/bin/true), of
# the program until it refuses an empty case (start-up: libraries loaded, models read and checked), and of the 512 x 512 case.
# Usage: bench/container_start.sh [IMAGE] [RUNS]   (default lightmycells:VERSION-cpu, 5)
set -eu
cd "$(dirname "$0")/.."
. container/strict_run.sh
version=$(sed -n 's/^project(.* VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
strict_begin "${1:-lightmycells:$version-cpu}"
runs=${2:-5}
mkdir "$strict_work/empty"

# measure WHAT CODE INPUT [ENTRY POINT]: seconds of every run, then the least and the median.
measure() {
  what=$1 expected=$2 folder=$3
  seconds=''
  for run in $(seq "$runs"); do
    strict_new_output "output$run"
    if [ $# -gt 3 ]; then entry=$4; else entry=light-my-cells; fi
    started=$(strict_now)
    code=0
    docker run --rm --network none --read-only --cap-drop ALL --security-opt no-new-privileges --pids-limit 128 --memory 8g \
      --memory-swap 8g --shm-size 64m --tmpfs /tmp -v "$folder:/input:ro" -v "$strict_output:/output" --entrypoint "$entry" \
      "$strict_image" >/dev/null 2>"$strict_work/err" || code=$?
    seconds="$seconds $(echo "$started $(strict_now)" | awk '{printf "%.2f", $2 - $1}')"
    if [ $code -ne "$expected" ]; then fail "$what ended with $code: $(tail -n 1 "$strict_work/err")"; fi
    strict_empty "$strict_output"
  done
  echo "$seconds" | tr ' ' '\n' | grep . | sort -n |
    awk -v what="$what" '{t[NR] = $1} END {printf "%-28s least %.2f s, median %.2f s of %d runs\n", what, t[1], t[int((NR + 1) / 2)], NR}'
}

measure 'engine alone (/bin/true)' 0 "$strict_work/empty" /bin/true
measure 'an empty case, refused' 3 "$strict_work/empty"
measure 'dic, 512 x 512' 0 "$PWD/test_inputs/dic"
