#!/bin/sh
# The image as continuous integration checks it: built, run strictly and by the platform's own steps, exported, loaded again, run
# under faults; the workbench as a cluster runs it.
# The unit tests have run before, on the same sources: the test stage leaves them out.
# Usage: container/engine.sh tests/container/ci.sh
set -eu
cd "$(dirname "$0")/../.."
./build.sh --no-tests --tag lightmycells:ci
./build.sh --no-tests --workbench --tag lightmycells:ci-workbench
./build.sh --no-tests --api invoke --tag lightmycells:ci-invoke
./test_run.sh lightmycells:ci
tests/container/platform_run.sh lightmycells:ci
tests/container/platform_run.sh lightmycells:ci-invoke lightmycells:ci-workbench
tests/container/export_test.sh lightmycells:ci
tests/container/faults.sh lightmycells:ci
tests/container/workbench_test.sh lightmycells:ci-workbench
