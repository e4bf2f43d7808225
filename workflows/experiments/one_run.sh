#!/bin/sh
# Trains one network, predicts the planes in best focus of the test set with it, and evaluates. Leaves out what is complete.
# Usage, in the folder of the experiments: one_run.sh EXPERIMENT SEED [MODALITY]    Environment: LMC, LENGTH
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=$1_$2${3:+_$3}
run=runs/$name
[ ! -e "reports/$name/report.json" ] || exit 0
if [ ! -e "$run/complete" ]; then
  resume=--resume
  [ -e "$run/checkpoint.safetensors" ] || { rm -rf "$run"; resume=; }
  mkdir -p configurations runs reports
  python3 "$here/configure.py" "$1" "$2" "${3-}" "${LENGTH:-1}" > "configurations/$name.json"
  "$LMC" train "configurations/$name.json" -o "$run" $resume > "runs/$name.log" 2>&1
  touch "$run/complete"
fi
for modality in ${3:-BF PC DIC}; do
  "$LMC" predict data/test/Study_*/image_*_"$modality"_z2.ome.tiff -o "predictions/$name" -m "$run/last.safetensors" \
    --preset fast --device cpu --threads 1 --resume >> "runs/$name.log" 2>&1
done
"$LMC" evaluate -i "predictions/$name" -g data/test -o "reports/$name" --threads 1 >> "runs/$name.log" 2>&1
