#!/bin/sh
# Runs the container image on every sample case as the platform does, only stricter. See --help.
set -eu
cd "$(dirname "$0")"
. container/strict_run.sh

usage() {
  cat <<'TEXT'
Usage: ./test_run.sh [IMAGE] [--checker IMAGE|PROGRAM] [--model model.tar.gz]

Runs IMAGE (default lightmycells:VERSION-cpu) on every case of test_inputs/ without network, with a read-only root, no
capabilities, 128 processes, 8 GB and 64 MB of shared memory, as the image's own user, and compares the four outputs of each case
with its expected.json. First once per case (API method exec), then as a server (invoke): health, two successive cases in one
container, a bad case, SIGTERM. Prints time, peak resident memory and the image's size.

  --checker   where lmc comes from, which compares: an image (default: IMAGE's name with -workbench) or a program
  --model     mounts this archive's content at /opt/ml/model, as an uploaded model is
  -h, --help  this text
TEXT
}

version=$(sed -n 's/^project(.* VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
image='' checker='' model=''
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --checker | --model)
      if [ $# -lt 2 ]; then echo "test_run.sh: $1 needs a value" >&2; exit 2; fi
      if [ "$1" = --checker ]; then checker=$2; else model=$2; fi
      shift ;;
    -*) usage >&2; echo "test_run.sh: unknown option $1" >&2; exit 2 ;;
    *) image=$1 ;;
  esac
  shift
done
image=${image:-lightmycells:$version-cpu}
checker=${checker:-$image-workbench}

strict_begin "$image"
flavour=$(docker image inspect --format '{{index .Config.Labels "lightmycells.flavour"}}' "$image")
if [ -n "$model" ]; then
  tar -C "$strict_model" -xzf "$model"
fi

compare() { strict_compare "$checker" "$@"; }

# Without a GPU passed in, an image with CUDA libraries has to open all of them before it finds no device.
check_cuda() {
  case $flavour in '' | cpu) return ;; esac
  case $strict_log in
    *'finds no CUDA device or driver'*) echo "libtorch_cuda.so opened with all it links; no device: the CPU predicts" ;;
    *) fail "the CUDA libraries were not opened: $strict_log" ;;
  esac
}

check_image() {
  user=$(docker image inspect --format '{{.Config.User}}' "$image")
  case ${user%%:*} in
    '' | 0 | root | *[!0-9]*) fail "USER is '$user', not a number other than 0" ;;
  esac
  size=$(docker image inspect --format '{{.Size}}' "$image")
  echo "image $image: $((size / 1000000)) MB, USER $user, API method $(strict_api)"
  found=$(docker run --rm --network none --entrypoint /bin/sh "$image" -c '
    for tool in gcc g++ cc c++ clang make cmake python3 python pip nvcc; do command -v $tool; done
    find /var/lib/apt/lists /usr/include/c++ /etc/pip.conf /usr/local/share/ca-certificates -type f 2>/dev/null | head -n 3
    grep -ls Acquire::http /etc/apt/apt.conf /etc/apt/apt.conf.d/*; true')
  if [ -n "$found" ]; then
    fail "the image holds a compiler, Python, package lists or the building machine's configuration: $found"
  fi
}

# The CUDA engine is opened on a GPU only; here by the loader, with all it links and all symbols resolved.
check_cuda_engine() {
  if [ "$flavour" != cu130 ]; then return; fi
  found=$(docker run --rm --network none --read-only --entrypoint /bin/sh "$image" -c '
    LD_BIND_NOW=1 LD_PRELOAD=/opt/lightmycells/lib/liblmc_cuda_engine.so /bin/true 2>&1' || echo "exit code $?")
  if [ -n "$found" ]; then
    fail "the CUDA engine cannot be opened: $found"
  fi
  echo "the CUDA engine opened with all it links"
}

test_exec() {
  echo "== exec: once per case"
  for folder in test_inputs/*/; do
    name=$(basename "$folder")
    strict_new_output "exec/$name"
    strict_run exec "$PWD/test_inputs/$name" "$strict_output"
    if [ "$strict_code" -ne 0 ]; then
      fail "$name ended with $strict_code: $strict_last_line"
    fi
    echo "$name: exit 0 after $strict_seconds s, peak memory $strict_peak_mb MB"
    check_cuda
  done
  compare "$strict_work/exec" $(cd test_inputs && ls -d */ | tr -d /)
}

# invoke_case NAME: /input is emptied and refilled, /output emptied, as between two calls of the platform.
invoke_case() {
  strict_empty "$strict_work/server_output"
  rm -rf "$strict_work/server_input"/*
  cp -r "test_inputs/$1"/* "$strict_work/server_input/"
  strict_request POST /invoke
}

test_invoke() {
  echo "== invoke: one container, several cases"
  mkdir "$strict_work/server_input"
  strict_new_output server_output
  strict_start invoke "$strict_work/server_input" "$strict_output"
  strict_wait_for_health
  echo "health 200 after $strict_seconds s"
  for name in phase_contrast dic; do
    invoke_case "$name"
    if [ "$strict_status" != 201 ]; then
      fail "POST /invoke for $name answered $strict_status: $strict_body"
    fi
    mkdir -p "$strict_work/invoke"
    cp -r "$strict_work/server_output" "$strict_work/invoke/$name"
    echo "$name: 201"
  done
  compare "$strict_work/invoke" phase_contrast dic
  rm -rf "$strict_work/server_input"/*
  strict_empty "$strict_work/server_output"
  strict_request POST /invoke
  case $strict_status$strict_body in
    422*E308*) echo "empty input: 422 with the error" ;;
    *) fail "an empty input was answered with $strict_status: $strict_body" ;;
  esac
  strict_stop
  if [ "$strict_code" -ne 0 ]; then
    fail "SIGTERM ended the server with $strict_code"
  fi
  echo "SIGTERM: exit 0 after $strict_seconds s, peak memory $strict_peak_mb MB"
}

check_image
check_cuda_engine
test_exec
test_invoke
echo "test_run.sh: $image passed"
