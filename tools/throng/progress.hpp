#pragma once
#include <chrono>
#include <string>

namespace throng::cli {

/// One line on stderr with share done and time left, from 2 s on; silent when stderr is not a terminal.
class Progress {
 public:
  explicit Progress(std::string title);
  ~Progress();
  void show(double fraction, const std::string& detail = {});

 private:
  std::string title_;
  std::chrono::steady_clock::time_point start_, last_;
  bool terminal_, shown_ = false;
};

}  // namespace throng::cli
