# Warnings, sanitizers and hardening for our own code.
option(LMC_WARNINGS_AS_ERRORS "Treat compiler warnings in our code as errors" ON)
set(LMC_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread; none when empty")

add_library(lmc_compiler INTERFACE)
target_compile_features(lmc_compiler INTERFACE cxx_std_20)
target_compile_options(lmc_compiler INTERFACE
  -Wall -Wextra -Wconversion -Wshadow $<$<BOOL:${LMC_WARNINGS_AS_ERRORS}>:-Werror>
  # GCC 12 sees overlapping copies in std::string's operator+ where there are none (its bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  -fstack-protector-strong)
target_compile_definitions(lmc_compiler INTERFACE _GLIBCXX_ASSERTIONS)
if(LMC_SANITIZE)
  target_compile_options(lmc_compiler INTERFACE -fsanitize=${LMC_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer
    # GCC 12 then takes std::regex for uninitialised (its manual warns of such false positives).
    -Wno-maybe-uninitialized)
  target_link_options(lmc_compiler INTERFACE -fsanitize=${LMC_SANITIZE})
endif()

# Hot loops are LibTorch's and the kernels' own; -O3 elsewhere only costs build time.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
# Plain RUNPATH is not inherited by the libraries that ours load (ITK's, LibTorch's).
add_link_options(-Wl,--disable-new-dtags)

option(LMC_CLANG_TIDY "Run clang-tidy (.clang-tidy) on every file as it is compiled" OFF)
if(LMC_CLANG_TIDY)
  find_program(CLANG_TIDY clang-tidy REQUIRED)
  set(CMAKE_CXX_CLANG_TIDY ${CLANG_TIDY} --quiet --extra-arg=-Wno-unknown-warning-option
    --extra-arg=-include${PROJECT_SOURCE_DIR}/cmake/itk_under_clang.hpp)
endif()
