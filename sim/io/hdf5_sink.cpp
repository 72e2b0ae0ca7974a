#include "sim/core/error.hpp"
#include "sim/core/queues.hpp"
#include "sim/io/detail/files.hpp"
#include "sim/io/detail/results_writer.hpp"
#include "sim/io/io.hpp"

#include <cerrno>
#include <chrono>
#include <mutex>
#include <thread>
#include <variant>

#include <unistd.h>

namespace throng::io {
namespace {

using Item = std::variant<Frame, GridFrame, std::vector<ZoneSample>, std::vector<LineSample>, std::vector<ExitSample>,
                          LedgerSample, Event>;

}  // namespace

struct Hdf5Sink::Impl {
  std::filesystem::path path, temporary;
  Hdf5Options options;
  std::unique_ptr<detail::ResultsWriter> writer;  // used by the thread alone until it has ended
  BoundedQueue<Item> queue;
  std::thread thread;
  std::mutex mutex;
  std::string failure;  // guarded by mutex
  bool ended = false;

  Impl(std::filesystem::path target, const Hdf5Options& chosen)
      : path(std::move(target)),
        temporary(detail::temporary_of(path)),
        options(chosen),
        queue(std::max<std::size_t>(1, chosen.queue_frames)) {}

  void set_failure(const std::string& what) {
    const std::lock_guard lock(mutex);
    if (failure.empty())
      failure = what + "; the frames written so far are kept in " + temporary.string() +
                "; make room, then: throng recover " + temporary.string() + " " + path.string();
  }
  std::string get_failure() {
    const std::lock_guard lock(mutex);
    return failure;
  }

  /// The thread: takes until the queue is closed. Errors are kept for the next call from the run.
  void write_all() {
    using Clock = std::chrono::steady_clock;
    const std::chrono::duration<double> between(options.checkpoint_s);
    auto last = Clock::now();
    try {
      while (const std::optional<Item> item = queue.take()) {
        errno = 0;
        std::visit([&](const auto& value) { writer->add(value); }, *item);
        if (Clock::now() - last < between) continue;
        writer->checkpoint();
        last = Clock::now();
      }
    } catch (const IoError&) {
      set_failure(detail::write_failure(path));
      give_up();
    } catch (const std::exception& error) {
      set_failure(error.what());
      give_up();
    }
  }
  void give_up() {
    writer->abandon();
    queue.close();
  }
  void put(Item item) {
    THRONG_CHECK(writer != nullptr && !ended, "begin() comes first, end() last");
    if (!queue.put(std::move(item))) throw IoError(get_failure());
  }
  void join() {
    queue.close();
    if (thread.joinable()) thread.join();
  }
};

Hdf5Sink::Hdf5Sink(std::filesystem::path path, const Hdf5Options& options)
    : impl_(std::make_unique<Impl>(std::move(path), options)) {}

Hdf5Sink::~Hdf5Sink() {
  Impl& impl = *impl_;
  impl.join();
  if (impl.writer == nullptr || impl.ended) return;
  const bool keep = impl.writer->n_frames() > 0;
  if (keep && impl.get_failure().empty()) {
    try {
      impl.writer->checkpoint();
    } catch (const std::exception&) {  // what is on disk is what can be kept
    }
  }
  impl.writer->abandon();
  if (!keep) ::unlink(impl.temporary.c_str());
}

void Hdf5Sink::begin(const RunHeader& header) {
  THRONG_CHECK(impl_->writer == nullptr, "begin() is called once");
  errno = 0;
  try {
    impl_->writer = std::make_unique<detail::ResultsWriter>(impl_->temporary, header, impl_->options);
  } catch (const IoError&) {
    const std::string message = errno != 0
                                    ? impl_->path.string() + ": cannot be written: " + detail::system_message(errno)
                                    : detail::write_failure(impl_->path);
    ::unlink(impl_->temporary.c_str());
    throw IoError(message);
  }
  impl_->thread = std::thread([impl = impl_.get()] { impl->write_all(); });
}

void Hdf5Sink::frame(const Frame& value) { impl_->put(value); }
void Hdf5Sink::grid(const GridFrame& value) { impl_->put(value); }
void Hdf5Sink::zones(const std::vector<ZoneSample>& value) { impl_->put(value); }
void Hdf5Sink::lines(const std::vector<LineSample>& value) { impl_->put(value); }
void Hdf5Sink::exits(const std::vector<ExitSample>& value) { impl_->put(value); }
void Hdf5Sink::ledger(const LedgerSample& value) { impl_->put(value); }
void Hdf5Sink::event(const Event& value) { impl_->put(value); }

void Hdf5Sink::end(const RunResults& results) {
  Impl& impl = *impl_;
  THRONG_CHECK(impl.writer != nullptr && !impl.ended, "begin() comes first, end() once");
  impl.join();
  if (const std::string failure = impl.get_failure(); !failure.empty()) throw IoError(failure);
  try {
    errno = 0;
    impl.writer->finish(results);
    seal(impl.temporary);
    detail::rename_durably(impl.temporary, impl.path);
  } catch (const IoError& error) {
    impl.set_failure(std::string(error.what()).find(impl.temporary.string()) == 0 ? detail::write_failure(impl.path)
                                                                                  : error.what());
    impl.writer->abandon();
    throw IoError(impl.get_failure());
  }
  impl.ended = true;
}

double estimated_trajectory_bytes(double rows) {
  // 53 bytes a row before packing; 15 were measured on people who walk straight (docs/formats/results.md). Noisy
  // velocities pack worse, so the warning assumes 0.6.
  return rows * 53.0 * 0.6;
}

}  // namespace throng::io
