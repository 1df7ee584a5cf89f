#include "adapters/folder_watch.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <thread>

#include "adapters/encoding.h"
#include "adapters/mapping_check.h"
#include "broker/core/whole_file.h"

namespace moot {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kStep{500};
constexpr milliseconds kAfterTrouble{2000};
constexpr std::chrono::hours kBetweenCleanings{1};
constexpr const char* kLockFile = ".moot-watch.lock";

// Takes nothing more once a stop was asked for, so that a long file does not hold the process.
class StoppableSink final : public RecordSink {
 public:
  StoppableSink(RecordSink& sink, const std::function<bool()>& stop) : sink_(sink), stop_(stop) {}
  void on_outcome(std::function<void(const Outcome&)> callback) override { sink_.on_outcome(std::move(callback)); }
  Status publish(const v1::Event& event, const v1::Origin& origin) override {
    if (stop_()) return Status(Code::kUnavailable, "stopped when asked to; it is read again at the next start");
    return sink_.publish(event, origin);
  }
  Status refuse(const v1::RefusedInput& refused) override { return sink_.refuse(refused); }
  Status flush() override { return sink_.flush(); }
  bool stores() const override { return sink_.stores(); }

 private:
  RecordSink& sink_;
  const std::function<bool()>& stop_;
};

std::int64_t changed_ns(const struct stat& about) {
  return about.st_mtim.tv_sec * 1'000'000'000 + about.st_mtim.tv_nsec;
}

std::string report_of(const FileTotals& totals, const MappingCheck& check) {
  std::string text = totals.file + ": " + in_words(totals) + "\n";
  for (const std::string& note : totals.notes) text += "\n" + note + "\n";
  if (totals.refused == 0) return text;
  text +=
      "\nWhat was refused waits in the inbox with its rows. Mend the file and put it in again: what is "
      "there already is recognised.\nIn examples x stands for letters, 9 for a digit.\n";
  for (const MappingFailure& failure : check.failures()) {
    text += "\n" + failure.reason + "\n  " + std::to_string(failure.rows) + (failure.rows == 1 ? " row" : " rows");
    std::string rows, shapes;
    for (const std::uint64_t row : failure.first_rows)
      if (row > 0) rows += (rows.empty() ? ": " : ", ") + std::to_string(row);
    for (const std::string& shape : failure.shapes) shapes += (shapes.empty() ? "; looks like  " : ", ") + shape;
    text += rows + (failure.rows > failure.first_rows.size() ? ", …" : "") + shapes + "\n";
  }
  if (check.rows_left_out() > 0) text += "\nand " + std::to_string(check.rows_left_out()) + " rows for more reasons\n";
  return text;
}

Disposal disposal_of(const FileTotals& totals) {
  if (totals.refused == 0) return totals.notes.empty() ? Disposal::kDone : Disposal::kPartly;
  return totals.accepted + totals.duplicate + totals.superseding == 0 ? Disposal::kRefused : Disposal::kPartly;
}

}  // namespace

FolderWatch::FolderWatch(FolderWatchOptions options)
    : options_(std::move(options)), arrivals_(options_.folder, options_.settle), aside_(options_.folder) {}

FolderWatch::~FolderWatch() {
  if (lock_ >= 0) ::close(lock_);
}

void FolderWatch::tell(const std::string& line, bool well) {
  if (line != told_) options_.log(well, line);
  told_ = line;
}

// Of what is wrong with a file that stays; several may wait at a time.
void FolderWatch::tell_of(const std::string& name, const std::string& line) {
  if (line != told_of_[name]) options_.log(false, line);
  told_of_[name] = line;
}

// Whether the lock is still that of this folder: not when the folder was made anew, or tidied up. Another watch could
// take the new one.
bool FolderWatch::holds_lock() {
  if (lock_ < 0) return false;
  struct stat held = {}, there = {};
  const std::filesystem::path file = options_.folder / kLockFile;
  if (::fstat(lock_, &held) == 0 && ::lstat(file.c_str(), &there) == 0 && held.st_ino == there.st_ino &&
      held.st_dev == there.st_dev)
    return true;
  ::close(lock_);
  lock_ = -1;
  return false;
}

bool FolderWatch::take_lock() {
  if (holds_lock()) return true;
  const std::filesystem::path file = options_.folder / kLockFile;
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    tell(options_.folder.string() + ": cannot be watched: " + std::strerror(errno));
    return false;
  }
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    tell(options_.folder.string() + ": is watched by another process already; this one waits for it to end");
    ::close(fd);
    return false;
  }
  const Status prepared = aside_.prepare();
  if (!prepared.ok()) {
    tell(prepared.message());
    ::close(fd);
    return false;
  }
  lock_ = fd;
  tell(options_.folder.string() + ": is watched", true);
  return true;
}

void FolderWatch::run() {
  while (!options_.stop()) {
    if (take_lock()) look();
    if (lock_ >= 0)
      arrivals_.wait(std::min(kStep, std::max(options_.settle / 2, milliseconds(20))));
    else
      std::this_thread::sleep_for(kStep);
  }
}

