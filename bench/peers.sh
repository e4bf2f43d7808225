# Sourced at the top folder: sets $python to an interpreter that has bench/requirements.txt, which it installs into
# build/bench/venv (some gigabytes, once) unless LMC_BENCH_PYTHON names one.
mkdir -p build/bench
python=${LMC_BENCH_PYTHON:-build/bench/venv/bin/python}
if [ -z "${LMC_BENCH_PYTHON:-}" ] && ! cmp -s bench/requirements.txt build/bench/venv/requirements.txt; then
  echo "Installing the peers into build/bench/venv" >&2
  python3 -m venv --clear build/bench/venv
  "$python" -m pip install --quiet --disable-pip-version-check --requirement bench/requirements.txt
  cp bench/requirements.txt build/bench/venv/requirements.txt
fi
