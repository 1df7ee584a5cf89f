#include "adapters/spool.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <set>

#include "adapters/spool_file.h"
#include "adapters/spool_through.h"
#include "broker/core/whole_file.h"

namespace moot {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kFileBytes = 4 * 1024 * 1024;  // from then on the next keep() begins another

Status disk(const fs::path& path, const char* what) {
  return Status(Code::kDisk, path.string() + ": the spool cannot be " + what + ": " + std::strerror(errno));
}

// What the files hold, forgotten entries left out.
struct Contents {
  SpoolFigures figures;
  std::uint64_t next = 0;        // number
  std::uint64_t last_bytes = 0;  // of the last file, up to where it is sound
  bool torn = false;             // and it goes on after that
};

Status not_whole(const fs::path& folder, std::uint64_t number) {
  return Status(Code::kCorrupt, folder.string() + ": what was kept as number " + std::to_string(number) +
                                    " is not there or not whole; nothing is touched");
}

// How many hold nothing that is not forgotten. The last one is not asked: it goes with the whole spool.
std::size_t forgotten_files(const std::vector<SpoolFile>& files, const SpoolThrough& through) {
  std::size_t count = 0;
  while (count + 1 < files.size() && files[count + 1].first <= through.forgotten + 1) ++count;
  return count;
}

// With a key each entry is opened, also those that nobody was told are kept; without one they end where the other file
// says. kCorrupt when something is missing.
Result<Contents> read_contents(const fs::path& folder, const std::vector<SpoolFile>& files, const SpoolThrough& through,
                               const Key* key) {
  Contents contents;
  contents.next = through.forgotten + 1;
  const std::size_t begin = forgotten_files(files, through);
  if (begin < files.size()) contents.next = files[begin].first;
  if (contents.next > through.forgotten + 1) return not_whole(folder, through.forgotten + 1);
  for (std::size_t i = begin; i < files.size() && !contents.torn; ++i) {
    if (files[i].first != contents.next) return not_whole(folder, contents.next);
    const Result<std::string> text = read_whole_file(files[i].path);
    if (!text.ok()) return text.status();
    contents.last_bytes = 0;
    while (contents.last_bytes < text->size()) {
      if (key == nullptr && contents.next > through.end) return contents;
      const std::optional<SpoolEntry> entry =
          entry_at(std::string_view(*text).substr(contents.last_bytes), contents.next);
      const bool whole = entry && (key == nullptr || unseal_entry(*key, *entry).ok());
      // A later file was begun when all before it was promised.
      if (!whole && (contents.next <= through.end || i + 1 < files.size())) return not_whole(folder, contents.next);
      contents.torn = !whole;
      if (!whole) break;
      contents.last_bytes += entry->bytes();
      if (contents.next++ <= through.forgotten) continue;
      if (contents.figures.parcels++ == 0) contents.figures.oldest = entry->kept;
      contents.figures.events += entry->events;
      contents.figures.bytes += entry->bytes();
    }
  }
  if (contents.next <= through.end) return not_whole(folder, contents.next);
  return contents;
}

// All there is of a spool.
struct Found {
  SpoolThrough through;
  std::vector<SpoolFile> files;
  Contents contents;
};

Result<Found> find(const fs::path& folder, const Key* key) {
  Found found;
  const Result<SpoolThrough> through = read_spool_through(folder);
  if (!through.ok() && through.status().code() != Code::kMissing) return through.status();
  Result<std::vector<SpoolFile>> files = spool_files(folder);
  if (!files.ok()) return files.status();
  found.files = std::move(*files);
  if (!through.ok() && !found.files.empty())
    return Status(Code::kCorrupt, spool_through_file(folder).string() +
                                      ": is missing, although there is a spool; what it should hold is not known, and "
                                      "nothing is touched");
  if (through.ok()) found.through = *through;
  const Result<Contents> contents = read_contents(folder, found.files, found.through, key);
  if (!contents.ok()) return contents.status();
  found.contents = *contents;
  return found;
}

}  // namespace

Result<SpoolLock> SpoolLock::take(const fs::path& folder) { return take(folder, O_RDONLY | O_CREAT | O_CLOEXEC); }

Result<SpoolLock> SpoolLock::take_if_there(const fs::path& folder) { return take(folder, O_RDONLY | O_CLOEXEC); }

