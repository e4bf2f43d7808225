#!/bin/sh
# Predicts every focal plane of the test set with the pix2pix networks of one seed and evaluates by distance from best focus.
# Usage, in the folder of the experiments: focus.sh SEED    Environment: LMC
set -eu
[ ! -e "reports/focus_$1/report.json" ] || exit 0
for modality in BF PC DIC; do
  "$LMC" predict data/test/Study_*/image_*_"$modality"_z*.ome.tiff -o "predictions/focus_$1" --preset fast \
    -m "runs/pix2pix_$1_$modality/last.safetensors" --device cpu --threads 1 --resume
done
"$LMC" evaluate -i "predictions/focus_$1" -g data/test -o "reports/focus_$1" --threads 1
