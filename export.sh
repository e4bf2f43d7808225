#!/bin/sh
# Writes what the platform takes: the image as lightmycells_VERSION_FLAVOUR.tar.gz and the models as model.tar.gz.
set -eu
cd "$(dirname "$0")"

usage() {
  cat <<'TEXT'
Usage: ./export.sh [IMAGE] [--weights FOLDER] [--output FOLDER]

  IMAGE       default lightmycells:VERSION-cpu
  --weights   folder of models for model.tar.gz (default weights/); on the platform they win over those in the image
  --output    where both archives go (default: here)
  -h, --help  this text
TEXT
}

version=$(sed -n 's/^project(.* VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
image=lightmycells:$version-cpu weights=weights output=.
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) usage; exit 0 ;;
    --weights | --output)
      if [ $# -lt 2 ]; then echo "export.sh: $1 needs a value" >&2; exit 2; fi
      if [ "$1" = --weights ]; then weights=$2; else output=$2; fi
      shift ;;
    -*) usage >&2; echo "export.sh: unknown option $1" >&2; exit 2 ;;
    *) image=$1 ;;
  esac
  shift
done
if [ ! -f "$weights/manifest.json" ]; then
  echo "export.sh: $weights holds no manifest.json" >&2
  exit 2
fi
label() { docker image inspect --format "{{index .Config.Labels \"$1\"}}" "$image"; }
flavour=$(label lightmycells.flavour)
archive=$output/lightmycells_$(label org.opencontainers.image.version)_$flavour.tar.gz
if [ "$(label org.grand-challenge.api-method)" = invoke ]; then archive=${archive%.tar.gz}_invoke.tar.gz; fi
if command -v pigz >/dev/null; then compress=pigz; else compress=gzip; fi

mkdir -p "$output"
# Complete or absent, also when the disk is full: sh has no pipefail, so the save is a step of its own.
trap 'rm -f "$archive.partial" "$archive.tar"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
docker save --output "$archive.tar" "$image"
$compress -6 <"$archive.tar" >"$archive.partial"
mv "$archive.partial" "$archive"
# The platform unpacks it to /opt/ml/model. Owner and times are fixed: the same models give the same archive.
(cd "$weights" && ls manifest.json *.safetensors) |
  tar -C "$weights" --owner=0 --group=0 --numeric-owner --mtime=@0 -c -T - | $compress -6 -n >"$output/model.tar.gz"
ls -l "$archive" "$output/model.tar.gz"
