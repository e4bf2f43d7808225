# Sourced by fetch_libtorch.sh and fetch_cuda_toolkit.sh: a folder made of pinned wheels, there completely or not at all.
# shellcheck shell=sh
#
# begin_fetch PINS DESTINATION STAMP: ends the script when DESTINATION/STAMP says that it was made by these pins, else leaves the
# wheels in $partial/wheels. What the script then makes of them in $partial becomes DESTINATION by end_fetch.

begin_fetch() {
  pins=$1 destination=$2 stamp=$3
  if cmp -s "$pins" "$destination/$stamp"; then
    exit 0
  fi
  partial=$destination.partial
  rm -rf "$partial"
  mkdir -p "$partial/wheels"
  trap 'rm -rf "$partial"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  echo "Fetching $(sed -n '/==/{s/ .*//p;q}' "$pins") and what belongs to it (SHA-256 checked) into $destination"
  # The platform and Python version are fixed so that any pip gets the very files that the hashes name.
  "${PYTHON:-python3}" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
    --implementation cp --python-version 3.12 --abi cp312 --abi none \
    --platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64 --platform manylinux_2_25_x86_64 \
    --platform manylinux_2_18_x86_64 --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 \
    --dest "$partial/wheels" --requirement "$pins"
}

end_fetch() {
  rm -rf "$partial/wheels"
  cp "$pins" "$partial/$stamp"
  rm -rf "$destination"
  mv "$partial" "$destination"
}
