#!/bin/sh
# The steps of the test scripts that grand-challenge.org hands to participants (do_test_run.sh of its starter kits for both API
# methods), with their flags: laxer than test_run.sh, but other ones. The root is writable, /tmp is a named volume that outlives
# the container, folders are opened with chmod only, /input holds hard links, and the image's own shell cleans up, as its own
# user (exec) or as root (invoke).
# One thing differs: the kit's second container with curl, on a network of both, is a request from within the container here, because
# an engine without a bridge has no networks.
# Usage: tests/container/platform_run.sh [IMAGE] [CHECKER]   (CHECKER as for test_run.sh; the image's API method decides)
set -eu
cd "$(dirname "$0")/../.."
. container/strict_run.sh
version=$(sed -n 's/^project(.* VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
image=${1:-lightmycells:$version-cpu}
checker=${2:-$image-workbench}

strict_begin "$image"
volume=lightmycells-platform-run-$$
docker volume create "$volume" >/dev/null
trap 'strict_end; docker volume rm "$volume" >/dev/null 2>&1 || true' EXIT
model=$strict_work/model
staged=$strict_work/input
mkdir "$staged" "$strict_work/outputs" "$strict_work/kit"
for folder in test_inputs/*/; do cp -r "$folder" "$strict_work/kit/"; done
chmod -R o+rX "$strict_work/kit" "$model" "$strict_work/outputs"

in_image() { docker run --rm --platform=linux/amd64 --volume "$1:/output" --entrypoint /bin/sh "$image" -c "$2"; }

# Twice, as a participant does: the second run finds the first one's files, which belong to the image's user.
run_exec() {
  output=$strict_work/outputs/$1
  if [ -d "$output" ]; then
    chmod -f o+rwX "$output"
    in_image "$output" 'rm -rf /output/*'
  else
    mkdir -m o+rwX "$output"
  fi
  docker run --rm --platform=linux/amd64 --network none --volume "$strict_work/kit/$1:/input:ro" --volume "$output:/output" \
    --volume "$volume:/tmp" --volume "$model:/opt/ml/model:ro" "$image" >"$strict_work/log" 2>&1 ||
    fail "$1: exit $?: $(tail -n 1 "$strict_work/log")"
  in_image "$output" 'chmod -R -f o+rwX /output/*'
  echo "exec, run $2: $1: exit 0"
}

invoke_case() {
  docker exec --user root "$strict_container" /bin/sh -c 'rm -rf /output/*'
  rm -rf "${staged:?}"/*
  cp -rl "$strict_work/kit/$1/." "$staged/"
  strict_request POST /invoke
  if [ "$strict_status" != 201 ]; then fail "$1: POST /invoke answered $strict_status: $strict_body"; fi
  docker exec --user root "$strict_container" /bin/sh -c 'chmod -R -f o+rX /output/*'
  cp -r "$strict_work/output" "$strict_work/outputs/$1"
  echo "invoke: $1: 201"
}

run_invoke() {
  mkdir -m o+rwX "$strict_work/output"
  chmod o+rwX "$staged"
  strict_started=$(strict_now)
  strict_container=$(docker run --detach --platform=linux/amd64 --network none --volume "$model:/opt/ml/model:ro" \
    --volume "$staged:/input:ro" --volume "$strict_work/output:/output" --volume "$volume:/tmp" "$image")
  strict_wait_for_health
  echo "invoke: GET /health 200 after $strict_seconds s"
  for name in $cases; do invoke_case "$name"; done
  strict_stop
  if [ "$strict_code" -ne 0 ]; then fail "the server ended with $strict_code"; fi
  echo "invoke: SIGTERM, ended after $strict_seconds s"
}

cases=$(cd "$strict_work/kit" && ls)
case $(strict_api) in
  exec) for turn in 1 2; do for name in $cases; do run_exec "$name" $turn; done; done ;;
  invoke) run_invoke ;;
  *) fail "the label org.grand-challenge.api-method is '$(strict_api)'" ;;
esac
strict_compare "$checker" "$strict_work/outputs" $cases
echo "tests/container/platform_run.sh: $image passed"
