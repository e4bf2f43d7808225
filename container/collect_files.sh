#!/bin/sh
# Installs both programs with every library that they load and the libraries' licences, and nothing else:
#   DESTINATION/container   bin/light-my-cells, models, lib/, the CUDA engine if it was built
#   DESTINATION/workbench   bin/lmc, sample cases, libraries that the container has not, the part for NCCL if it was built
# Glibc is left out: it must be the image's own. Debian 12 only (dpkg knows the licences).
# Usage: collect_files.sh DESTINATION   (after a build in build/)
set -eu
cd "$(dirname "$0")/.."
destination=${1:?"usage: collect_files.sh DESTINATION"}
torch=third_party/libtorch
listing=$(mktemp)
trap 'rm -f "$listing"' EXIT

# Opened at run time only, so that ldd does not show them: the CUDA back end, cuDNN's parts, and NVRTC with its
# built-in headers. They exist in the CUDA flavours alone. docs/container.md says why libcudnn_adv is not among them.
opened_later() {
  find $torch/ \( -name 'libtorch_cuda.so' -o -name 'libc10_cuda.so' -o -name 'libcudnn*.so.*' -o -name 'libnvrtc.so.*' \
    -o -name 'libnvrtc-builtins.so.*' \) ! -name 'libcudnn_adv.so.*' -print
}

# One library missing, and the CUDA back end cannot be opened: an error here, not on the platform.
libraries_of() {
  {
    ldd "$1"
    opened_later | while read -r library; do echo "x => $library (x)"; ldd "$library"; done
    # Plug-ins of our own, which CMake installs; what they link counts.
    for plugin in build/lib/liblmc_*.so; do
      if [ -e "$plugin" ]; then ldd "$plugin"; fi
    done
  } >"$listing"
  if grep 'not found' "$listing" >&2; then
    echo "collect_files.sh: $1 needs the libraries above" >&2
    return 1
  fi
  sed -n 's/.* => \(\/[^ ]*\|third_party[^ ]*\) (.*/\1/p' "$listing" | sort -u
}

# Debian's package of a file; dpkg knows some of them by the path before /usr was merged.
package_of() {
  dpkg-query -S "$1" 2>/dev/null || dpkg-query -S "$(realpath "$1")" 2>/dev/null || dpkg-query -S "/usr$1" 2>/dev/null || true
}

# collect PROGRAM COMPONENT [COMPONENT WHOSE LIBRARIES ARE THERE ALREADY]
collect() {
  prefix=$destination/$2
  DESTDIR='' cmake --install build --component "$2" --prefix "$prefix" --strip >/dev/null
  licences=$prefix/share/lightmycells/licences
  mkdir -p "$prefix/lib" "$licences"
  libraries=$(libraries_of "build/bin/$1")
  for library in $libraries; do
    name=$(basename "$library")
    package=$(package_of "$library" | sed 's/:.*//;q')
    if [ "$package" = libc6 ]; then continue; fi
    if [ $# -gt 2 ] && [ -e "$destination/$3/lib/$name" ]; then continue; fi
    cp -L "$library" "$prefix/lib/$name"
    strip --strip-unneeded "$prefix/lib/$name"
    if [ -r "/usr/share/doc/$package/copyright" ]; then
      cp -L "/usr/share/doc/$package/copyright" "$licences/$package"
    fi
  done
}

rm -rf "$destination"
collect light-my-cells container
collect lmc workbench container
# The wheels keep their licences in different places.
find $torch/ \( -ipath '*.dist-info*' -o -path '*/cusparselt/*' \) \( -iname 'LICENSE*' -o -iname 'NOTICE*' \) -type f | while read -r file; do
  cp "$file" "$destination/container/share/lightmycells/licences/$(echo "${file#"$torch"/}" | tr / _)"
done
