#!/bin/sh
# Runs a command with a Docker engine: the one that runs, or one of its own that ends with the command and leaves nothing behind.
# A new engine needs root; Debian's docker.io is installed if there is none.
# Usage: container/engine.sh COMMAND [ARGUMENT...]
# Exit: the command's code, or 75 when no engine can run here.
set -eu
no_engine=75

skip() {
  echo "container/engine.sh: no Docker engine can run here: $*" >&2
  exit $no_engine
}

if command -v docker >/dev/null && docker info >/dev/null 2>&1; then
  exec "$@"
fi
if [ "$(id -u)" -ne 0 ]; then skip "none runs, and starting one needs root"; fi
if ! command -v dockerd >/dev/null; then
  command -v apt-get >/dev/null || skip "dockerd is not installed, and apt-get is not there to install it"
  echo "Installing Debian's docker.io"
  # RUNLEVEL=1 keeps the package from starting its service: the engine is ours to end.
  apt-get update -qq &&
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io pigz >/dev/null ||
    skip "docker.io cannot be installed"
fi

folder=$(mktemp -d /tmp/lightmycells_engine.XXXXXX)
# Without a bridge and firewall rules: builds use the host's network, runs none.
dockerd --iptables=false --ip6tables=false --bridge=none --data-root "$folder/data" --exec-root "$folder/exec" \
  -H "unix://$folder/docker.sock" --pidfile "$folder/pid" >"$folder/log" 2>&1 &
engine=$!

end_engine() {
  kill "$engine" 2>/dev/null || true
  wait "$engine" 2>/dev/null || true
  # dockerd leaves the namespace of its containers without network mounted.
  grep " $folder/" /proc/mounts | cut -d ' ' -f 2 | sort -r | while read -r mounted; do umount "$mounted" || true; done
  rm -rf "$folder"
}
trap end_engine EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

export DOCKER_HOST="unix://$folder/docker.sock"
waited=0
until docker info >/dev/null 2>&1; do
  if ! kill -0 "$engine" 2>/dev/null || [ $waited -ge 60 ]; then
    tail -n 5 "$folder/log" >&2
    skip "dockerd does not start"
  fi
  sleep 1
  waited=$((waited + 1))
done
code=0
"$@" || code=$?
exit $code
