#include "consumers/document/pdf.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>
#include <vector>

extern char** environ;

namespace moot {

namespace {

constexpr std::chrono::seconds kLongest{60};

// A file that is nowhere but in memory, closed with its owner.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(::memfd_create("page", MFD_CLOEXEC)) { MOOT_CHECK(descriptor_ >= 0); }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;

  int descriptor() const { return descriptor_; }

  bool fill(std::string_view bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t written = ::write(descriptor_, bytes.data() + done, bytes.size() - done);
      if (written <= 0) return false;
      done += static_cast<std::size_t>(written);
    }
    return ::lseek(descriptor_, 0, SEEK_SET) == 0;
  }

  std::string content() const {
    std::string bytes(static_cast<std::size_t>(std::max<off_t>(0, ::lseek(descriptor_, 0, SEEK_END))), '\0');
    const ssize_t read = ::pread(descriptor_, bytes.data(), bytes.size(), 0);
    bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(0, read)));
    return bytes;
  }

 private:
  const int descriptor_;
};

// The exit code; nothing when it had to be stopped.
Result<int> wait_for(pid_t program) {
  const auto deadline = std::chrono::steady_clock::now() + kLongest;
  for (int state = 0;;) {
    const pid_t ended = ::waitpid(program, &state, WNOHANG);
    if (ended == program) return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
    if (std::chrono::steady_clock::now() >= deadline) {
      ::kill(program, SIGKILL);
      ::waitpid(program, &state, 0);
      return Status(Code::kUnavailable, "WeasyPrint did not make the PDF within a minute, and was stopped");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace

Result<std::string> to_pdf(std::string_view page) {
  MemoryFile in, out, errors;
  if (!in.fill(page)) return Status(Code::kUnavailable, "there is no memory left for the PDF");
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, in.descriptor(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, out.descriptor(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, errors.descriptor(), STDERR_FILENO);
  const char* const words[] = {"weasyprint", "--quiet",     "--encoding", "utf-8", "--pdf-variant", "pdf/ua-1",
                               "--base-url", "about:blank", "-",          "-",     nullptr};
  // Fonts and tables would tell when they were made, and stand in another order each time.
  std::vector<std::string> settings = {"SOURCE_DATE_EPOCH=315532800", "PYTHONHASHSEED=0"};
  std::vector<char*> environment;
  for (std::string& setting : settings) environment.push_back(setting.data());
  for (char** other = environ; *other != nullptr; ++other) environment.push_back(*other);
  environment.push_back(nullptr);
  pid_t program = 0;
  const int failed =
      ::posix_spawnp(&program, words[0], &files, nullptr, const_cast<char* const*>(words), environment.data());
  ::posix_spawn_file_actions_destroy(&files);
  if (failed != 0)
    return Status(
        Code::kMissing,
        "PDF needs WeasyPrint, which is not installed here (Debian: apt install weasyprint); HTML and ODT work "
        "without it");
  const Result<int> code = wait_for(program);
  if (!code.ok()) return code.status();
  std::string pdf = out.content();
  if (*code == 0 && pdf.starts_with("%PDF-")) return pdf;
  // Its own words may repeat what is on the page.
  return Status(Code::kUnavailable, "WeasyPrint could not make the PDF (it ended with " + std::to_string(*code) +
                                        "); HTML and ODT work without it");
}

}  // namespace moot
