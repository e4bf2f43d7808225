#!/bin/sh
# Predicts and evaluates the right quarters of the two real fields, which the demo networks were not trained on.
# Usage, in the folder of the experiments: real.sh MODELS    data/real: see ../demo_weights/README.md    Environment: LMC
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ ! -e reports/real/report.json ] || exit 0
cp "$here"/../demo_weights/real/*.csv data/real/
python3 "$here/right_quarters.py" real data/real/bright_field.csv data/real/phase_contrast.csv
for modality in BF PC; do
  "$LMC" predict real/inputs/*_"$modality".tiff -o predictions/real -m "$1" --modality "$modality" --preset balanced \
    --device cpu --threads 1 --resume
done
"$LMC" evaluate -i predictions/real -g real/truths -o reports/real --threads 1
