#!/bin/bash
# Makes the experiments of docs/experiments.md, leaving out what is complete; then writes their tables into that page.
# Usage: run.sh FOLDER [EXPERIMENT...]    all: see README.md
# Environment: LMC (build/bin/lmc), SEEDS ("1 2"), JOBS (2, one thread each), LENGTH (1; multiplies the training steps),
# MODELS (weights/, for presets and real)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
LMC=$(realpath "${LMC:-$here/../../build/bin/lmc}")
models=$(realpath "${MODELS:-$here/../../weights}")
export LMC LENGTH=${LENGTH:-1}
mkdir -p "${1:?"usage: run.sh FOLDER [EXPERIMENT...]"}"
cd "$1"
shift
[ $# -gt 0 ] || set -- dic_actin strategies pix2pix missing_labels masked_l1 sampling fine_tuning normalisation presets real focus
seeds=${SEEDS:-1 2}

data() { # NAME OPTION...
  [ -e "data/$1.complete" ] && return
  "$LMC" simulate -o "data/$1" "${@:2}" --overwrite
  touch "data/$1.complete"
}
data train --fields 60 --fields-per-study 2 --planes 3 --seed 101
data test --fields 30 --fields-per-study 1 --planes 5 --all-labels --seed 202

trained() { # "EXPERIMENT[ MODALITY]"...: trains, predicts and evaluates, JOBS at a time
  for seed in $seeds; do
    for run in "$@"; do
      read -r name modality <<< "$run"
      echo "$name $seed${modality:+ $modality}" # xargs joins a line that ends in a blank with the next
    done
  done | xargs -P "${JOBS:-2}" -L 1 "$here/one_run.sh"
}
per_modality() { trained "$1 BF" "$1 PC" "$1 DIC"; }

for experiment in "$@"; do
  echo "$experiment"
  case $experiment in
    dic_actin) trained "separate DIC" "pix2pix DIC" unified ;;
    strategies) per_modality separate; trained unified dynamic ;;
    pix2pix)
      per_modality separate; per_modality pix2pix
      for seed in $seeds; do python3 "$here/sharpness.py" reports/{separate,pix2pix}_"$seed"_*; done ;;
    missing_labels) trained unified zero ;;
    masked_l1) trained unified plain_l1 ;;
    sampling) trained unified unbalanced ;;
    normalisation) trained unified input_none input_zscore paper_scaling ;;
    fine_tuning) trained unified; per_modality separate; per_modality fine_tuned ;;
    focus) per_modality pix2pix; for seed in $seeds; do "$here/focus.sh" "$seed"; done ;;
    presets)
      data large --fields 6 --fields-per-study 1 --planes 1 --size 768 --all-labels --seed 303
      python3 "$here/presets.py" "$LMC" "$models" ;;
    real) "$here/real.sh" "$models" ;;
    *) echo "unknown experiment $experiment" >&2; exit 2 ;;
  esac
done
python3 "$here/tables.py" . "$here/../../docs/experiments.md"
