#include "adapters/arrivals.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

namespace moot {

namespace {

using std::chrono::steady_clock;

bool is_on_its_way(const std::string& name) {
  constexpr std::array<std::string_view, 7> kEndings = {".tmp",      ".temp",       ".part", ".partial",
                                                        ".filepart", ".crdownload", "~"};
  if (name.starts_with(".") || name.starts_with("~$")) return true;
  for (const std::string_view litter : {"thumbs.db", "desktop.ini"})
    if (name.size() == litter.size() && std::equal(name.begin(), name.end(), litter.begin(), [](char n, char l) {
          return (n >= 'A' && n <= 'Z' ? static_cast<char>(n - 'A' + 'a') : n) == l;
        }))
      return true;
  for (const std::string_view ending : kEndings)
    if (name.ends_with(ending)) return true;
  return false;
}

// A lease to read is given only when nobody writes. Where none is to be had for other reasons, nobody is assumed to.
bool is_open_for_writing(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return false;
  const bool refused = ::fcntl(fd, F_SETLEASE, F_RDLCK) != 0 && errno == EAGAIN;
  ::close(fd);  // and with it the lease
  return refused;
}

// Calls `see` with the name and the lstat of what is not on its way and no folder.
template <typename See>
Status each_arrival(const std::filesystem::path& folder, const See& see) {
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    struct stat about = {};
    if (is_on_its_way(name) || ::lstat(entries->path().c_str(), &about) != 0 || S_ISDIR(about.st_mode)) continue;
    see(name, about);
  }
  if (error) return Status(Code::kDisk, folder.string() + ": the watched folder cannot be read: " + error.message());
  return {};
}

}  // namespace

// The time of change of what stands in the folder's table, not of what is in the file: a copy keeps the latter.
Result<WaitingFiles> waiting_files(const std::filesystem::path& folder) {
  WaitingFiles waiting;
  MOOT_RETURN_IF_ERROR(each_arrival(folder, [&](const std::string&, const struct stat& about) {
    const Instant since{about.st_ctim.tv_sec * kSecondUs + about.st_ctim.tv_nsec / 1000};
    if (waiting.count++ == 0 || since < waiting.oldest) waiting.oldest = since;
  }));
  return waiting;
}

Arrivals::Arrivals(std::filesystem::path folder, std::chrono::milliseconds settle)
    : folder_(std::move(folder)), settle_(settle), notices_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  std::signal(SIGIO, SIG_IGN);  // what a writer sends us who comes while we hold a lease
  if (notices_ >= 0)
    ::inotify_add_watch(notices_, folder_.c_str(), IN_MOVED_TO | IN_CREATE | IN_CLOSE_WRITE | IN_MODIFY | IN_ONLYDIR);
}

Arrivals::~Arrivals() {
  if (notices_ >= 0) ::close(notices_);
}

void Arrivals::read_notices() {
  alignas(struct inotify_event) std::array<char, 16 * 1024> buffer;
  while (notices_ >= 0) {
    const ssize_t got = ::read(notices_, buffer.data(), buffer.size());
    if (got <= 0) return;
    for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
      const auto* notice = reinterpret_cast<const struct inotify_event*>(buffer.data() + at);
      at += sizeof *notice + notice->len;
      if (notice->len == 0) continue;
      const std::string name = notice->name;
      if ((notice->mask & IN_MOVED_TO) != 0)
        renamed_in_.insert(name);
      else
        renamed_in_.erase(name);  // it was made, or written to, where it is
    }
  }
}

void Arrivals::wait(std::chrono::milliseconds at_most) {
  struct pollfd one = {notices_, POLLIN, 0};
  ::poll(&one, notices_ >= 0 ? 1 : 0, static_cast<int>(at_most.count()));
}

bool Arrivals::stands_still(const std::string& name, const Seen& now) {
  const auto before = seen_.find(name);
  if (before == seen_.end() || before->second.inode != now.inode || before->second.size != now.size ||
      before->second.changed_ns != now.changed_ns) {
    seen_[name] = now;
    return settle_.count() == 0;
  }
  return now.since - before->second.since >= settle_;
}

Result<std::vector<std::string>> Arrivals::ready() {
  read_notices();
  std::map<std::string, Seen> there;
  std::set<std::pair<std::int64_t, std::string>> whole;
  MOOT_RETURN_IF_ERROR(each_arrival(folder_, [&](const std::string& name, const struct stat& about) {
    const Seen now{about.st_ino, about.st_size, about.st_mtim.tv_sec * 1'000'000'000 + about.st_mtim.tv_nsec,
                   steady_clock::now()};
    const bool still = stands_still(name, now);
    there[name] = seen_[name];
    const bool regular = S_ISREG(about.st_mode);
    if ((still || renamed_in_.contains(name)) && !(regular && is_open_for_writing(folder_ / name)))
      whole.emplace(now.changed_ns, name);
  }));
  seen_ = std::move(there);  // what is gone is forgotten
  std::erase_if(renamed_in_, [&](const std::string& name) { return !seen_.contains(name); });
  std::vector<std::string> names;
  for (const auto& [changed_ns, name] : whole) names.push_back(name);
  return names;
}

}  // namespace moot
