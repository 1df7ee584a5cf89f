// The cases as at an instant: the current version of each record, and the people the records name, linked.
//
// A pure function of the set of events: records stand by (source, id), people by their id, whatever order they came in.
// A set that follows its casebook (follow()) is the same but for the positions of records and people, which then are in
// no order: what a document says must not depend on them.
// Thread: a value that moves, until it follows; one thread at a time, that of its casebook: records are parsed when
// they are looked at.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/core/instant.h"
#include "broker/core/seal.h"
#include "consumers/casebook/case_records.h"
#include "consumers/casebook/kept.h"
#include "consumers/linkage/live_mentions.h"
#include "consumers/linkage/live_people.h"
#include "consumers/runtime/dated_ahead.h"
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
  std::vector<VersionStore::Number> decisions;  // Identity events
  LivePeople* live = nullptr;                   // goes on from the set before; nullptr = all at once
};

class CaseSet {
 public:
  CaseSet(Instant as_at, CaseRecords records, const Key& secret, WhoIsWho who_is_who);
  CaseSet(CaseSet&&) = default;
  CaseSet& operator=(CaseSet&&) = delete;

  // The set as at another instant, under the same model: what changed of its records, and all decisions that hold then.
  // False where it is not worth it, or cannot be done: the set is of no use any more, and has to be made anew.
  bool follow(Instant as_at, const std::vector<CaseRecords::Change>& changes,
              const std::vector<VersionStore::Number>& decisions);
  const std::shared_ptr<const ModelEpoch>& epoch() const { return epoch_; }

  Instant as_at() const { return as_at_; }
  const CaseRecords& records() const { return records_; }  // by source, then id
  const std::vector<PersonCase>& persons() const { return persons_; }

  const v1::Event& record(const Mention& mention) const { return *records_[mention.record]; }
  const v1::Person& person(const Mention& mention) const { return record(mention).personal().people(mention.index); }
  // Strongest first. Not of a set that follows.
  const std::vector<PossiblePerson>& possible() const;
  std::vector<PossiblePerson> possible_of(std::size_t person) const;  // those that the person is one of
  const std::string& model_version() const { return epoch_->version; }
  // For explanations: where people were found by what changed, they are all linked once more when it is first asked
  // for. Not of a set that follows.
  const PeopleLinkage& linkage() const;
  // The linkage's number of a mention; nothing where it names nobody.
  std::optional<std::size_t> linked_as(const Mention& mention) const;
  const Mention& linked_mention(std::size_t number) const { return mentioned_[number]; }
  // The earliest mention that a person's id is, or once was, the digest of: a person has the id of their earliest
  // record, and when two are linked one of their ids goes on. Nothing where no record gives that id. Not of a set that
  // follows.
  std::optional<Mention> mention_of_id(const std::string& id) const;
  // The position in persons() of whom the record names at `index`; nothing where that is nobody.
  std::optional<std::size_t> person_at(const Mention& mention) const;

  // Given to whom records name; those of who is named no more too, for as long as the set follows.
  std::size_t places() const { return linked_as_.size(); }
  // Positions in persons() of the people a record names in one of the roles, each once, by their ids.
  std::vector<std::size_t> people_of(std::size_t record, const std::vector<std::string>& roles) const;
  // The current version of the record that `source` and `id` name; nullptr when it is not in the set. `id` may be that
  // of any version, or the record's own key.
  const v1::Event* find(std::string_view source, std::string_view id) const;
  std::optional<std::size_t> find_position(std::string_view source, std::string_view id) const;  // in records()
  std::vector<const v1::Event*> versions_of(std::size_t record) const { return records_.versions_of(record); }
  // Of what is kept and was told of so many changes since it was asked for nothing is kept any more.
  static constexpr std::size_t kToldMost = 50'000;
  // What documents keep of the set, by what it depends on besides. A set keeps so much: what was asked for longest ago
  // goes first. `make` gives one where there is none.
  template <typename T, typename Make>
  std::shared_ptr<T> kept(const std::string& by, const Make& make) const {
    if (std::shared_ptr<Kept> known = find_kept(by)) return std::static_pointer_cast<T>(known);
    std::shared_ptr<T> made = make();
    keep(by, made);
    return made;
  }
  // As long as it lives it is noted what find(), find_position() and person_at() were asked for, and what
  // note_links_to() says: what was found out may be otherwise once that changes.
  class LookUps {
   public:
    explicit LookUps(const CaseSet& set) : set_(set) { set_.looked_up_ = &ids_; }
    LookUps(const LookUps&) = delete;
    ~LookUps() { set_.looked_up_ = nullptr; }
    const std::vector<std::uint64_t>& ids() const { return ids_; }  // the digests of SetChange

