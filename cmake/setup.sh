#!/bin/sh
# Prepares a machine for building: Debian packages, LibTorch (and nvcc for cu130), and with --tests the Python readers that
# tests compare with.
# Everything already there is left alone. Used by run.sh, test.sh and the image build.
# Usage: setup.sh [--tests] [--own-libtorch] [--flavour=cpu|cu126|cu130]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
tests=no
libtorch=fetch
flavour=cpu
for argument in "$@"; do
  case $argument in
    --tests) tests=yes ;;
    --own-libtorch) libtorch=own ;;
    --flavour=*) flavour=${argument#*=} ;;
    *) echo "setup.sh: unknown option $argument" >&2; exit 2 ;;
  esac
done

packages=$(sed 's/#.*//' "$here/packages.txt" | xargs)

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
  missing=
  for package in $packages; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
  done
  if [ -z "$missing" ]; then
    return
  fi
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    echo "These Debian packages are missing; install them as root, then run again:" >&2
    echo "  apt-get install --no-install-recommends$missing" >&2
    exit 1
  fi
  echo "Installing Debian packages:$missing"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

require_tools() {
  echo "This is not Debian 12: packages are not installed here. Their Debian names, to find their like: $packages"
  absent=
  for tool in cmake ninja c++ git python3 unzip; do
    command -v $tool >/dev/null || absent="$absent $tool"
  done
  if [ -n "$absent" ]; then
    echo "Missing programs:$absent" >&2
    exit 1
  fi
}

if [ "$(. /etc/os-release 2>/dev/null && echo "${ID:-}${VERSION_ID:-}")" = debian12 ]; then
  install_packages
else
  require_tools
fi

if [ $libtorch = fetch ]; then
  if [ "$(uname -m)" != x86_64 ]; then
    echo "LibTorch is pinned for x86_64, this is $(uname -m): pass your own with -DCMAKE_PREFIX_PATH=/path/to/libtorch" >&2
    exit 1
  fi
  "$here/fetch_libtorch.sh" "$top/third_party/libtorch" "$flavour"
  # CUDA 12.6 has no wheel with nvcc: the CUDA engine is for 13.0 only.
  if [ "$flavour" = cu130 ]; then "$here/fetch_cuda_toolkit.sh" "$top/third_party/cuda_toolkit"; fi
fi

if [ $tests = yes ]; then
  wanted=$top/tests/python/requirements.txt
  if ! cmp -s "$wanted" "$top/.venv/requirements.txt"; then
    echo "Installing the Python readers that the tests compare with into .venv"
    python3 -m venv --clear "$top/.venv"
    "$top/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted"
    cp "$wanted" "$top/.venv/requirements.txt"
  fi
fi
