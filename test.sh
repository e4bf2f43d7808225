#!/bin/sh
# Sets up, builds, and runs all tests. Takes the same -D settings as run.sh.
set -eu
cd "$(dirname "$0")"

setup_options=--tests
for argument in "$@"; do
  case $argument in
    -h | --help)
      echo "Usage: ./test.sh [-DNAME=VALUE ...]"
      echo "The set-up of ./run.sh (see ./run.sh --help) with the Python readers in .venv, then all tests"
      echo "(what cmake --workflow --preset check does)."
      exit 0
      ;;
    -DCMAKE_PREFIX_PATH=*) setup_options="$setup_options --own-libtorch" ;;
    -D*) ;;
    *) echo "test.sh: unknown option $argument" >&2; exit 2 ;;
  esac
done

cmake/setup.sh $setup_options
# A workflow takes no settings of its own: they go into the cache first.
if [ $# -gt 0 ]; then
  cmake --preset check --log-level=WARNING "$@"
fi
cmake --workflow --preset check
