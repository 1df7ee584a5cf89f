// A small data directory with everything in it that a used one has: events of two publishers, some in tables and some
// in the write-ahead log, refused input in the inbox, a saved view, keys, and a file of keys, since somebody was
// erased. Made once; a test takes copies, damages them, and asks what is served.
//
// Thread: the test's; once made, several threads may each have a copy of their own and ask what becomes of it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"
#include "tests/faults/log_reading.h"
#include "tests/faults/recording.h"
#include "tests/faults/stream.h"

namespace moot {

class PreparedLog {
 public:
  static constexpr std::size_t kEvents = 60;  // of each publisher, or some more

  PreparedLog();

  // The folder that holds data/ and data.keys/ as they should be, and copies of it to damage: one, or several by
  // number.
  const std::filesystem::path& sound() const { return sound_; }
  std::filesystem::path fresh_copy(std::size_t number = 0) const;
  std::filesystem::path copy(std::size_t number = 0) const { return folder_ / ("copy-" + std::to_string(number)); }
  std::size_t events() const { return truth_.events.size(); }  // stored, of both
  const PartnershipFixture& partnership() const { return partnership_; }
  Installation installation(const std::filesystem::path& root) const {
    return Installation(root / "data", partnership_.config());
  }

  // What becomes of a broker that is started on it: all that it serves is read, and everything published again. Of
  // several folders in as many threads at once.
  struct Outcome {
    enum Kind { kServed, kRefused, kWrong } kind = kWrong;
    std::string said;  // the refusal, or what is wrong
  };
  Outcome outcome_of(const std::filesystem::path& root) const;

 private:
  void erase_somebody(const Installation& here) const;
  Outcome outcome_of_reading(const Installation& here, Process& broker) const;
  std::string publish_again(const Installation& here, Process& broker) const;

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership", 9};
  const std::filesystem::path sound_ = folder_ / "sound";
  Stream wardens_{PartnershipFixture::kWardens, 3};
  Stream homes_{PartnershipFixture::kHomes, 4};
  LogReading truth_;
};

// What kind of file it is, by its name: numbers and ids left out.
std::string kind_of(const std::filesystem::path& relative);
// All files below, relative, in order of their names.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);

}  // namespace moot