void FolderWatch::look() {
  const Result<std::vector<std::string>> ready = arrivals_.ready();
  if (!ready.ok()) return tell(ready.status().message());
  const auto is_gone = [&](const auto& one) {
    return std::find(ready->begin(), ready->end(), one.first) == ready->end();
  };
  std::erase_if(unmoved_, is_gone);
  std::erase_if(told_of_, is_gone);
  for (const std::string& name : *ready) {
    if (options_.stop()) return;
    take(name);
  }
  if (options_.keep.count() > 0 && steady_clock::now() - cleaned_ < kBetweenCleanings &&
      cleaned_ != steady_clock::time_point())
    return;
  cleaned_ = steady_clock::now();
  if (const std::size_t removed = aside_.clean_up(options_.keep); removed > 0)
    tell(options_.folder.string() + ": " + std::to_string(removed) + " files removed, kept as long as was said", true);
}

// What cannot be opened, and what is no file.
bool FolderWatch::refuse_unread(const std::string& name) {
  struct stat about = {};
  const std::filesystem::path file = options_.folder / name;
  if (::lstat(file.c_str(), &about) != 0) return true;  // gone again
  if (S_ISREG(about.st_mode) && ::access(file.c_str(), R_OK) == 0) return false;
  FileTotals totals;
  totals.file = shown_name(name);
  totals.refused = 1;
  const std::string why = S_ISLNK(about.st_mode)   ? "is a link; links are not followed: put the file itself in"
                          : S_ISREG(about.st_mode) ? "cannot be read: whoever runs Moot has no right to"
                                                   : "is not a file";
  set_aside(name, about.st_ino, totals, totals.file + ": " + why + "\n");
  return true;
}

FileTotals FolderWatch::publish(int fd, const std::string& name, std::string& report) {
  FileTotals failed;
  failed.file = shown_name(name);
  const Result<KeyFile> key = options_.key();
  if (!key.ok()) {
    failed.status = key.status();
    failed.unanswered = 1;
    return failed;
  }
  ProducerOptions producer_options;
  producer_options.backfill = options_.backfill;
  producer_options.limits = options_.limits;
  producer_options.timeout_ms = options_.patience.count();
  const Result<std::unique_ptr<Producer>> producer = Producer::connect(*key, producer_options);
  if (!producer.ok()) {
    failed.status = producer.status();
    failed.unanswered = 1;
    return failed;
  }
  const std::unique_ptr<RecordSink> broker = sink_to_broker(**producer);
  StoppableSink stoppable(*broker, options_.stop);
  MappingCheck check(stoppable, options_.mapping.csv ? options_.mapping.csv->delimiter : ',',
                     options_.mapping.csv ? options_.mapping.csv->encoding : Encoding::kUtf8);
  FileOptions file_options;
  file_options.format = options_.format;
  file_options.limits = options_.limits;
  file_options.name = shown_name(name);
  file_options.mapping = options_.mapping.csv ? &*options_.mapping.csv : nullptr;
  file_options.police_uk = options_.mapping.police_uk ? &*options_.mapping.police_uk : nullptr;
  file_options.publisher = publisher_of(*key);
  file_options.own_events = own_events_of(*key, options_.patience.count());
  file_options.mapping_file = options_.mapping_file;
  FileTotals totals = publish_file("/proc/self/fd/" + std::to_string(fd), file_options, check);
  if (totals.refused > 0 || !totals.notes.empty()) report = report_of(totals, check);
  return totals;
}

void FolderWatch::take(const std::string& name) {
  if (refuse_unread(name)) return;
  const std::filesystem::path file = options_.folder / name;
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return;  // gone, or changed, this moment: the next look tells
  struct stat before = {}, after = {};
  ::fstat(fd, &before);
  if (const auto one = unmoved_.find(name); one != unmoved_.end() && one->second.inode == before.st_ino &&
                                            one->second.size == before.st_size &&
                                            one->second.changed_ns == changed_ns(before)) {
    ::close(fd);
    if (set_aside(name, before.st_ino, one->second.totals, one->second.report)) unmoved_.erase(one);
    return;
  }
  std::string report;
  FileTotals totals = publish(fd, name, report);
  ::fstat(fd, &after);
  ::close(fd);
  if (totals.status.code() == Code::kUsage) {  // it needs a mapping that nobody has given
    totals.refused = 1;
    totals.unanswered = 0;
    report = totals.status.message() + "\n";
  }
  if (totals.unanswered > 0 || totals.status.code() == Code::kUnavailable) {
    tell_of(name, options_.folder.string() + ": " + shown_name(name) + " waits: " + totals.status.message());
    for (milliseconds slept{0}; slept < kAfterTrouble && !options_.stop(); slept += kStep)
      std::this_thread::sleep_for(kStep);
    return;
  }
  if (before.st_size != after.st_size || changed_ns(before) != changed_ns(after))
    return tell_of(name, options_.folder.string() + ": " + shown_name(name) +
                             " was written to while it was read; it is read again");
  if (!set_aside(name, before.st_ino, totals, report))
    unmoved_[name] = {before.st_ino, before.st_size, changed_ns(before), totals, report};
}

// False when it is to be tried again.
bool FolderWatch::set_aside(const std::string& name, std::uint64_t inode, const FileTotals& totals,
                            const std::string& report) {
  const Disposal disposal = disposal_of(totals);
  const Result<std::filesystem::path> moved = aside_.move(name, inode, disposal, report);
  if (!moved.ok()) {
    tell_of(name, moved.status().message());
    return moved.status().code() == Code::kConflict;  // it is another file by now
  }
  told_.clear();
  told_of_.erase(name);
  tell(options_.folder.string() + ": " + shown_name(name) + ": " + in_words(totals) + "; now in " +
           moved->parent_path().filename().string() + "/" + (report.empty() ? "" : " with a report"),
       disposal == Disposal::kDone);
  return true;
}

}  // namespace moot
