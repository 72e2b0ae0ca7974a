#include "sim/record/record.hpp"

namespace throng {

const char* to_string(EventKind value) {
  constexpr const char* names[] = {"change", "threshold", "stuck", "overflow", "exit_closed", "note"};
  return names[static_cast<std::size_t>(value)];
}

}  // namespace throng
