// SPDX-License-Identifier: Apache-2.0
// Debian's ITK was configured with GCC and refuses to be compiled by any other compiler, clang-tidy
// included. Read in front of every file that clang-tidy looks at, this lets it pass for GCC there.
#pragma once
#if __has_include(<itk_compiler_detection.h>)
#pragma push_macro("__clang__")
#pragma push_macro("__GNUC__")
#undef __clang__
#undef __GNUC__
#define __GNUC__ 12
#include <itk_compiler_detection.h>
#pragma pop_macro("__GNUC__")
#pragma pop_macro("__clang__")
#endif
