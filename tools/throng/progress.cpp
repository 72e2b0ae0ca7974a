#include "tools/throng/progress.hpp"

#include "sim/core/time.hpp"

#include <algorithm>
#include <cstdio>

#include <unistd.h>

namespace throng::cli {

using Clock = std::chrono::steady_clock;

Progress::Progress(std::string title)
    : title_(std::move(title)), start_(Clock::now()), last_(start_), terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (shown_) std::fprintf(stderr, "\r\033[K");
}

void Progress::show(double fraction, const std::string& detail) {
  const auto now = Clock::now();
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  if (!terminal_ || elapsed < 2.0 || now - last_ < std::chrono::milliseconds(200)) return;
  last_ = now;
  shown_ = true;
  fraction = std::clamp(fraction, 0.0, 1.0);
  const int filled = static_cast<int>(fraction * 30.0);
  const std::string bar =
      std::string(static_cast<std::size_t>(filled), '#') + std::string(static_cast<std::size_t>(30 - filled), '.');
  const std::string left = fraction > 0.01 ? format_duration(elapsed * (1.0 - fraction) / fraction) : "--:--:--";
  std::fprintf(stderr, "\r\033[K%s [%s] %3.0f %%  %s left  %s", title_.c_str(), bar.c_str(), 100.0 * fraction,
               left.c_str(), detail.c_str());
  std::fflush(stderr);
}

}  // namespace throng::cli
