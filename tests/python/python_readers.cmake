# Outputs of ours and the sample cases, read by tifffile and ome-types (tests/python/requirements.txt).
# A missing Python fails the test: a check that is skipped unseen is none. -DLMC_PYTHON_TESTS=OFF leaves it out.
add_executable(write_samples ${CMAKE_CURRENT_LIST_DIR}/write_samples.cpp)
target_link_libraries(write_samples PRIVATE lmc_image lmc_compiler)

if(LMC_PYTHON_TESTS)
  set(samples ${CMAKE_CURRENT_BINARY_DIR}/python_samples)
  add_test(NAME image:python_samples COMMAND write_samples ${samples})
  set_tests_properties(image:python_samples PROPERTIES FIXTURES_SETUP python_samples)
  file(GLOB cases CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/test_inputs/*/images/*/*.tiff)
  add_test(NAME image:python_readers
    COMMAND ${LMC_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/check_ome_tiff.py
      --expect ${CMAKE_CURRENT_LIST_DIR}/expected_samples.json --folder ${samples}
      --platform ${cases})
  set_tests_properties(image:python_readers PROPERTIES FIXTURES_REQUIRED python_samples TIMEOUT 300)
endif()
