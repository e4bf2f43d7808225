#!/bin/sh
# The exported archive, loaded again under another name and without the original, passes test_run.sh; so does it with the exported
# model archive.
# Usage: tests/container/export_test.sh IMAGE   (IMAGE-workbench compares)
set -eu
cd "$(dirname "$0")/../.."
image=${1:?"usage: export_test.sh IMAGE"}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

./export.sh "$image" --output "$folder"
identity=$(docker image inspect --format '{{.Id}}' "$image")
docker rmi "$image" >/dev/null
docker load --input "$(ls "$folder"/lightmycells_*.tar.gz)"
docker tag "$image" "$image-loaded"
if [ "$(docker image inspect --format '{{.Id}}' "$image-loaded")" != "$identity" ]; then
  echo "FAILED: the loaded image is not the exported one" >&2
  exit 1
fi
./test_run.sh "$image-loaded" --checker "$image-workbench" --model "$folder/model.tar.gz"
docker rmi "$image-loaded" >/dev/null
