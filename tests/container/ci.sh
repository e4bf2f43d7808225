#!/bin/sh
# The image as continuous integration checks it: built, run strictly, exported, loaded again, run under faults.
# The unit tests have run before, on the same sources: the test stage leaves them out.
# Usage: container/engine.sh tests/container/ci.sh
set -eu
cd "$(dirname "$0")/../.."
./build.sh --no-tests --tag lightmycells:ci
./build.sh --no-tests --workbench --tag lightmycells:ci-workbench
./test_run.sh lightmycells:ci
tests/container/export_test.sh lightmycells:ci
tests/container/faults.sh lightmycells:ci
