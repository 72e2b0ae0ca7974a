# The house rules of the build: one interface target for flags, one function per kind of target.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE_PROGRAM})
endif()

# Same inputs, same bits: no contraction to FMA, no fast-math, a fixed instruction baseline (never -march=native).
add_library(throng_flags INTERFACE)
target_compile_features(throng_flags INTERFACE cxx_std_20)
target_compile_options(throng_flags INTERFACE -ffp-contract=off -fno-math-errno -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       -Wno-sign-conversion)
if(THRONG_WERROR)
  target_compile_options(throng_flags INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(throng_flags INTERFACE -fpch-preprocess -Wno-psabi -Wno-restrict)  # -Wrestrict: false positives, GCC bug 105329
endif()
if(THRONG_SANITIZE)
  target_compile_options(throng_flags INTERFACE -fsanitize=${THRONG_SANITIZE} -fno-sanitize-recover=all
                         -fno-omit-frame-pointer -g)
  target_link_options(throng_flags INTERFACE -fsanitize=${THRONG_SANITIZE})
endif()
if(THRONG_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "THRONG_FUZZ needs Clang (libFuzzer)")
  endif()
  target_compile_options(throng_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(throng_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
set_property(GLOBAL PROPERTY THRONG_ROOMS "")

if(THRONG_PCH)
  file(WRITE ${CMAKE_BINARY_DIR}/pch_main.cpp "// Owner of the shared precompiled header.\n")
  add_library(throng_pch OBJECT ${CMAKE_BINARY_DIR}/pch_main.cpp)
  target_link_libraries(throng_pch PRIVATE throng_flags)
  target_precompile_headers(throng_pch PRIVATE <algorithm> <array> <cmath> <cstdint> <functional> <map> <memory>
                            <optional> <span> <string> <string_view> <variant> <vector>)
endif()

# throng_room(name SOURCES .. HEADERS .. PUBLIC other rooms .. PRIVATE third-party targets .. NO_PCH sources ..)
# One target per folder, alias throng::name; public headers are the FILE_SET with the project root as base.
function(throng_room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;PUBLIC;PRIVATE;NO_PCH" ${ARGN})
  add_library(throng_${name} STATIC ${ARG_SOURCES} ${ARG_NO_PCH})
  add_library(throng::${name} ALIAS throng_${name})
  target_compile_features(throng_${name} PUBLIC cxx_std_20)  # the headers need it in other projects too
  set_target_properties(throng_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_sources(throng_${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR} FILES ${ARG_HEADERS})
  foreach(room IN LISTS ARG_PUBLIC)
    target_link_libraries(throng_${name} PUBLIC throng_${room})
  endforeach()
  target_link_libraries(throng_${name} PRIVATE ${ARG_PRIVATE} $<BUILD_INTERFACE:throng_flags>)
  if(THRONG_PCH)
    target_precompile_headers(throng_${name} REUSE_FROM throng_pch)
    set_source_files_properties(${ARG_NO_PCH} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  endif()
  set_property(GLOBAL APPEND PROPERTY THRONG_ROOMS throng_${name})
endfunction()

# throng_program(name SOURCES .. LINK ..)
function(throng_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} throng_flags)
  if(THRONG_PCH)
    target_precompile_headers(${name} REUSE_FROM throng_pch)
  endif()
endfunction()

# Relocatable install: programs, libraries with headers and CMake package, scenarios, assets, documents.
function(throng_install)
  get_property(rooms GLOBAL PROPERTY THRONG_ROOMS)
  install(TARGETS ${rooms} EXPORT throngTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
          FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/throng)
  set(package ${CMAKE_INSTALL_LIBDIR}/cmake/throng)
  install(EXPORT throngTargets NAMESPACE throng:: DESTINATION ${package})
  configure_package_config_file(${CMAKE_SOURCE_DIR}/tools/cmake/throngConfig.cmake.in
                                ${CMAKE_BINARY_DIR}/generated/throngConfig.cmake INSTALL_DESTINATION ${package})
  write_basic_package_version_file(${CMAKE_BINARY_DIR}/generated/throngConfigVersion.cmake
                                   COMPATIBILITY SameMinorVersion)
  install(FILES ${CMAKE_BINARY_DIR}/generated/throngConfig.cmake ${CMAKE_BINARY_DIR}/generated/throngConfigVersion.cmake
          DESTINATION ${package})
  if(TARGET throng)
    install(TARGETS throng RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    install(PROGRAMS ${CMAKE_SOURCE_DIR}/tools/throng-demo DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/scenarios ${CMAKE_SOURCE_DIR}/assets ${CMAKE_SOURCE_DIR}/docs
          DESTINATION ${CMAKE_INSTALL_DATADIR}/throng)
  install(FILES ${CMAKE_SOURCE_DIR}/LICENSE ${CMAKE_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/throng)
endfunction()
