#!/bin/sh
# A whole cycle in the workbench image - simulate, train, go on training, predict, evaluate - as Apptainer would run it on a cluster:
# read-only root, the caller's uid without a passwd entry, no capabilities, no network, HOME bind-mounted and all that is written
# beneath it.
# Usage: tests/container/workbench_test.sh [IMAGE]
set -eu
cd "$(dirname "$0")/../.."
. container/strict_run.sh
version=$(sed -n 's/^project(.* VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
strict_begin "${1:-lightmycells:$version-cpu-workbench}"
strict_new_output home

# in_workbench COMMAND: in a folder beneath HOME, as a job of a cluster starts.
in_workbench() {
  echo "== $1"
  docker run --rm --network none --read-only --cap-drop ALL --security-opt no-new-privileges --user 12345:12345 \
    --env HOME=/home/someone -v "$strict_output:/home/someone" -w /home/someone "$strict_image" sh -c "$1" ||
    fail "exit $?: $1"
}

cat >"$strict_output/config.json" <<'TEXT'
{
  "network": {"network": "generator", "filters": 4, "blocks": 1},
  "discriminator": {"network": "discriminator", "filters": 4},
  "modality": "PC",
  "optimiser": {"constant_epochs": 1, "decay_epochs": 1, "steps_per_epoch": 4},
  "data": {"sources": [{"path": "cells", "validation_fraction": 0.5}], "crop": 128, "batch": 2}
}
TEXT
in_workbench 'lmc simulate -o cells --fields 2 --fields-per-study 1 --size 256 --planes 3 --modality PC --all-labels'
in_workbench 'lmc train config.json -o run'
steps=$(grep -c '"step"' "$strict_output/run/log.jsonl")
in_workbench 'lmc train -o run --resume'
if [ "$(grep -c '"step"' "$strict_output/run/log.jsonl")" != "$steps" ]; then fail "going on with a finished run changed its log"; fi
in_workbench 'lmc predict cells/Study_1/*_PC_z1.ome.tiff -m run/best.safetensors -o predictions'
for organelle in mitochondria nucleus tubulin actin; do
  found=$(find "$strict_output/predictions" -name "*_$organelle.ome.tiff" -size +1k -user 12345 | grep -c . || true)
  if [ "$found" != 1 ]; then fail "$found predictions of $organelle instead of one"; fi
done
echo "tests/container/workbench_test.sh: $strict_image passed"
