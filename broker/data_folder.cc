#include "broker/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "broker/backup_place.h"
#include "broker/core/whole_file.h"
#include "broker/log/key_store.h"
#include "broker/wire/key_file.h"

namespace moot {

namespace {

constexpr std::string_view kMark = "moot-data 1 ";
constexpr std::string_view kCheck = "check ";

// What was changed in a secret would be seen too late: people would have other ids, and nothing would say why.
std::string check_of(std::string_view hex) {
  const Digest digest = keyed_digest(Key{}, "check of a secret\n" + std::string(hex));
  return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), 8));
}

Status is_gone(const std::filesystem::path& secret) {
  return Status(Code::kMissing,
                secret.string() + ": is missing, although there is a log that was made with it; nothing is touched");
}

bool is_log_id(std::string_view id) {
  return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// What may stand in a data directory before it has its moot.id. Other programs have a LOCK too: RocksDB has.
bool is_begun(const std::filesystem::path& data) {
  static const std::set<std::string> ours = {"LOCK",        "run.lock", "commands.lock", "gateway.lock",
                                             "tokens.toml", "spool",    "pulls"};
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(data, error)) {
    const std::string name = entry.path().filename().string();
    if (!ours.contains(name) && !name.starts_with("moot.id")) return false;
  }
  return !error && std::filesystem::exists(data / "LOCK", error);
}

// Has there ever been a log? What is made after it may outlive it, and all of it is made after the secrets.
bool holds_a_log(const std::filesystem::path& data) {
  std::error_code error;
  for (const char* name : {"log/CURRENT", "watermark", "audit.watermark", "log.upgraded"})  // broker/log/log_format_1.h
    if (std::filesystem::exists(data / name, error)) return true;
  return false;
}

