# Files of the run, kept apart from the rules of the step.
set(THRONG_RUN_HEADERS run.hpp evacuate.hpp)
set(THRONG_RUN_SOURCES run.cpp evacuate.cpp detail/recorder.cpp)
