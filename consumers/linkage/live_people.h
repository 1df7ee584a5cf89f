// Who is who among the mentions of one set of records after the other: what PeopleLinkage finds in each
// (tests/consumers/live_people_test.cc), for the work of what changed since the one before. Documents of the twelve
// months of a year, or of one day after another, differ by little.
//
// The first set is linked all at once, and so is one that differs by more than half or is told by another model. Of who
// is withdrawn the values stay in dictionaries until then, in memory only; clear() drops everything.
//
// Thread: one, the owner's.
#pragma once

#include <map>
#include <memory>
#include <unordered_map>

#include "consumers/linkage/live_linkage.h"
#include "consumers/linkage/people_linkage.h"

namespace moot {

// `linkage` is shared with who found it: only a sole owner may move from it.
struct PeopleFound {
  Partition people;
  std::vector<PossiblePair> possible;      // strongest first; none that is decided
  std::shared_ptr<PeopleLinkage> linkage;  // where it was made; nullptr = only what changed was looked at
};

class LivePeople {
 public:
  explicit LivePeople(const Key& secret) : secret_(secret) {}

  // `rows`: of `epoch`, decided.
  PeopleFound find(PeopleRows rows, std::shared_ptr<const ModelEpoch> epoch);
  void clear();

 private:
  struct Changes {
    std::vector<std::string> gone;
    std::vector<RecordId> come;  // rows
  };
  using Decided = std::map<std::pair<std::string, std::string>, bool>;  // by keys of rows, the lesser first

  PeopleFound find_all(PeopleRows rows);
  void go_live();
  Changes changes_to(const PeopleRows& rows);
  void apply(const Changes& changes, const PeopleRows& rows);
  PeopleFound found_in(const PeopleRows& rows) const;
  static Decided decided_of(const PeopleRows& rows);

  const Key secret_;
  std::shared_ptr<const ModelEpoch> epoch_;
  std::shared_ptr<PeopleLinkage> last_;                  // the set before, where it was linked all at once
  std::unique_ptr<LiveLinkage> live_;                    // or else this
  std::unordered_map<std::string, std::uint64_t> sets_;  // by key of a row: the last set that has it
  std::uint64_t set_ = 0;
  Decided decided_;
};

}  // namespace moot
