// How far each agency's readers have come, and what each may read and was not given since: the lag that status tells.
// It outlives sessions, and the broker: a reader that stays away after a restart is seen to be behind.
//
// Format of the file: one sealed part (core/seal.h) with entry after entry. An entry is be64 the time when the reader
// was last there, in microseconds; be32 bytes of the agency's id, and that; be32 bytes of a moot.v1.Consume, and that:
// the reader's name, purpose, coverage and filter, and from_offset, below which it was given everything. Sealed, since
// a filter may say anything. It is for figures alone: written once a minute, when a reader goes, and at the end, and
// where it is not what was written, readers count again from when they come.
//
// Thread: bus; one owner.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "broker/core/seal.h"
#include "broker/reading.h"

namespace moot {

class ReaderPositions {
 public:
  struct Reader {
    Recipient recipient;
    std::string name;
    std::string coverage;  // what it may read, when it was last counted
    v1::Filter filter;
    Offset through;  // it was given everything below
  };
  // Of an agency's readers the one that has most to go.
  struct Behind {
    std::uint64_t events = 0;
    Offset first;        // of them
    std::string reader;  // its name
  };

  // Nothing is remembered anywhere but in memory where `file` is empty. `reading` and `clock` outlive it.
  ReaderPositions(const Reading* reading, const Clock* clock, std::filesystem::path file, const Key& key);
  // What was kept, of a log that ends at `end`.
  void load(Offset end);

  // The reader begins. Where its agency has too many names, it takes the place of the one that was not there longest.
  void begin(Reader reader);
  // It was given everything below `through`, if it is still one of those remembered.
  void move(const AgencyId& agency, const std::string& name, Offset through);
  // It is connected, whether or not it is given anything.
  void still_there(const AgencyId& agency, const std::string& name);
  // By agency. Counts on where it stopped, no more than a bounded part of the log each time it is asked; what was not
  // looked at yet is taken for unread.
  std::map<std::string, Behind> behind(Offset end);
  // Writes down what has changed. kDisk.
  Status save();

  static constexpr std::size_t kOfAgencyMax = 8;
  static constexpr std::size_t kCountedRecordsMax = 1000;               // of all readers together
  static constexpr std::int64_t kForgottenAfterUs = 30 * 24 * kHourUs;  // not there for so long: it is none any more

 private:
  struct Position {
    Reader reader;
    Reading::Unread unread;
    Instant there;
  };
  void count();
  bool read_entries(std::string_view entries, Offset end);

  const Reading* reading_;
  const Clock* clock_;
  std::filesystem::path file_;
  Key key_;
  std::map<std::pair<std::string, std::string>, Position> positions_;  // by agency and name
  bool changed_ = false;
};

}  // namespace moot