Result<SpoolLock> SpoolLock::take(const fs::path& folder, int flags) {
  const fs::path file = folder.string() + ".lock";
  const int fd = ::open(file.c_str(), flags, 0600);
  if (fd < 0 && errno == ENOENT && (flags & O_CREAT) == 0) return SpoolLock(-1);
  if (fd < 0) return disk(file, "locked");
  SpoolLock lock(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return disk(file, "locked");
  return Status(Code::kExists, folder.string() + ": another process has this spool");
}

SpoolLock::~SpoolLock() {
  if (fd_ >= 0) ::close(fd_);
}

class Spool::Impl {
 public:
  explicit Impl(SpoolLock held) : lock(std::move(held)) {}
  ~Impl() { close(); }
  Impl(const Impl&) = delete;

  Status tell_through() const { return write_spool_through(folder, through); }
  Status open_last(std::uint64_t bytes);
  Status begin_file(std::uint64_t first);
  Status append(std::string_view bytes);
  Status remove_files(std::size_t count);
  Status remove_all();
  Status each_entry(std::uint64_t from, const std::function<bool(const SpoolEntry&)>& take) const;
  void close() {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }

  // Constant after opening.
  fs::path folder;
  Key key{};
  std::uint64_t bytes_max = 0;
  const SpoolLock lock;
  // The owner's.
  std::vector<SpoolFile> files;
  int fd = -1;                   // of the last file
  std::uint64_t last_bytes = 0;  // in it
  SpoolThrough through;
  bool failed = false;  // only a fresh start knows what is on disk
  mutable std::mutex mutex;
  SpoolFigures figures;  // guarded by mutex
};

// The last file, to go on at this byte; what is behind it nobody was promised.
Status Spool::Impl::open_last(std::uint64_t bytes) {
  fd = ::open(files.back().path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd < 0) return disk(files.back().path, "opened");
  last_bytes = bytes;
  const bool cut = ::ftruncate(fd, static_cast<off_t>(bytes)) == 0 && ::fdatasync(fd) == 0;
  return cut ? Status() : disk(files.back().path, "written");
}

Status Spool::Impl::begin_file(std::uint64_t first) {
  close();
  // The other file first: a folder without it is a loss.
  if (files.empty()) MOOT_RETURN_IF_ERROR(tell_through());
  MOOT_RETURN_IF_ERROR(make_folder(folder));
  const SpoolFile file{folder / spool_file_name(first), first};
  fd = ::open(file.path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return disk(file.path, "created");
  files.push_back(file);
  last_bytes = 0;
  const Status synced = sync_folder(folder);
  failed = !synced.ok();
  return synced;
}

// A write that failed leaves what was there before it, so that it can be tried again when the disk has room.
Status Spool::Impl::append(std::string_view bytes) {
  const fs::path& path = files.back().path;
  for (std::string_view left = bytes; !left.empty();) {
    const ssize_t written = ::write(fd, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const Status why = disk(path, "written");
      failed = ::ftruncate(fd, static_cast<off_t>(last_bytes)) != 0;
      return why;
    }
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  failed = ::fdatasync(fd) != 0;
  if (failed) return disk(path, "synced");
  last_bytes += bytes.size();
  return {};
}

// The first so many.
Status Spool::Impl::remove_files(std::size_t count) {
  for (; count > 0; --count, files.erase(files.begin()))
    if (::unlink(files.front().path.c_str()) != 0 && errno != ENOENT) return disk(files.front().path, "removed");
  return {};
}

// Somebody who is erased later must not go on being there.
Status Spool::Impl::remove_all() {
  close();
  MOOT_RETURN_IF_ERROR(remove_files(files.size()));
  const bool removed = ::rmdir(folder.c_str()) == 0 || errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST;
  return removed ? Status() : disk(folder, "removed");
}

// From this number on, until `take` says no.
Status Spool::Impl::each_entry(std::uint64_t from, const std::function<bool(const SpoolEntry&)>& take) const {
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (i + 1 < files.size() && files[i + 1].first <= from) continue;
    const Result<std::string> text = read_whole_file(files[i].path);
    if (!text.ok()) return text.status();
    std::uint64_t number = files[i].first;
    for (std::string_view left = *text; !left.empty() && number <= through.end; ++number) {
      const std::optional<SpoolEntry> entry = entry_at(left, number);
      if (!entry) return not_whole(folder, number);
      left.remove_prefix(entry->bytes());
      if (number >= from && !take(*entry)) return {};
    }
  }
  return {};
}

Key Spool::key_of(const Key& secret, const AgencyId& agency) {
  return derive_key(secret, "spool of " + agency.value());
}

// By the names of what is there: a folder may be lost.
std::vector<AgencyId> Spool::agencies(const fs::path& spools) {
  std::set<std::string> names;
  std::error_code none;  // nothing was ever kept
  for (const auto& entry : fs::directory_iterator(spools, none)) {
    const std::string ending = entry.path().extension().string();
    if (entry.is_directory() || ending == ".through") names.insert(entry.path().stem().string());
  }
  std::vector<AgencyId> agencies;
  for (const std::string& name : names) {
    const Result<AgencyId> agency = AgencyId::parse(name);
    if (agency.ok()) agencies.push_back(*agency);
  }
  return agencies;
}

Spool::Spool(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Spool::~Spool() = default;

Result<std::unique_ptr<Spool>> Spool::open(const fs::path& folder, const Key& key, std::uint64_t bytes_max) {
  MOOT_RETURN_IF_ERROR(make_folder(folder.parent_path()));
  Result<SpoolLock> lock = SpoolLock::take(folder);
  if (!lock.ok()) return lock.status();
  auto impl = std::make_unique<Impl>(std::move(*lock));
  impl->folder = folder;
  impl->key = key;
  impl->bytes_max = bytes_max;
  const Result<Found> found = find(folder, &key);
  if (!found.ok()) return found.status();
  impl->through = found->through;
  impl->files = found->files;
  impl->figures = found->contents.figures;
  if (found->contents.figures.parcels == 0) {
    // A making or a removal that was cut off, if there is anything.
    MOOT_RETURN_IF_ERROR(impl->remove_all());
    return std::unique_ptr<Spool>(new Spool(std::move(impl)));
  }
  MOOT_RETURN_IF_ERROR(impl->open_last(found->contents.last_bytes));
  impl->through.end = found->contents.next - 1;
  MOOT_RETURN_IF_ERROR(impl->tell_through());
  return std::unique_ptr<Spool>(new Spool(std::move(impl)));
}

// Its owner may be at work: what was read is right when the numbers are the same before and after.
Result<SpoolFigures> Spool::look(const fs::path& folder, const Key* key) {
  constexpr int kTries = 20;
  for (int i = 0;; ++i) {
    const Result<SpoolThrough> before = read_spool_through(folder);
    const Result<Found> found = find(folder, key);
    if (found.ok()) return found->contents.figures;
    const Result<SpoolThrough> after = read_spool_through(folder);
    if (i == kTries || !before.ok() || !after.ok() || *before == *after) return found.status();
  }
}

Status Spool::keep(std::span<const v1::SpooledParcel> parcels, Instant now) {
  if (impl_->failed) return Status(Code::kDisk, impl_->folder.string() + ": an earlier write failed");
  SpoolFigures after = figures();
  std::uint64_t number = impl_->through.end;
  std::string bytes;
  for (const v1::SpooledParcel& parcel : parcels) {
    if (after.parcels++ == 0) after.oldest = now;
    after.events += static_cast<std::uint64_t>(parcel.events_size());
    after.bytes += append_entry(bytes, impl_->key, ++number, now, parcel);
  }
  if (after.bytes > impl_->bytes_max)
    return Status(Code::kQuota, "the spool holds as much as it may: " + std::to_string(impl_->bytes_max) + " bytes");
  if (impl_->fd < 0 || impl_->last_bytes >= kFileBytes) MOOT_RETURN_IF_ERROR(impl_->begin_file(impl_->through.end + 1));
  MOOT_RETURN_IF_ERROR(impl_->append(bytes));
  impl_->through.end = number;
  const Status told = impl_->tell_through();
  impl_->failed = !told.ok();
  MOOT_RETURN_IF_ERROR(told);
  const std::lock_guard<std::mutex> lock(impl_->mutex);
  impl_->figures = after;
  return {};
}

Result<std::vector<Spool::Kept>> Spool::read(std::uint64_t from, std::uint64_t bytes) const {
  std::vector<Kept> found;
  std::uint64_t taken = 0;
  Status opened;
  const auto take = [&](const SpoolEntry& entry) {
    if (!found.empty() && taken >= bytes) return false;
    Result<v1::SpooledParcel> parcel = unseal_entry(impl_->key, entry);
    if (!parcel.ok()) opened = not_whole(impl_->folder, entry.number);
    if (!parcel.ok()) return false;
    taken += entry.bytes();
    found.push_back({entry.number, std::move(*parcel)});
    return true;
  };
  MOOT_RETURN_IF_ERROR(impl_->each_entry(std::max(from, impl_->through.forgotten + 1), take));
  MOOT_RETURN_IF_ERROR(opened);
  return found;
}

Status Spool::forget_through(std::uint64_t number) {
  if (number <= impl_->through.forgotten) return {};
  MOOT_CHECK(number <= impl_->through.end);
  SpoolFigures after = figures();
  const auto take = [&](const SpoolEntry& entry) {
    after.oldest = entry.kept;
    if (entry.number > number) return false;
    --after.parcels;
    after.events -= entry.events;
    after.bytes -= entry.bytes();
    return true;
  };
  MOOT_RETURN_IF_ERROR(impl_->each_entry(impl_->through.forgotten + 1, take));
  impl_->through.forgotten = number;
  MOOT_RETURN_IF_ERROR(impl_->tell_through());
  {
    const std::lock_guard<std::mutex> lock(impl_->mutex);
    impl_->figures = after;
  }
  if (!impl_->through.some_wait()) return impl_->remove_all();
  return impl_->remove_files(forgotten_files(impl_->files, impl_->through));
}

SpoolFigures Spool::figures() const {
  const std::lock_guard<std::mutex> lock(impl_->mutex);
  return impl_->figures;
}

}  // namespace moot
