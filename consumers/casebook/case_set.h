// The cases as at an instant: the current version of each record, and the people the records name, linked.
//
// A pure function of the set of events: records stand by (source, id), people by their id, whatever order they came in.
// The set owns its events, in one arena: to make and to free a hundred thousand one by one takes longer than to read
// them. Thread: a value that moves; read it from anywhere once made, but linkage() from one thread.
#pragma once

#include <google/protobuf/arena.h>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/core/instant.h"
#include "broker/core/seal.h"
#include "consumers/linkage/live_people.h"
#include "proto/document.pb.h"
#include "proto/event.pb.h"

namespace moot {

// Where a record names a person: CaseSet::records()[record], personal().people(index).
struct Mention {
  std::size_t record = 0;
  int index = 0;
};

struct PersonCase {
  std::string id;
  std::string name;               // the spelling most records have, capitals apart; empty = not supplied
  bool erased = false;            // nothing but roles is left of them; the name is "erased"
  std::string born;               // the full birth date most records have; empty = not supplied
  std::vector<Mention> mentions;  // by record, then index
};

// Two people who may be one: for a person to decide, never counted. By position in persons(); `a` before `b`.
struct PossiblePerson {
  std::size_t a = 0;
  std::size_t b = 0;
  Mention a_record, b_record;  // the two mentions that speak most for it
  double probability = 0;
};

// What tells who is who, beside the records: the model in force and what people decided.
struct WhoIsWho {
  std::shared_ptr<const ModelEpoch> epoch;
  std::vector<const v1::Event*> decisions;  // Identity events, in the set's arena, the newest first
  LivePeople* live = nullptr;               // goes on from the set before; nullptr = all at once
};

class CaseSet {
 public:
  // `current`: at most one version of each record, all in `arena`. `versions`: "<source>\n<id>" of a version of a
  // record that changed, and the id of its current version, so that links to any version are found.
  CaseSet(Instant as_at, std::unique_ptr<google::protobuf::Arena> arena, std::vector<const v1::Event*> current,
          const std::unordered_map<std::string, std::string>& versions, const Key& secret, WhoIsWho who_is_who);

  Instant as_at() const { return as_at_; }
  const std::vector<const v1::Event*>& records() const { return records_; }  // by source, then id
  const std::vector<PersonCase>& persons() const { return persons_; }

  const v1::Event& record(const Mention& mention) const { return *records_[mention.record]; }
  const v1::Person& person(const Mention& mention) const { return record(mention).personal().people(mention.index); }
  // Strongest first.
  const std::vector<PossiblePerson>& possible() const { return possible_; }
  const std::string& model_version() const { return epoch_->version; }
  // For explanations: where people were found by what changed, they are all linked once more when it is first asked
  // for.
  const PeopleLinkage& linkage() const;
  // The linkage's number of a mention; nothing where it names nobody.
  std::optional<std::size_t> linked_as(const Mention& mention) const;
  const Mention& linked_mention(std::size_t number) const { return mentioned_[number]; }
  // The earliest mention that a person's id is, or once was, the digest of: a person has the id of their earliest
  // record, and when two are linked one of their ids goes on. Nothing where no record gives that id.
  std::optional<Mention> mention_of_id(const std::string& id) const;
  // The position in persons() of whom the record names at `index`; nothing where that is nobody.
  std::optional<std::size_t> person_at(const Mention& mention) const;

  // Positions in persons() of the people a record names in one of the roles, each once, ascending.
  std::vector<std::size_t> people_of(std::size_t record, const std::vector<std::string>& roles) const;
  // The current version of the record that `source` and `id` name; nullptr when it is not in the set. `id` may be that
  // of any version, or the record's own key.
  const v1::Event* find(std::string_view source, std::string_view id) const;
  std::optional<std::size_t> find_position(std::string_view source, std::string_view id) const;  // in records()
  // Every version of a record that counts, the current one first, then the later before the earlier. Of incidents,
  // contacts and other bodies whose history no document asks for, the current one alone.
  std::vector<const v1::Event*> versions_of(std::size_t record) const;
  // The id of a case made of one record that names nobody: "c-…".
  std::string case_of_record(std::size_t record) const;
  // The id of a case that is a place, from its normal form: "l-…".
  std::string case_of_place(std::string_view place) const;

  int loaded_later = 0;                       // events of a declared backfill, among all versions selected
  std::map<std::string, Instant> last_heard;  // by agency: the latest time its events speak of
  std::unordered_map<const v1::Event*, std::vector<const v1::Event*>> earlier_versions;  // by the current one

 private:
  std::size_t position_of(std::string_view source, std::string_view id) const;  // among current versions
  void index_records(const std::unordered_map<std::string, std::string>& versions);
  void link_people(const WhoIsWho& who_is_who);
  void find_erased(const std::vector<const v1::Event*>& decisions);
  const std::string* erased_as(std::size_t record, int index) const;
  std::vector<PersonRecord> mentions(KnownNames& names) const;  // by the linkage's number
  std::vector<std::string> ids_of(const std::vector<PersonRecord>& mentions, const Partition& people) const;
  void name_people(const std::vector<PersonRecord>& mentions, const Partition& people, KnownNames& names);
  std::vector<LinkDecision> decisions_on(const std::vector<const v1::Event*>& events) const;

  Instant as_at_;
  Key secret_;
  std::unique_ptr<google::protobuf::Arena> arena_;
  std::vector<const v1::Event*> records_;
  std::vector<PersonCase> persons_;
  std::vector<std::vector<std::size_t>> person_of_;            // by record and index; kNobody where nobody is named
  std::vector<Mention> mentioned_;                             // by the linkage's number
  std::vector<std::string> mention_keys_;                      // likewise: what person_id() digests
  std::vector<std::vector<std::size_t>> linked_as_;            // by record and index; kNobody where nobody is named
  std::map<std::pair<std::size_t, int>, std::string> erased_;  // by record and index: who they were, an id
  std::shared_ptr<const ModelEpoch> epoch_;
  std::vector<LinkDecision> decisions_;
  mutable std::shared_ptr<const PeopleLinkage> linkage_;
  std::vector<PossiblePerson> possible_;
  // "<source>\n<id>" of what is not the id of a current version: an earlier version's id, a record's own key.
  std::unordered_map<std::string, std::size_t> other_ids_;
};

// In a role? An empty list means any.
bool is_in(const std::vector<std::string>& list, const std::string& value);
v1::EventRef reference_to(const v1::Event& event);
// Orders events by time, then source, then id.
bool happened_before(const v1::Event& a, const v1::Event& b);
Instant time_of(const v1::Event& event);

}  // namespace moot
