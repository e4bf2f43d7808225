# What `cmake --install build` puts under a prefix. The libraries of other projects are expected in PREFIX/lib;
# container/collect_files.sh fills it.
#   container   the submitted program and its models
#   workbench   lmc and the sample cases beside it
set_target_properties(light-my-cells lmc PROPERTIES INSTALL_RPATH "$ORIGIN/../lib")
set(_share share/lightmycells)
install(TARGETS light-my-cells RUNTIME DESTINATION bin COMPONENT container)
install(DIRECTORY weights/ DESTINATION ${_share}/weights COMPONENT container
  FILES_MATCHING PATTERN "*.safetensors" PATTERN "*.json" PATTERN "*.md")
install(FILES LICENSE CITATION.cff DESTINATION ${_share} COMPONENT container)
install(TARGETS lmc RUNTIME DESTINATION bin COMPONENT workbench)
install(DIRECTORY test_inputs/ DESTINATION ${_share}/test_inputs COMPONENT workbench
  PATTERN "*.py" EXCLUDE)
