// Does to files what its words say, one step after the other; the tests of the preloaded library run it under it.
//
//   disk_steps [write FILE OFFSET LETTER COUNT | size FILE N | sync PATH | rename A B | link A B | unlink A | folder A
//   |
//               sync-or-not PATH | stream FILE TEXT]...
//
// "write" makes the file if need be, writes COUNT times LETTER and closes it. Exits 1 at the first step that fails,
// and names it; "sync-or-not" may fail.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

namespace {

int sync_path(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int result = fd < 0 ? -1 : ::fsync(fd);
  if (fd >= 0) ::close(fd);
  return result;
}

bool write_letters(const std::string& file, off_t offset, const std::string& bytes) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), offset);
  ::close(fd);
  return written == static_cast<ssize_t>(bytes.size());
}

bool stream(const std::string& file, const std::string& text) {
  std::FILE* const out = std::fopen(file.c_str(), "w");
  if (out == nullptr) return false;
  const bool done = std::fputs(text.c_str(), out) >= 0 && std::fflush(out) == 0 && ::fsync(::fileno(out)) == 0;
  return std::fclose(out) == 0 && done;
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments + 1, arguments + count);
  for (std::size_t i = 0; i < words.size();) {
    const std::string& step = words[i++];
    const auto next = [&]() -> const std::string& { return words.at(i++); };
    bool done = false;
    if (step == "write") {
      const std::string& file = next();
      const off_t offset = std::stol(next());
      const char letter = next().at(0);
      done = write_letters(file, offset, std::string(std::stoul(next()), letter));
    } else if (step == "size") {
      const std::string& file = next();
      done = ::truncate(file.c_str(), std::stol(next())) == 0;
    } else if (step == "sync") {
      done = sync_path(next()) == 0;
    } else if (step == "sync-or-not") {
      (void)sync_path(next());
      done = true;
    } else if (step == "rename") {
      const std::string& from = next();
      done = std::rename(from.c_str(), next().c_str()) == 0;
    } else if (step == "link") {
      const std::string& from = next();
      done = ::link(from.c_str(), next().c_str()) == 0;
    } else if (step == "unlink") {
      done = ::unlink(next().c_str()) == 0;
    } else if (step == "folder") {
      done = ::mkdir(next().c_str(), 0700) == 0;
    } else if (step == "stream") {
      const std::string& file = next();
      done = stream(file, next());
    }
    if (!done) {
      std::fprintf(stderr, "the step \"%s\" failed\n", step.c_str());
      return 1;
    }
  }
  return 0;
}