   private:
    const CaseSet& set_;
    std::vector<std::uint64_t> ids_;
  };
  // The records that link to this one are looked at.
  void note_links_to(std::size_t record) const;
  // The id of a case made of one record that names nobody: "c-…".
  std::string case_of_record(std::size_t record) const;
  // The id of a case that is a place, from its normal form: "l-…".
  std::string case_of_place(std::string_view place) const;

  int loaded_later = 0;                       // events of a declared backfill, among all versions selected
  std::map<std::string, Instant> last_heard;  // by agency: the latest time its events speak of
  DatedAheadBy dated_ahead;                   // no part of the set

 private:
  std::optional<Mention> earliest_with_id(const std::string& id, const std::vector<Mention>& mentions) const;
  struct Said;    // what mentions say, for as long as people are told apart
  struct Living;  // of a set that follows
  // By whom a person has their id: the earliest mention, by its place in mentioned_, and what its key makes of it.
  struct First {
    std::string id;
    std::uint32_t mention = 0;
  };
  struct KeptBy {
    std::string by;
    std::shared_ptr<Kept> what;
    std::size_t told = 0;  // of how many changes since it was asked for
  };
  static constexpr std::uint32_t kNobody = ~std::uint32_t{0};  // no number of a mention, no position of a person

  void link_people(const WhoIsWho& who_is_who);
  std::vector<const v1::Event*> in_order(const std::vector<VersionStore::Number>& decisions) const;
  void find_erased(const std::vector<const v1::Event*>& decisions);
  const std::string* erased_as(std::size_t record, int index) const;
  void read_mentions(Said& said);
  PersonRecord read_mention(const v1::Event& event, const Mention& mention, KnownNames& names) const;
  std::string mention_name(std::size_t number) const;  // PersonRecord::mention
  void name_people(const Said& said, const Partition& people);
  void tell_ids();
  First first_of(std::span<const std::uint32_t> mentions) const;
  std::vector<LinkDecision> decisions_on(const std::vector<const v1::Event*>& events) const;
  std::uint32_t place_of(const Mention& mention) const;
  PossiblePerson possible_person(const PossiblePair& pair) const;

  std::shared_ptr<Kept> find_kept(const std::string& by) const;
  void keep(const std::string& by, std::shared_ptr<Kept> kept) const;
  void tell_kept(const SetChange& change);

  void go_live();
  std::vector<std::uint32_t> find_changed(std::vector<std::uint32_t> positions,
                                          const std::vector<const v1::Event*>& decided, SetChange& told);
  void name_again(std::uint32_t position, std::vector<LiveMentions::Number>& gone,
                  std::vector<LiveMentions::Arrival>& come);
  void gather_again(const std::vector<LiveMentions::Number>& gone, const std::vector<LiveMentions::Number>& touched,
                    SetChange& change);
  PersonCase person_of_places(std::vector<std::uint32_t>& places);
  std::uint32_t earliest_of(std::span<const std::uint32_t> mentions) const;
  void put_person(std::size_t slot, PersonCase person, const std::vector<std::uint32_t>& places,
                  std::vector<std::string>& keys);
  void drop_person(std::size_t slot, SetChange& change);
  void tell_ids(const std::string& key, SetChange& change);

  Instant as_at_;
  Key secret_;
  CaseRecords records_;
  std::vector<PersonCase> persons_;
  std::vector<First> firsts_;               // by person
  std::vector<std::uint32_t> first_place_;  // by record: where its people stand in linked_as_ and person_of_
  std::vector<std::uint32_t> named_;        // by record: how many
  std::vector<std::uint32_t> linked_as_;    // the linkage's number; kNobody where nobody is named
  std::vector<std::uint32_t> person_of_;    // position in persons(); likewise
  std::vector<Mention> mentioned_;          // by the linkage's number
  std::map<std::pair<std::size_t, int>, std::string> erased_;  // by record and index: who they were, an id
  std::shared_ptr<const ModelEpoch> epoch_;
  std::vector<LinkDecision> decisions_;
  mutable std::shared_ptr<PeopleLinkage> linkage_;
  std::vector<PossiblePerson> possible_;
  std::shared_ptr<Living> living_;
  mutable std::vector<KeptBy> kept_;  // the latest asked for last
  mutable std::vector<std::uint64_t>* looked_up_ = nullptr;
};

// In a role? An empty list means any.
bool is_in(const std::vector<std::string>& list, const std::string& value);
v1::EventRef reference_to(const v1::Event& event);
// Orders events by time, then source, then id.
bool happened_before(const v1::Event& a, const v1::Event& b);
Instant time_of(const v1::Event& event);

}  // namespace moot
