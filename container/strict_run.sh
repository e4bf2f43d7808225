# Sourced by test_run.sh and tests/container/faults.sh: runs an image with the strict flags of docs/container.md.
# shellcheck shell=sh
#
# strict_begin IMAGE sets the folder strict_work, removed at the end with the container, and strict_model.
# Results are left in strict_code, strict_seconds, strict_peak_mb, strict_log, strict_last_line, strict_status, strict_body.

fail() {
  echo "FAILED: $*" >&2
  if [ -n "${strict_container:-}" ]; then docker logs --tail 5 "$strict_container" >&2 || true; fi
  exit 1
}

strict_begin() {
  strict_image=$1
  docker image inspect "$strict_image" >/dev/null 2>&1 || fail "there is no image $strict_image; ./build.sh makes it"
  strict_container=''
  strict_work=$(mktemp -d)
  trap strict_end EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  strict_model=$strict_work/model
  mkdir "$strict_model"
  chmod 755 "$strict_work" "$strict_model"
}

strict_end() {
  if [ -n "$strict_container" ]; then docker rm -f "$strict_container" >/dev/null 2>&1 || true; fi
  strict_empty "$strict_work"
  rm -rf "$strict_work"
}

# Another user than the image's may not remove what the container wrote; a container may.
strict_empty() {
  docker run --rm --network none --user 0 --entrypoint /bin/sh -v "$1:/folder" "$strict_image" \
    -c 'rm -rf /folder/* /folder/.[!.]*' || true
}

strict_new_output() {
  strict_output=$strict_work/$1
  mkdir -p "$strict_output"
  chmod 777 "$strict_output"
}

strict_api() { docker image inspect --format '{{index .Config.Labels "org.grand-challenge.api-method"}}' "$strict_image"; }

# strict_compare CHECKER FOLDER CASE...: what the image wrote to FOLDER/CASE, with the sample case's expected.json. CHECKER is lmc or
# an image that has it.
strict_compare() {
  strict_checker=$1 strict_outputs=$2
  shift 2
  rm -rf "$strict_work/cases"
  mkdir "$strict_work/cases"
  for name in "$@"; do cp -r "test_inputs/$name" "$strict_work/cases/"; done
  if [ -x "$strict_checker" ]; then
    "$strict_checker" selftest --cases "$strict_work/cases" --outputs "$strict_outputs"
  else
    docker run --rm --network none -v "$strict_work/cases:/cases:ro" -v "$strict_outputs:/outputs:ro" "$strict_checker" \
      lmc selftest --cases /cases --outputs /outputs
  fi
}

strict_now() { date +%s.%N; }
strict_since() { echo "$1 $(strict_now)" | awk '{printf "%.1f", $2 - $1}'; }

# strict_start exec|invoke INPUT OUTPUT [DOCKER OPTION...]: later options override the strict ones. Without a name for OUTPUT
# nothing is mounted there.
strict_start() {
  strict_mode=$1 strict_in=$2 strict_out=$3
  shift 3
  if [ -n "$strict_out" ]; then set -- -v "$strict_out:/output" "$@"; fi
  # The image's own entry point for its own API method, the other one by hand.
  strict_arguments=''
  if [ "$strict_mode" != "$(strict_api)" ]; then
    set -- "$@" --entrypoint light-my-cells
    if [ "$strict_mode" = invoke ]; then strict_arguments=--serve; fi
  fi
  strict_started=$(strict_now)
  strict_container=$(docker run --detach --network none --read-only --cap-drop ALL --security-opt no-new-privileges \
    --pids-limit 128 --memory 8g --memory-swap 8g --shm-size 64m --tmpfs /tmp \
    -v "$strict_in:/input:ro" -v "$strict_model:/opt/ml/model:ro" "$@" "$strict_image" $strict_arguments)
  strict_peak_mb='?'
}

# Peak resident memory so far, where the engine runs on this machine.
strict_note_peak() {
  strict_pid=$(docker inspect --format '{{.State.Pid}}' "$strict_container")
  strict_kb=$(sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$strict_pid/status" 2>/dev/null || true)
  if [ "$strict_pid" != 0 ] && [ -n "$strict_kb" ]; then strict_peak_mb=$((strict_kb / 1000)); fi
}

strict_running() { [ "$(docker inspect --format '{{.State.Running}}' "$strict_container")" = true ]; }

# Waits for the end of the container, at most so many seconds (default 300), and removes it.
strict_finish() {
  strict_deadline=$(($(date +%s) + ${1:-300}))
  while strict_running; do
    strict_note_peak
    if [ "$(date +%s)" -gt "$strict_deadline" ]; then fail "the container still runs after ${1:-300} s"; fi
    sleep 0.2
  done
  strict_seconds=$(strict_since "$strict_started")
  strict_code=$(docker inspect --format '{{.State.ExitCode}}' "$strict_container")
  strict_log=$(docker logs "$strict_container" 2>&1 >/dev/null)
  strict_last_line=$(printf '%s\n' "$strict_log" | grep . | tail -n 1 || true)
  docker rm "$strict_container" >/dev/null
  strict_container=''
}

strict_run() {
  strict_start "$@"
  strict_finish
}

# strict_request METHOD PATH: from within the container, which has no network. Bash is Debian's own client.
strict_request() {
  strict_answer=$(docker exec "$strict_container" bash -c '
    exec 3<>/dev/tcp/127.0.0.1/4743 || exit 1
    printf "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" "$1" "$2" >&3
    cat <&3' request "$1" "$2" 2>/dev/null || true)
  strict_status=$(echo "$strict_answer" | sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p')
  strict_body=$(echo "$strict_answer" | sed '1,/^\r*$/d')
}

strict_wait_for_health() {
  until strict_request GET /health && [ "$strict_status" = 200 ]; do
    strict_running || fail "the server ended before it was healthy"
    if [ "$(strict_since "$strict_started" | cut -d. -f1)" -gt 300 ]; then fail "no health within 300 s"; fi
    sleep 0.2
  done
  strict_seconds=$(strict_since "$strict_started")
}

# SIGTERM with the platform's 5 s of grace.
strict_stop() {
  strict_note_peak
  strict_stopped=$(strict_now)
  docker stop --time 5 "$strict_container" >/dev/null
  strict_code=$(docker inspect --format '{{.State.ExitCode}}' "$strict_container")
  strict_seconds=$(strict_since "$strict_stopped")
  docker rm "$strict_container" >/dev/null
  strict_container=''
}
