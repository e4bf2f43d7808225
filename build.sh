#!/bin/sh
# Builds the container image. See --help.
set -eu
cd "$(dirname "$0")"

usage() {
  cat <<'TEXT'
Usage: ./build.sh [--flavour cpu|cu126|cu130] [--api exec|invoke] [--workbench] [--tag NAME] [--no-tests] [--base IMAGE]

  --flavour   LibTorch in the image: cpu (default), cu126 (CUDA 12.6, the platform's T4), cu130 (CUDA 13.0)
  --api       how the platform calls it: exec (default; once per case) or invoke (HTTP, models loaded once)
  --workbench builds the image of lmc instead: lightmycells:VERSION-FLAVOUR-workbench
  --tag       name of the image; by default lightmycells:VERSION-FLAVOUR, with -invoke for that API
  --no-tests  leaves the unit tests of the test stage out
  --base      a Debian 12 image (default debian:bookworm-slim; where no registry answers, one is made from Debian's packages)
  -h, --help  this text
TEXT
}

flavour=cpu api=exec target='' tag='' tests=yes base=''
while [ $# -gt 0 ]; do
  case $1 in
    --flavour | --api | --tag | --base)
      if [ $# -lt 2 ]; then echo "build.sh: $1 needs a value" >&2; exit 2; fi
      case $1 in
        --flavour) flavour=$2 ;;
        --api) api=$2 ;;
        --tag) tag=$2 ;;
        --base) base=$2 ;;
      esac
      shift ;;
    --workbench) target=workbench ;;
    --no-tests) tests=no ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; echo "build.sh: unknown option $1" >&2; exit 2 ;;
  esac
  shift
done
case $flavour in cpu | cu126 | cu130) ;; *) echo "build.sh: --flavour is cpu, cu126 or cu130, not $flavour" >&2; exit 2 ;; esac
case $api in exec | invoke) ;; *) echo "build.sh: --api is exec or invoke, not $api" >&2; exit 2 ;; esac

version=$(sed -n 's/^project(.* VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
if [ -z "$tag" ]; then
  tag=lightmycells:$version-$flavour
  if [ -n "$target" ]; then tag=$tag-workbench; elif [ "$api" = invoke ]; then tag=$tag-invoke; fi
fi

if [ -z "$base" ]; then
  base=debian:bookworm-slim
  if ! docker image inspect $base >/dev/null 2>&1 && ! timeout 60 docker pull -q $base >/dev/null 2>&1; then
    echo "No image registry answers."
    base=lightmycells-base:bookworm
    container/base_image.sh $base
  fi
fi
container/registry_overlay.sh

# Without the buildx plug-in only the classic builder is there.
if ! docker buildx version >/dev/null 2>&1; then
  export DOCKER_BUILDKIT=0
fi
# The host's network: an engine without a bridge has no other, and a build needs the package registries.
set -- --network host --tag "$tag" --build-arg BASE="$base" --build-arg FLAVOUR="$flavour" --build-arg API_METHOD="$api" \
  --build-arg TESTS=$tests --build-arg VERSION="$version" \
  --build-arg REVISION="$(git describe --always --dirty --abbrev=12 --exclude='*' 2>/dev/null || echo unknown)"
for variable in http_proxy https_proxy no_proxy; do
  eval "value=\${$variable:-}"
  if [ -n "$value" ]; then set -- "$@" --build-arg "$variable=$value"; fi
done
if [ -n "$target" ]; then set -- "$@" --target "$target"; fi
docker build "$@" .
echo "Built $tag ($(docker image inspect --format '{{.Size}}' "$tag" | awk '{printf "%.0f", $1 / 1e6}') MB)"
