#include "deploy/bench/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <iterator>
#include <sstream>
#include <thread>

namespace moot::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kStartWithin{30};
constexpr std::chrono::seconds kStopWithin{20};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Of /proc, whose files may vanish between opening and reading; then as far as it went.
std::string text_of(const fs::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  std::string text;
  std::array<char, 4096> bytes;
  for (ssize_t n = 0; (n = ::read(fd, bytes.data(), bytes.size())) > 0;)
    text.append(bytes.data(), static_cast<std::size_t>(n));
  ::close(fd);
  return text;
}

// The fields of /proc/PID/stat from the third on; the second, the name, may hold anything.
std::vector<std::string> stat_fields(pid_t pid) {
  const std::string text = text_of("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream rest(text.substr(name_end + 1));
  return {std::istream_iterator<std::string>(rest), std::istream_iterator<std::string>()};
}

pid_t parent_of(pid_t pid) {
  const std::vector<std::string> fields = stat_fields(pid);
  return fields.size() < 2 ? -1 : std::stoi(fields[1]);
}

// A figure in kB of a file of /proc, in bytes.
std::uint64_t kilobytes_in(const fs::path& file, const std::string& name) {
  const std::string text = text_of(file);
  const std::size_t at = text.find("\n" + name + ":");
  return at == std::string::npos ? 0 : std::stoull(text.substr(at + name.size() + 2)) * 1024;
}

std::string line_with(const char* file, const std::string& start) {
  std::istringstream in(text_of(file));
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(start)) return line.substr(line.find_first_not_of(" \t:", start.size()));
  return "not known";
}

}  // namespace

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  MOOT_CHECK(fd >= 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  MOOT_CHECK(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  MOOT_CHECK(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  ::close(fd);
  return ntohs(address.sin_port);
}

bool Server::listens(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  MOOT_CHECK(fd >= 0);
  const sockaddr_in address = loopback(port);
  const bool connected = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return connected;
}

Result<std::unique_ptr<Server>> Server::start(const std::vector<std::string>& command,
                                              const std::function<bool()>& ready) {
  if (::access(command[0].c_str(), X_OK) != 0) return Status(Code::kMissing, command[0] + " is not installed");
  auto server = std::unique_ptr<Server>(new Server(command));
  const auto deadline = std::chrono::steady_clock::now() + kStartWithin;
  while (server->process_.running() && std::chrono::steady_clock::now() < deadline) {
    if (ready()) return server;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const bool ended = !server->process_.running();
  const std::string printed = server->process_.out() + server->process_.err();
  return Status(Code::kUnavailable, command[0] + (ended ? " ended: " : " did not answer in time: ") + printed);
}

std::vector<pid_t> Server::processes() const {
  std::vector<pid_t> all = {pid()};
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    pid_t child = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), child);
    if (error == std::errc() && end == name.data() + name.size() && parent_of(child) == pid()) all.push_back(child);
  }
  return all;
}

void Server::stop(int signal) {
  process_.signal(signal);
  if (!process_.wait(kStopWithin)) process_.kill();
}

double cpu_seconds(const std::vector<pid_t>& processes) {
  std::uint64_t ticks = 0;
  for (const pid_t pid : processes) {
    const std::vector<std::string> fields = stat_fields(pid);
    // utime, stime, cutime, cstime: fields 14 to 17 of the line, and the third is the first here.
    for (std::size_t i = 11; i < 15 && i < fields.size(); ++i) ticks += std::stoull(fields[i]);
  }
  return static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double own_cpu_seconds() {
  rusage usage = {};
  MOOT_CHECK(::getrusage(RUSAGE_SELF, &usage) == 0);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double machine_cpu_seconds() {
  std::istringstream line(text_of("/proc/stat"));
  std::string word;
  std::uint64_t user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softirq = 0, steal = 0;
  line >> word >> user >> nice >> system >> idle >> waiting >> irq >> softirq >> steal;
  return static_cast<double>(user + nice + system + irq + softirq + steal) /
         static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::uint64_t memory_bytes(const std::vector<pid_t>& processes) {
  std::uint64_t bytes = 0;
  for (const pid_t pid : processes) {
    const fs::path folder = "/proc/" + std::to_string(pid);
    bytes +=
        processes.size() == 1 ? kilobytes_in(folder / "status", "VmRSS") : kilobytes_in(folder / "smaps_rollup", "Pss");
  }
  return bytes;
}

std::uint64_t peak_memory_bytes(const std::vector<pid_t>& processes) {
  std::uint64_t most = 0;
  for (const pid_t pid : processes)
    most = std::max(most, kilobytes_in(fs::path("/proc") / std::to_string(pid) / "status", "VmHWM"));
  return most;
}

std::uint64_t disk_bytes(const fs::path& folder) {
  std::uint64_t blocks = 0;
  std::error_code gone;
  for (auto it = fs::recursive_directory_iterator(folder, gone); it != fs::recursive_directory_iterator();
       it.increment(gone)) {
    if (gone) break;
    struct stat found = {};
    if (::lstat(it->path().c_str(), &found) == 0) blocks += static_cast<std::uint64_t>(found.st_blocks);
  }
  return blocks * 512;
}

std::string first_line_of(const std::vector<std::string>& command) {
  if (::access(command[0].c_str(), X_OK) != 0) return "not found";
  const Ended ended = run(command);
  const std::string text = ended.out + ended.err;
  return text.substr(0, text.find('\n'));
}

std::string machine() {
  return std::to_string(std::thread::hardware_concurrency()) + " x " + line_with("/proc/cpuinfo", "model name") + ", " +
         line_with("/proc/meminfo", "MemTotal") + " memory, " + first_line_of({"/usr/bin/uname", "-sr"});
}

}  // namespace moot::bench
