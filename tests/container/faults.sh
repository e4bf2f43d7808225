#!/bin/sh
# Bad input and bad luck, tried on the image with real container limits. Each line names what was done and how it ended.
# Usage: tests/container/faults.sh [IMAGE]
set -eu
cd "$(dirname "$0")/../.."
. container/strict_run.sh
version=$(sed -n 's/^project(.* VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
strict_begin "${1:-lightmycells:$version-cpu}"

images=images/organelles-transmitted-light-ome-tiff
sample=$PWD/test_inputs/phase_contrast
sample_image=$(ls "$sample/$images"/*.tiff)

# Until the output folders are there: the models are built, the image is read or about to be.
wait_for_folders() {
  while ! [ -d "$strict_output/images/actin-fluorescence-ome-tiff" ]; do
    strict_running || fail "$1: the container ended before it made the output folders"
    sleep 0.01
  done
}

# new_input: an empty case in $input.
new_input() {
  rm -rf "$strict_work/input"
  input=$strict_work/input
  mkdir -p "$input/$images"
}

new_output() {
  strict_empty "$strict_work/output" 2>/dev/null
  strict_new_output output
}

# expect CODE WORD WHAT: how the last run ended, and what its last line on stderr says.
expect() {
  case $strict_code:$strict_last_line in
    # printf, because sh's echo would turn a file name's \n into a line.
    "$1":*"$2"*) printf 'ok: %s: exit %s after %s s, "%s"\n' "$3" "$1" "$strict_seconds" "$strict_last_line" ;;
    *) fail "$3: exit $strict_code instead of $1, \"$strict_last_line\"" ;;
  esac
}

files_in() { find "$1" -type f ! -name summary.json; }

expect_no_outputs() {
  left=$(files_in "$strict_work/output")
  if [ -n "$left" ]; then fail "$1 left $left"; fi
}

expect_four_outputs() {
  if [ "$(files_in "$strict_work/output" | grep -c '\.tiff$')" -ne 4 ]; then
    fail "$1: instead of four outputs: $(files_in "$strict_work/output")"
  fi
}

# reject CODE WORD WHAT [DOCKER OPTION...]: runs $input and expects no outputs.
reject() {
  reject_code=$1 reject_word=$2 reject_what=$3
  shift 3
  new_output
  strict_run exec "$input" "$strict_output" "$@"
  expect "$reject_code" "$reject_word" "$reject_what"
  expect_no_outputs "$reject_what"
}

# accept WHAT [DOCKER OPTION...]: runs $input and expects the same four files as the plain run's.
accept() {
  accept_what=$1
  shift
  new_output
  strict_run exec "$input" "$strict_output" "$@"
  expect 0 '' "$accept_what"
  expect_four_outputs "$accept_what"
}

# same_pixels FILE FILE: all but the metadata at the end, where each file has a UUID of its own.
same_pixels() {
  size=$(stat -c %s "$1")
  [ "$size" -eq "$(stat -c %s "$2")" ] && cmp -s -n $((size - 8192)) "$1" "$2"
}

expect_plain_pixels() {
  for file in $(files_in "$strict_work/output"); do
    same_pixels "$file" "$strict_work/plain/${file#"$strict_work/output"/}" || fail "$1: $file differs from the plain run's"
  done
}

fault_36_no_image_and_two() {
  new_input
  reject 3 E308 '36 no image'
  cp "$sample_image" "$input/$images/1.tiff"
  cp "$sample_image" "$input/$images/2.tiff"
  reject 3 E308 '36 two images'
}

fault_37_names() {
  new_input
  cp "$sample_image" "$input/$images/-zwei Zellen µ 細胞
line.tiff"
  accept '37 a name with a leading dash, spaces, UTF-8 and a newline'
  new_input
  cp "$sample_image" "$input/elsewhere"
  ln -s ../../elsewhere "$input/$images/link.tiff"
  accept '37 a symlink'
  new_input
  mkdir "$input/$images/folder.tiff"
  reject 3 E301 '37 a folder with the name of an image'
}

fault_38_unreadable() {
  new_input
  cp "$sample_image" "$input/$images/a.tiff"
  chmod 000 "$input/$images/a.tiff"
  reject 3 E301 '38 an image without read permission'
}

# Which of both happens is decided by whether it was read already; a crash or half of the outputs never is right.
fault_38_vanishes() {
  for moment in reading predicting; do
    new_input
    # Under its own name, on which the outputs' names and sizes depend.
    vanishing=$input/$images/$(basename "$sample_image")
    cp "$sample_image" "$vanishing"
    new_output
    strict_start exec "$input" "$strict_output"
    wait_for_folders "38 vanishing while $moment"
    if [ $moment = predicting ]; then sleep 0.5; fi
    # Emptied first: a reader that has the file open, or mapped, loses what it has not read.
    : >"$vanishing"
    rm "$vanishing"
    strict_finish
    if [ "$strict_code" -eq 0 ]; then
      expect_four_outputs "38 vanished while $moment"
      expect_plain_pixels "38 vanished while $moment"
      echo "ok: 38 vanished while $moment, was read already: exit 0 after $strict_seconds s, the plain run's pixels"
    else
      expect 3 E3 "38 vanished while $moment"
      expect_no_outputs "38 vanished while $moment"
    fi
  done
}

fault_39_output_not_writable() {
  new_output
  strict_run exec "$sample" '' -v "$strict_output:/output:ro"
  expect 6 E601 '39 /output read-only'
  strict_run exec "$sample" ''
  expect 6 E601 '39 /output not mounted'
}

# The file system goes with the container, so a shell in it looks. Its mode is that of the image's folder, whatever is asked for.
fault_40_disk_full() {
  seen=$(docker run --rm --network none --read-only --tmpfs /tmp --entrypoint /bin/sh -v "$sample:/input:ro" \
    --tmpfs /output:size=300k,uid=10001 "$strict_image" \
    -c 'light-my-cells 2>/tmp/err; echo "exit $?"; tail -n 1 /tmp/err; find /output -type f ! -name summary.json')
  case $seen in
    'exit 6'*E603*tiff:*) ;;
    *) fail "40 /output full: $seen" ;;
  esac
  if [ "$(echo "$seen" | wc -l)" -ne 2 ]; then fail "40 /output full left files: $seen"; fi
  echo "ok: 40 /output full: $(echo "$seen" | tr '\n' ' ')"
}

fault_41_signals() {
  new_output
  strict_start exec "$sample" "$strict_output"
  wait_for_folders '41 SIGTERM'
  docker stop --time 5 "$strict_container" >/dev/null
  strict_finish
  expect 143 interrupted '41 SIGTERM while predicting'
  expect_no_outputs '41 SIGTERM'

  new_output
  strict_start exec "$sample" "$strict_output"
  # The first of the four outputs has just got its name: the others are being written.
  while [ -z "$(files_in "$strict_output")" ]; do sleep 0.01; done
  docker kill "$strict_container" >/dev/null 2>&1 || true
  strict_finish
  expect_plain_pixels '41 SIGKILL while writing'
  echo "ok: 41 SIGKILL while writing: $(files_in "$strict_output" | grep -c .) outputs, each complete"
}

fault_42_output_exists() {
  new_output
  mkdir -p "$strict_output/images/nucleus-fluorescence-ome-tiff"
  echo old >"$strict_output/images/nucleus-fluorescence-ome-tiff/old.tiff"
  chmod -R a+rwX "$strict_output"
  strict_run exec "$sample" "$strict_output"
  expect 6 E602 '42 an output exists'
  if [ "$(files_in "$strict_output")" != "$strict_output/images/nucleus-fluorescence-ome-tiff/old.tiff" ]; then
    fail "42 changed the output folder: $(files_in "$strict_output")"
  fi
}

fault_43_models() {
  input=$sample
  cp weights/manifest.json "$strict_model/"
  reject 4 E401 '43 weights missing from the model archive'
  cp weights/*.safetensors "$strict_model/"
  head -c 100000 weights/dic.safetensors >"$strict_model/dic.safetensors"
  reject 4 E4 '43 truncated weights'
  rm "$strict_model/manifest.json"
  reject 4 E401 '43 a model archive without manifest.json'
  rm -f "$strict_model"/*
}

fault_49_memory() {
  input=$sample
  reject 5 E501 '49 100 MB of memory' --memory 100m --memory-swap 100m
  reject 5 E501 '49 RLIMIT_DATA of 150 MB' --ulimit data=150000000
  accept '49 RLIMIT_DATA of 7 GB' --ulimit data=7000000000
}

fault_51_bare_environment() {
  input=$sample
  accept '51 a user without passwd entry, no HOME, /tmp of 1 MB noexec, /dev/shm of 1 MB' \
    --user 54321:54321 --env HOME=/nowhere --env TMPDIR=/nowhere --tmpfs /tmp:size=1m,noexec --shm-size 1m
  expect_plain_pixels '51'
}

fault_52_one_cpu() {
  input=$sample
  accept '52 one CPU' --cpus 1
  expect_plain_pixels '52 one CPU'
  threads=$(sed -n 's/.*"threads": \([0-9]*\).*/\1/p' "$strict_output/summary.json")
  if [ "$threads" != 1 ]; then fail "52 one CPU, but $threads threads"; fi
  accept '52 8 processes' --pids-limit 8
}

input=$sample
accept 'the plain run'
mkdir "$strict_work/plain"
cp -r "$strict_output"/* "$strict_work/plain/"
fault_36_no_image_and_two
fault_37_names
fault_38_unreadable
fault_38_vanishes
fault_39_output_not_writable
fault_40_disk_full
fault_41_signals
fault_42_output_exists
fault_43_models
fault_49_memory
fault_51_bare_environment
fault_52_one_cpu
echo "tests/container/faults.sh: $strict_image passed"
