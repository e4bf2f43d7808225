# Run at every build: writes version.cpp when version or revision changed.
# -DLMC_GIT_REVISION=... wins where there is no checkout (an image build).
if(NOT LMC_GIT_REVISION)
  execute_process(COMMAND git describe --always --dirty --abbrev=12 --exclude=*
    WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE LMC_GIT_REVISION OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT LMC_GIT_REVISION)
  set(LMC_GIT_REVISION unknown)
endif()
configure_file(${SOURCE_DIR}/common/version.cpp.in ${OUTPUT} @ONLY)
