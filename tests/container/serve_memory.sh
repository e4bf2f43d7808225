#!/bin/sh
# Whether a server grows: many calls in one container, the folders emptied and refilled between them; prints the resident memory as
# it goes. Fails when it is more than 15 % higher after the last call than after a tenth of them: it goes up and down by 12 %
# with the case and the allocator, and a leak of 0.3 MB a call would show. 200 calls take ten minutes or more on two cores, so
# continuous integration leaves this out. The engine must run on this machine.
# Usage: tests/container/serve_memory.sh [IMAGE] [CALLS]
set -eu
cd "$(dirname "$0")/../.."
. container/strict_run.sh
version=$(sed -n 's/^project(.* VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
strict_begin "${1:-lightmycells:$version-cpu}"
calls=${2:-200}

mkdir "$strict_work/input"
strict_new_output output
strict_start invoke "$strict_work/input" "$strict_output"
strict_wait_for_health
pid=$(docker inspect --format '{{.State.Pid}}' "$strict_container")
resident_kb() { sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$pid/status"; }

echo "calls  resident MB"
echo "0      $(($(resident_kb) / 1000))"
call=0
early=0
while [ $call -lt "$calls" ]; do
  call=$((call + 1))
  if [ $((call % 2)) -eq 0 ]; then name=dic; else name=phase_contrast; fi
  rm -rf "$strict_work/input"/*
  cp -r test_inputs/$name/* "$strict_work/input/"
  docker exec "$strict_container" /bin/sh -c 'rm -rf /output/*'
  strict_request POST /invoke
  if [ "$strict_status" != 201 ]; then fail "call $call answered $strict_status: $strict_body"; fi
  if [ $call -eq $((calls / 10)) ]; then early=$(resident_kb); fi
  if [ $((call % (calls / 10))) -eq 0 ]; then echo "$call	$(($(resident_kb) / 1000))"; fi
done
last=$(resident_kb)
strict_stop
echo "peak $strict_peak_mb MB, exit $strict_code"
if [ $((last * 100)) -gt $((early * 115)) ]; then fail "grew from $early kB to $last kB"; fi
