# cmake -DBUILD=.. -DSOURCE=.. -DCOMPILER=.. -P check.cmake: install, move, use. Stops at the first thing that fails.
set(work ${BUILD}/install-check)
set(tree ${work}/moved)
file(REMOVE_RECURSE ${work})
file(MAKE_DIRECTORY ${work})

function(call)
  cmake_parse_arguments(ARG "" "FOLDER" "COMMAND" ${ARGN})
  execute_process(COMMAND ${ARG_COMMAND} WORKING_DIRECTORY ${ARG_FOLDER} RESULT_VARIABLE status
                  OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARG_COMMAND " " shown)
    message(FATAL_ERROR "${shown}\nended with ${status}:\n${output}")
  endif()
endfunction()

call(FOLDER ${work} COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${work}/first)
file(RENAME ${work}/first ${tree})

# Nothing in the package may point to where it was made.
file(GLOB_RECURSE package ${tree}/lib*/cmake/*.cmake)
if(NOT package)
  message(FATAL_ERROR "no CMake package was installed")
endif()
foreach(file IN LISTS package)
  file(READ ${file} text)
  foreach(folder ${SOURCE} ${BUILD} ${work})
    string(FIND "${text}" "${folder}" at)
    if(NOT at EQUAL -1)
      message(FATAL_ERROR "${file} names ${folder}")
    endif()
  endforeach()
endforeach()

# The demo, cut to one minute, by the installed program alone: an empty environment, another folder.
call(FOLDER ${work} COMMAND env -i PATH=/usr/bin:/bin HOME=${work} ${tree}/bin/throng-demo demo 00:01:00)
foreach(file site.h5 site.png summary.html results.h5 variant/results.h5 compare.html)
  if(NOT EXISTS ${work}/demo/${file})
    message(FATAL_ERROR "the installed demo made no ${file}")
  endif()
endforeach()

# Another project finds the package, builds and links against every room.
call(FOLDER ${work} COMMAND ${CMAKE_COMMAND} -S ${SOURCE}/tests/install/consumer -B ${work}/consumer -G Ninja
     -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_PREFIX_PATH=${tree} -DCMAKE_BUILD_TYPE=Release)
call(FOLDER ${work} COMMAND ${CMAKE_COMMAND} --build ${work}/consumer)
call(FOLDER ${work} COMMAND ${work}/consumer/consumer ${work}/demo/site.h5)
file(REMOVE_RECURSE ${work})