// Locks of the open file (not of the process): they can be asked about without being taken, so that asking never makes
// a broker that is just starting believe that there is another.
struct flock whole_file_lock() {
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

// The run file has two writers, the broker and a gateway: one at a time.
class RunFileLock {
 public:
  explicit RunFileLock(const std::filesystem::path& data)
      : fd_(::open((data / "run.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (fd_ >= 0) (void)::flock(fd_, LOCK_EX);
  }
  ~RunFileLock() {
    if (fd_ >= 0) ::close(fd_);
  }
  RunFileLock(const RunFileLock&) = delete;

 private:
  const int fd_;
};

// Is somebody holding the lock of this data directory?
bool locked(const std::filesystem::path& data) {
  const int fd = ::open((data / "LOCK").c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return false;
  struct flock lock = whole_file_lock();
  const bool held = ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  ::close(fd);
  return held;
}

}  // namespace

DataFolder::DataFolder(DataFolder&& other) noexcept
    : data_(std::move(other.data_)),
      keys_(std::move(other.keys_)),
      log_id_(std::move(other.log_id_)),
      fresh_(other.fresh_),
      lock_(std::exchange(other.lock_, -1)) {}

DataFolder::~DataFolder() {
  if (lock_ < 0) return;
  ::unlink(run_file(data_).c_str());
  ::close(lock_);  // lets the lock go
}

Result<DataFolder> DataFolder::open(const std::filesystem::path& data, const std::filesystem::path& keys) {
  std::error_code error;
  const bool there = std::filesystem::exists(data / "moot.id", error);
  if (error) return Status(Code::kDisk, data.string() + ": cannot be looked into: " + error.message());
  if (!there && std::filesystem::is_directory(data, error) && !std::filesystem::is_empty(data, error) &&
      !is_begun(data) && !holds_a_log(data))  // of the last, identify tells what is wrong
    return Status(Code::kInvalid, data.string() + ": is not a Moot data directory and not empty; it is left as it is");
  if (is_inside(keys, data))
    return Status(Code::kUsage, keys.string() + ": the key directory must not be inside the data directory");
  if (is_inside(data, keys))
    return Status(Code::kUsage, data.string() + ": the data directory must not be inside the key directory (" +
                                    keys.string() + "); whoever is given the data would be next to the keys");
  MOOT_RETURN_IF_ERROR(make_folder(data));
  DataFolder folder(data, keys);
  MOOT_RETURN_IF_ERROR(folder.take_lock());
  MOOT_RETURN_IF_ERROR(folder.identify());
  folder.fresh_ = !holds_a_log(data);
  if (!folder.fresh_ && !std::filesystem::exists(folder.log_keys(), error) && !error)
    return Status(Code::kMissing, keys.string() + ": has no keys of this log, which is " + folder.log_id_ + " by " +
                                      (data / "moot.id").string() +
                                      "; --keys names the key directory where it is another; nothing is touched");
  for (const auto& path :
       {folder.log(), folder.inbox(), folder.audit(), data / "views", keys / "agencies", folder.log_keys()})
    MOOT_RETURN_IF_ERROR(make_folder(path));
  MOOT_RETURN_IF_ERROR(folder.settle());
  return folder;
}

// A process that was killed may have made names that it did not come to sync.
Status DataFolder::settle() const {
  for (const auto& path : {data_, keys_, keys_ / "agencies", keys_ / "logs", log_keys(), event_keys()})
    MOOT_RETURN_IF_ERROR(settle_folder(path));
  MOOT_RETURN_IF_ERROR(sync_folder(data_.parent_path()));
  return sync_folder(keys_.parent_path());
}

Status DataFolder::take_lock() {
  lock_ = ::open((data_ / "LOCK").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) return Status(Code::kDisk, data_.string() + ": cannot be written: " + std::strerror(errno));
  struct flock lock = whole_file_lock();
  if (::fcntl(lock_, F_OFD_SETLK, &lock) == 0) return {};
  ::close(lock_);
  lock_ = -1;
  return Status(Code::kExists, data_.string() + ": another broker runs on this data directory");
}

Status DataFolder::identify() {
  const std::filesystem::path file = data_ / "moot.id";
  Result<std::string> text = read_whole_file(file);
  if (!text.ok() && text.status().code() != Code::kMissing) return text.status();
  if (!text.ok()) {
    if (holds_a_log(data_))
      return Status(Code::kCorrupt, file.string() + ": is missing, but there is a log; nothing is touched");
    const std::string id = to_hex(random_key()).substr(0, 32);
    text = std::string(kMark) + id + "\n";
    MOOT_RETURN_IF_ERROR(write_whole_file(file, *text));
  }
  const std::string& line = *text;
  if (!line.starts_with(kMark))
    return Status(Code::kInvalid, file.string() + ": is of the format \"" + line.substr(0, line.rfind(' ')) +
                                      "\"; this program reads \"" + std::string(kMark.substr(0, kMark.size() - 1)) +
                                      "\"");
  if (line.size() != kMark.size() + 33 || !is_log_id(std::string_view(line).substr(kMark.size(), 32)))
    return Status(Code::kCorrupt, file.string() + ": is not what was written; which log this is is not known");
  log_id_ = line.substr(kMark.size(), 32);
  return {};
}

bool DataFolder::in_use(const std::filesystem::path& data) { return locked(data); }

std::optional<std::string> DataFolder::running_bus(const std::filesystem::path& data) {
  if (!locked(data)) return std::nullopt;
  const Result<std::string> text = read_whole_file(run_file(data));
  if (!text.ok()) return std::nullopt;  // it is starting
  const std::string address = bus_address_in(*text);
  if (address.empty()) return std::nullopt;
  return address;
}

Result<Key> DataFolder::secret(const std::filesystem::path& file) const {
  Result<Key> there = read_secret(file);
  if (there.ok() || there.status().code() != Code::kMissing) return there;
  return fresh_ ? read_or_make_secret(file) : Result<Key>(is_gone(file));
}

Result<FileKeys> DataFolder::epoch_key() const {
  Result<FileKeys> there = FileKeys::read(epoch_file());
  if (!there.ok() && there.status().code() != Code::kMissing) return there;
  if (there.ok() && there->derived_from()) return there;
  // Where the key files are older than epoch keys are, no key is lost by making the first.
  if (!there.ok() && !fresh_ && !KeyStore::needs_no_epoch_key(event_keys())) return is_gone(epoch_file());
  const Result<std::uint64_t> derived_from = KeyStore::first_without_file(event_keys());
  if (!derived_from.ok()) return derived_from.status();
  if (!there.ok()) there = FileKeys(random_key());
  there->derive_from(*derived_from);
  MOOT_RETURN_IF_ERROR(there->write(epoch_file()));
  return there;
}

Status DataFolder::write_run_file(const std::string& bus_address) const {
  const RunFileLock lock(data_);
  return write_whole_file(run_file(data_),
                          "{\"pid\":" + std::to_string(::getpid()) + ",\"bus\":\"" + bus_address + "\"}\n");
}

Status tell_http_address(const std::filesystem::path& data, const std::string& address) {
  constexpr std::string_view kHttp = ",\"http\":";
  const std::filesystem::path file = DataFolder::run_file(data);
  const RunFileLock lock(data);
  const Result<std::string> there = read_whole_file(file);
  if (!there.ok()) return {};  // no broker: there is no run file to be in
  std::string text = there->substr(0, std::min(there->find(kHttp), there->find('}')));
  if (!address.empty()) text += std::string(kHttp) + "\"" + address + "\"";
  text += "}\n";
  return text == *there ? Status() : write_whole_file(file, text);
}

Result<Key> read_secret(const std::filesystem::path& file) {
  Result<std::string> text = read_whole_file(file);
  if (!text.ok()) return text.status();
  std::string_view hex = *text;
  hex = hex.substr(0, hex.find('\n'));
  std::string_view check = std::string_view(*text).substr(std::min(hex.size() + 1, text->size()));
  while (check.ends_with('\n')) check.remove_suffix(1);
  Result<Key> key = key_from_hex(hex);
  if (!key.ok()) return Status(Code::kCorrupt, file.string() + ": " + key.status().message());
  if (!check.empty() && check != std::string(kCheck) + check_of(hex))  // without one it is of an earlier version
    return Status(Code::kCorrupt, file.string() + ": is not what was written");
  return key;
}

Result<Key> read_or_make_secret(const std::filesystem::path& file) {
  const Result<Key> there = read_secret(file);
  if (there.ok() || there.status().code() != Code::kMissing) return there;
  const std::string hex = to_hex(random_key());
  const Status created = create_whole_file(file, hex + "\n" + std::string(kCheck) + check_of(hex) + "\n");
  if (!created.ok() && created.code() != Code::kExists) return created;
  return read_secret(file);
}

std::string read_log_id(const std::filesystem::path& data) {
  const Result<std::string> text = read_whole_file(data / "moot.id");
  if (!text.ok() || !text->starts_with(kMark) || text->size() < kMark.size() + 32) return "";
  return text->substr(kMark.size(), 32);
}

}  // namespace moot
