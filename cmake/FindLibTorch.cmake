# LibTorch as imported targets, without its own CMake package (which demands a CUDA toolkit even for CPU).
#   LibTorch::cpu   libtorch_cpu, libc10
#   LibTorch::openmp  the OpenMP run time that libtorch_cpu uses, for code that shares its threads
#   LibTorch::cuda  adds libtorch_cuda and libc10_cuda, when they are there
# Searched in this order: CMAKE_PREFIX_PATH (a LibTorch archive or a wheel's torch folder), then
# third_party/libtorch, which cmake/fetch_libtorch.sh fills.
include(FindPackageHandleStandardArgs)

# The pins of what is there (those of a CUDA flavour differ), else of what run.sh fetches.
set(_pins ${PROJECT_SOURCE_DIR}/third_party/libtorch/libtorch.txt)
if(NOT EXISTS ${_pins})
  set(_pins ${CMAKE_CURRENT_LIST_DIR}/libtorch.txt)
endif()
file(STRINGS ${_pins} _pin REGEX "^torch==")
string(REGEX REPLACE "^torch==([0-9.]+).*" "\\1" LibTorch_PINNED_VERSION "${_pin}")

set(_hints ${PROJECT_SOURCE_DIR}/third_party/libtorch/torch)
find_path(LibTorch_INCLUDE_DIR ATen/ATen.h HINTS ${_hints} PATH_SUFFIXES include torch/include)
find_library(LibTorch_CPU_LIBRARY torch_cpu HINTS ${_hints} PATH_SUFFIXES lib torch/lib)
find_library(LibTorch_C10_LIBRARY c10 HINTS ${_hints} PATH_SUFFIXES lib torch/lib)
find_library(LibTorch_CUDA_LIBRARY torch_cuda HINTS ${_hints} PATH_SUFFIXES lib torch/lib)
find_library(LibTorch_C10_CUDA_LIBRARY c10_cuda HINTS ${_hints} PATH_SUFFIXES lib torch/lib)

# The version header moved in 2.9.
foreach(_header torch/headeronly/version.h torch/csrc/api/include/torch/version.h)
  if(LibTorch_INCLUDE_DIR AND EXISTS ${LibTorch_INCLUDE_DIR}/${_header} AND NOT LibTorch_VERSION)
    foreach(_part MAJOR MINOR PATCH)
      file(STRINGS ${LibTorch_INCLUDE_DIR}/${_header} _line REGEX "#define TORCH_VERSION_${_part} [0-9]+")
      string(REGEX MATCH "[0-9]+$" _${_part} "${_line}")
    endforeach()
    if(NOT "${_MAJOR}" STREQUAL "")
      set(LibTorch_VERSION ${_MAJOR}.${_MINOR}.${_PATCH})
    endif()
  endif()
endforeach()

find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY LibTorch_INCLUDE_DIR
  VERSION_VAR LibTorch_VERSION
  REASON_FAILURE_MESSAGE
    "Run ./run.sh (it fetches LibTorch ${LibTorch_PINNED_VERSION}) or pass -DCMAKE_PREFIX_PATH=/path/to/libtorch")

if(LibTorch_FOUND AND NOT TARGET LibTorch::cpu)
  # Wheels up to 2.6 used the old string ABI; they cannot be linked with ours.
  add_library(LibTorch::c10 SHARED IMPORTED)
  set_target_properties(LibTorch::c10 PROPERTIES
    IMPORTED_LOCATION ${LibTorch_C10_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES
      "${LibTorch_INCLUDE_DIR};${LibTorch_INCLUDE_DIR}/torch/csrc/api/include")
  add_library(LibTorch::cpu SHARED IMPORTED)
  set_target_properties(LibTorch::cpu PROPERTIES
    IMPORTED_LOCATION ${LibTorch_CPU_LIBRARY}
    INTERFACE_LINK_LIBRARIES LibTorch::c10)
  # libtorch_cpu finds libgomp, libcudart and libcupti through its own run path, which the linker does not read.
  get_filename_component(_lib ${LibTorch_CPU_LIBRARY} DIRECTORY)
  file(GLOB _cuda_libs ${_lib}/../../nvidia/*/lib)
  foreach(_dir ${_lib} ${_cuda_libs})
    set_property(TARGET LibTorch::cpu APPEND PROPERTY INTERFACE_LINK_OPTIONS "LINKER:-rpath-link,${_dir}")
  endforeach()
  # Wheels bring it, under names that differ by version; a second one beside it would be a second pool of threads.
  file(GLOB _gomp ${_lib}/libgomp*.so*)
  if(_gomp)
    list(GET _gomp 0 _gomp)
  else()
    set(_gomp gomp)
  endif()
  add_library(LibTorch::openmp INTERFACE IMPORTED)
  set_property(TARGET LibTorch::openmp PROPERTY INTERFACE_LINK_LIBRARIES ${_gomp})
  if(LibTorch_CUDA_LIBRARY AND LibTorch_C10_CUDA_LIBRARY)
    add_library(LibTorch::cuda INTERFACE IMPORTED)
    # Nothing refers to libtorch_cuda by symbol: it registers itself when loaded.
    set_property(TARGET LibTorch::cuda PROPERTY INTERFACE_LINK_LIBRARIES
      LibTorch::cpu -Wl,--no-as-needed ${LibTorch_CUDA_LIBRARY} ${LibTorch_C10_CUDA_LIBRARY} -Wl,--as-needed)
  endif()
endif()
mark_as_advanced(LibTorch_INCLUDE_DIR LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY LibTorch_CUDA_LIBRARY
  LibTorch_C10_CUDA_LIBRARY)
