#pragma once

namespace throng::test {

/// Root of the source tree that the tests were built from.
const char* source_dir();

}  // namespace throng::test
