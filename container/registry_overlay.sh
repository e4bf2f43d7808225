#!/bin/sh
# Copies this machine's configuration of Debian's and Python's package registries (mirrors, pip.conf, certificates of its own)
# into docker_overlay/, from where the Dockerfile's builder stage takes it; an image has nothing of it. On an ordinary machine
# little or nothing is copied. git ignores the folder.
set -eu
cd "$(dirname "$0")/.."
overlay=docker_overlay
rm -rf $overlay
mkdir -p $overlay

# put FILE: to the same place in the image.
put() {
  if [ -r "$1" ]; then
    mkdir -p "$overlay$(dirname "$1")"
    cp -L "$1" "$overlay$1"
  fi
}

if [ -d /etc/apt ] && [ "$(. /etc/os-release && echo "$ID${VERSION_ID:-}")" = debian12 ]; then
  # Of other vendors' lists the image has no keys.
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    if [ -f "$list" ] && ! grep -E '^(deb|URIs:)' "$list" | grep -vq -i debian; then put "$list"; fi
  done
  for setting in /etc/apt/apt.conf /etc/apt/apt.conf.d/*; do
    if [ -f "$setting" ] && grep -q 'Acquire::' "$setting"; then put "$setting"; fi
  done
fi
put /etc/pip.conf
for certificate in /usr/local/share/ca-certificates/*.crt; do put "$certificate"; done
