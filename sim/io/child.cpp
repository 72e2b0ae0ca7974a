#include "sim/io/detail/child.hpp"

#include "sim/core/error.hpp"
#include "sim/io/detail/files.hpp"
#include "sim/io/detail/h5.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <new>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace throng::io::detail {
namespace {

void send(int fd, const std::string& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) ::_exit(9);
    done += static_cast<std::size_t>(n);
  }
}

/// In the child: never returns. The first byte tells what follows: data, an input fault, or a failure outside.
[[noreturn]] void work_and_exit(int fd, const std::function<std::string()>& work) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL}) ::signal(signal, SIG_DFL);
  // The parent holds the lock of libhdf5 while it forks; its owner does not exist here.
  new (&h5::library_mutex()) std::recursive_mutex;
  std::string answer;
  try {
    answer = "K" + work();
  } catch (const InputError& error) {
    answer = std::string("I") + error.what();
  } catch (const std::exception& error) {
    answer = std::string("O") + error.what();
  }
  send(fd, answer);
  ::_exit(0);
}

/// Everything that the child sends, or nothing when the time is up.
bool receive(int fd, double time_limit_s, std::string& out) {
  using Clock = std::chrono::steady_clock;
  const auto end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(time_limit_s));
  std::string buffer(1u << 16, '\0');
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left <= 0) return false;
    pollfd one{fd, POLLIN, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(std::min<long long>(left, 1000)));
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    out.append(buffer, 0, static_cast<std::size_t>(n));
  }
}

}  // namespace

std::string run_in_child(const std::filesystem::path& path, double time_limit_s,
                         const std::function<std::string()>& work) {
  int ends[2];
  if (::pipe(ends) != 0) fail_io(path, "cannot be read in a child process", errno);
  pid_t child = -1;
  {
    const h5::Lock lock;
    child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      work_and_exit(ends[1], work);
    }
  }
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    fail_io(path, "cannot be read in a child process", errno);
  }
  std::string answer;
  const bool in_time = receive(ends[0], time_limit_s, answer);
  ::close(ends[0]);
  if (!in_time) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!in_time)
    throw InputError(
        Fault{path.string(), "takes too long to read: damaged?", {}, std::to_string(time_limit_s) + " s", 0, 0});
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || answer.empty())
    throw InputError(Fault{path.string(), "is damaged: the HDF5 library stopped on it", {}, "an undamaged file", 0, 0});
  const char kind = answer.front();
  answer.erase(0, 1);
  if (kind == 'I') throw InputError(Fault{{}, answer, {}, {}, 0, 0});
  if (kind == 'O') throw IoError(answer);
  return answer;
}

}  // namespace throng::io::detail
