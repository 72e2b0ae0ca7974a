#include "tests/support/source_dir.hpp"

namespace throng::test {

const char* source_dir() { return THRONG_SOURCE_DIR; }

}  // namespace throng::test
