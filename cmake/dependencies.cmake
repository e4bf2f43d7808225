# Every library that the project uses, in one place. Debian 12's packages are listed in cmake/packages.txt.
list(PREPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})

find_package(LibTorch REQUIRED)

# ITK's package prints a note for each of its own dependencies.
set(_level ${CMAKE_MESSAGE_LOG_LEVEL})
set(CMAKE_MESSAGE_LOG_LEVEL WARNING)
find_package(ITK 5.2 REQUIRED COMPONENTS ITKCommon ITKIOImageBase ITKIOMeta ITKIONRRD ITKIONIFTI)
set(CMAKE_MESSAGE_LOG_LEVEL ${_level})
# ITK_USE_FILE would set global include folders and register every IO; a target keeps both to image/.
add_library(lmc_itk INTERFACE)
add_library(ITK::itk ALIAS lmc_itk)
target_include_directories(lmc_itk SYSTEM INTERFACE ${ITK_INCLUDE_DIRS})
target_link_libraries(lmc_itk INTERFACE ${ITK_LIBRARIES})

find_package(TIFF REQUIRED)
find_package(PNG REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(pugixml REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Threads REQUIRED)
# Debian's cpp-httplib is a header and a library without a CMake package; the definitions are those of its .pc file.
find_path(HTTPLIB_INCLUDE_DIR httplib.h REQUIRED)
find_library(HTTPLIB_LIBRARY cpp-httplib REQUIRED)
mark_as_advanced(HTTPLIB_INCLUDE_DIR HTTPLIB_LIBRARY)
add_library(httplib::httplib SHARED IMPORTED)
set_target_properties(httplib::httplib PROPERTIES
  IMPORTED_LOCATION ${HTTPLIB_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${HTTPLIB_INCLUDE_DIR}
  INTERFACE_COMPILE_DEFINITIONS "CPPHTTPLIB_OPENSSL_SUPPORT;CPPHTTPLIB_ZLIB_SUPPORT;CPPHTTPLIB_BROTLI_SUPPORT"
  INTERFACE_LINK_LIBRARIES Threads::Threads)
# Highway has no CMake package in Debian 12.
find_path(HWY_INCLUDE_DIR hwy/highway.h REQUIRED)
find_library(HWY_LIBRARY hwy REQUIRED)
mark_as_advanced(HWY_INCLUDE_DIR HWY_LIBRARY)
add_library(hwy::hwy SHARED IMPORTED)
set_target_properties(hwy::hwy PROPERTIES
  IMPORTED_LOCATION ${HWY_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${HWY_INCLUDE_DIR}
  INTERFACE_COMPILE_DEFINITIONS HWY_SHARED_DEFINE)
# LibTorch holds Gloo's code (several training processes) but its wheels lack the headers that c10d's headers name.
find_path(GLOO_INCLUDE_DIR gloo/algorithm.h REQUIRED)
mark_as_advanced(GLOO_INCLUDE_DIR)
add_library(lmc_gloo_headers INTERFACE)
target_include_directories(lmc_gloo_headers SYSTEM INTERFACE ${GLOO_INCLUDE_DIR})
# stb's font rasteriser is a header.
find_path(STB_INCLUDE_DIR stb/stb_truetype.h REQUIRED)
mark_as_advanced(STB_INCLUDE_DIR)
add_library(lmc_stb INTERFACE)
add_library(stb::truetype ALIAS lmc_stb)
target_include_directories(lmc_stb SYSTEM INTERFACE ${STB_INCLUDE_DIR})
if(LMC_TESTS)
  find_package(Catch2 2 REQUIRED)
endif()
