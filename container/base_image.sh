#!/bin/sh
# Makes a Debian 12 base image from Debian's packages, for machines that reach no image registry. Needs root.
# Usage: base_image.sh NAME
set -eu
name=${1:?"usage: base_image.sh NAME"}
if docker image inspect "$name" >/dev/null 2>&1; then
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "base_image.sh: making $name needs root; as another user give build.sh a Debian 12 image with --base" >&2
  exit 1
fi
if ! command -v debootstrap >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
echo "Making the base image $name from Debian's packages"
debootstrap --variant=minbase bookworm "$folder" >"$folder.log" || { cat "$folder.log" >&2; exit 1; }
rm -f "$folder.log"
# What Debian's own slim image leaves out as well; the licences stay.
rm -rf "$folder"/var/cache/apt/* "$folder"/var/lib/apt/lists/* "$folder"/usr/share/locale/* "$folder"/usr/share/man/*
find "$folder/usr/share/doc" -type f ! -name copyright -delete
tar -C "$folder" -c . | docker import - "$name" >/dev/null
