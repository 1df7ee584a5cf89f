// Who is who among mentions that come and go: what PeopleLinkage finds in those that are there
// (tests/consumers/live_mentions_test.cc), for the work of what changed. It goes on from a set that was linked all at
// once, and tells after each change whom it may have touched, so that nobody looks at the others.
//
// Of who went the values stay in dictionaries as long as this object, in memory only.
// Thread: one, the owner's.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "consumers/linkage/live_linkage.h"
#include "consumers/linkage/people_linkage.h"

namespace moot {

class LiveMentions {
 public:
  // The owner's, of one mention; not used again for another.
  using Number = std::uint32_t;
  // How a mention that is there is read again.
  struct Reader {
    std::function<PersonRecord(Number)> record;
    std::function<std::string(Number)> mention;  // PersonRecord::mention alone
  };
  struct Arrival {
    Number number = 0;
    PersonRecord record;
  };

  // `numbers`: by mention of `linkage`. Decisions name mentions by number.
  LiveMentions(PeopleLinkage linkage, std::shared_ptr<const ModelEpoch> epoch, const Key& secret,
               const std::vector<Number>& numbers, const std::vector<LinkDecision>& decisions, Reader reader);

  // Those that go, then those that come; decisions are all that hold from now on, the newest first, on mentions that
  // are there. Gives mentions that are there: one at least of everybody who may be somebody else than before, and of
  // each whom they were before, where they were several.
  std::vector<Number> change(const std::vector<Number>& gone, const std::vector<Arrival>& come,
                             const std::vector<LinkDecision>& decisions);

  // Mentions with the same one are one person. It holds until the next change.
  RecordId person_of(Number mention) const { return live_.clusters()[row_of(mention)]; }
  // The links with others that are possible for the person of these mentions, strongest first; by number.
  std::vector<PossiblePair> possible_of(const std::vector<Number>& mentions) const;
  // What went takes more room than what is there: time to link all at once.
  bool is_worn() const { return live_.records().size() > 2 * live_.size() + 1000; }

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};  // no row, no mention

  // Mentions that say the same. They stand in one row where they are one person, by reference or by weight, or else
  // each in a row of its own: many say one bare name, and what one of them does is no work for the others.
  struct Group {
    RowWords words;
    bool is_one_row = false;
    RecordId row = kNone;         // of all, where it is one and they are there
    std::vector<Number> members;  // those that came in the last change behind the others
  };
  using Pairs = std::map<std::pair<std::string, std::string>, bool>;  // by keys of rows, the lesser first
  // What a change makes of groups and decisions before anything is linked.
  struct Plan {
    std::vector<Group*> groups;
    std::vector<Number> come;                        // into a group, from another one too
    std::unordered_map<std::string, RecordId> gone;  // rows of one mention that went
    std::set<Digest> references;                     // whose rows may be linked otherwise than before
    Pairs before, after;
  };

  Group* find_group(const RowWords& words);  // nullptr = there is none
  Group& new_group(const RowWords& words, bool is_one_row);
  void join(Number mention, Group& group);
  RecordId row_of(Number mention) const;
  std::string row_key(Number mention) const;  // as it is to be
  std::set<std::size_t> apart_by(const std::vector<LinkDecision>& decisions) const;
  void regroup(const std::vector<Number>& gone, const std::vector<Arrival>& come, std::set<std::size_t> apart,
               Plan& plan);
  void take_out(Number mention, Plan& plan);
  void put_in(Number mention, const PersonRecord& record, Plan& plan);
  Number first_in(RecordId row) const;
  void settle_decisions(const std::vector<LinkDecision>& decisions, Plan& plan);
  void add_stars(bool planned, const std::set<Digest>& references, const std::set<Digest>& but_for, Pairs& pairs) const;
  void change_rows(Plan& plan);
  std::vector<Number> apply(Plan& plan);
  void drop_empty(const Plan& plan);

  const std::shared_ptr<const ModelEpoch> epoch_;
  const Key secret_;
  const Reader reader_;
  LiveLinkage live_;
  OwnWeight own_;
  boost::unordered_flat_map<Digest, std::unique_ptr<Group>, DigestHash> groups_;     // by words
  boost::unordered_flat_map<Digest, std::vector<Group*>, DigestHash> of_reference_;  // likewise
  std::vector<Group*> group_of_;                                                     // by number; nullptr = not there
  std::vector<std::uint32_t> place_;         // by number: where in the group's members
  std::vector<RecordId> row_of_;             // by number: its own row
  std::vector<Number> one_of_;               // by row: a member
  std::set<std::size_t> apart_;              // mentions that decisions set apart
  std::set<Digest> involved_;                // references of whose rows decisions speak
  Pairs decided_;                            // of rows that decisions or those speak of
  std::unordered_set<std::string> settled_;  // keys of rows of which people said whose they are
};

}  // namespace moot
