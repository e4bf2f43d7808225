#!/bin/sh
# Makes the models of weights/ anew: simulates cells, trains the four networks, two at a time with one thread each.
# Usage: make.sh FOLDER    FOLDER/data/real holds the real images (README.md); FOLDER/runs gets the runs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
lmc=$here/../../build/bin/lmc
cd "${1:?"usage: make.sh FOLDER"}"
cp "$here"/real/*.csv data/real/
"$lmc" simulate -o data/simulated --fields 48 --planes 3 --seed 11
# Phase contrast of that seed has no labelled mitochondria.
"$lmc" simulate -o data/simulated_pc --fields 12 --modality PC --planes 3 --seed 12
train() {
  for name in "$@"; do "$lmc" train "$here/$name.json" -o "runs/$name" --device cpu; done
}
# The second stage of a pix2pix network starts from the first one's best weights and sees more of the real fields.
train phase_contrast phase_contrast_fine_tuning dic &
first=$!
train bright_field bright_field_fine_tuning unified
wait $first
python3 "$here/install.py" runs "$(git -C "$here" rev-parse --short=12 HEAD)"
