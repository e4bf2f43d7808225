# The challenge container and the workbench. ./build.sh is the usual way to build them.
#
#   BASE         a Debian 12 image; container/base_image.sh makes one where no registry can be reached
#   FLAVOUR      cpu | cu126 (the platform's T4) | cu130
#   API_METHOD   exec | invoke: how the platform calls the container
#   TESTS        yes | no: whether the test stage runs the unit tests
#   REVISION     git revision that the program reports
#
# Plain Dockerfile syntax throughout, so that engines without BuildKit build it too.
ARG BASE=debian:bookworm-slim
ARG API_METHOD=exec

FROM ${BASE} AS builder
# This machine's package mirrors and certificates (container/registry_overlay.sh), if any; they stay in this stage. LICENSE is
# there because COPY needs one file that exists.
COPY LICENSE docker_overlay* /
WORKDIR /src
# What changes least first, so that it stays cached: packages, LibTorch, the sources.
COPY cmake/packages.txt cmake/setup.sh cmake/
RUN cmake/setup.sh --own-libtorch
ARG FLAVOUR=cpu
COPY cmake/libtorch*.txt cmake/cuda_toolkit.txt cmake/fetch_*.sh cmake/
RUN cmake/setup.sh --flavour=${FLAVOUR}
COPY . .
# Continuous integration carries the unit tests' compiler cache in (docker_ccache/, which git ignores): what was compiled from the
# same text by the same compiler is not compiled twice. Without it this stage compiles everything.
ENV CCACHE_DIR=/src/docker_ccache CCACHE_BASEDIR=/src CCACHE_SLOPPINESS=locale
RUN container/build_programs.sh
# Another revision of the same sources compiles one file.
ARG REVISION
RUN container/build_programs.sh -DLMC_GIT_REVISION=${REVISION} && container/collect_files.sh /install

FROM builder AS test
ARG TESTS=yes
ARG REVISION
# The flavour's LibTorch by name: test.sh would fetch the CPU one in its place.
RUN if [ "${TESTS}" = yes ]; then ./test.sh -DLMC_GIT_REVISION=${REVISION} -DCMAKE_PREFIX_PATH=/src/third_party/libtorch/torch; fi

# Taken from the test stage so that no image is made of a build whose tests fail.
FROM ${BASE} AS runtime
COPY --from=test /install/container/ /opt/lightmycells/
# What the platform mounts, for engines that cannot make mount points. 10001: any number but 0 will do.
RUN mkdir -p /input /output /opt/ml/model && chown 10001:10001 /output && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
ENV PATH=/opt/lightmycells/bin:/usr/bin:/bin \
    LC_ALL=C.UTF-8 \
    HOME=/tmp \
    TMPDIR=/tmp \
    XDG_CACHE_HOME=/tmp/.cache \
    CUDA_CACHE_PATH=/tmp/.nv/ComputeCache \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
WORKDIR /tmp
ARG VERSION
ARG REVISION
ARG FLAVOUR=cpu
LABEL org.opencontainers.image.title=lightmycells \
      org.opencontainers.image.licenses=Apache-2.0 \
      org.opencontainers.image.version=${VERSION} \
      org.opencontainers.image.revision=${REVISION} \
      lightmycells.flavour=${FLAVOUR}
USER 10001:10001

# No entry point, so that `docker run IMAGE lmc ...` and Apptainer read alike.
FROM runtime AS workbench
COPY --from=test /install/workbench/ /opt/lightmycells/
CMD ["lmc", "--help"]

FROM runtime AS exec
LABEL org.grand-challenge.api-method=exec
ENTRYPOINT ["light-my-cells"]

FROM runtime AS invoke
LABEL org.grand-challenge.api-method=invoke
ENTRYPOINT ["light-my-cells", "--serve"]

FROM ${API_METHOD}
