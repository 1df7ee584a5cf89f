// The records of a set: the current version of each, as at an instant, parsed when it is first looked at. A set of ten
// million events is looked at by documents that read some thousands of them.
//
// They stand by (source, id); a record that comes in a change stands behind all others, and where one went nothing
// stands: lists of positions are by (source, id) always, but for those by time. What tells which of them a document has
// to read, its body, its time and whether it links to anything, is known without parsing. Pointers stay valid as long
// as this object, moved or not, until the next change. Thread: one, the owner's: reading keeps what was read.
#pragma once

#include <google/protobuf/arena.h>

#include <array>
#include <compare>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "consumers/casebook/kept.h"
#include "consumers/casebook/version_store.h"

namespace moot {

class CaseRecords {
 public:
  using Number = VersionStore::Number;
  // One record that is in the set: its current version, and the earlier ones that count, the later before the earlier.
  struct Chosen {
    Number record = 0;
    Number current = 0;
    std::vector<Number> earlier;
  };
  // Contacts that are alike in what tells whether they are counted.
  struct ContactKind {
    std::string agency, channel, category;
    bool links = false;
    auto operator<=>(const ContactKind&) const = default;
  };
  // A record that is otherwise in the set than before, or in it no more.
  struct Change {
    Number record = 0;
    std::optional<Chosen> now;
  };

  CaseRecords(std::shared_ptr<const VersionStore> store, std::vector<Chosen> chosen);

  // Where they stand from now on: by change, the position; kNowhere where the record neither was nor is in the set.
  // Nothing where two records have versions of one id, so that which is meant depends on all: the set has to be made
  // anew.
  static constexpr std::uint32_t kNowhere = ~std::uint32_t{0};
  // What changed is added to `told`.
  std::optional<std::vector<std::uint32_t>> change(const std::vector<Change>& changes, SetChange& told);

  std::size_t size() const { return rows_.size(); }  // one more than the last position
  std::size_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  bool is_there(std::size_t position) const { return rows_[position] != VersionStore::kNone; }
  // Does one stand before the other, by (source, id)?
  bool before(std::size_t a, std::size_t b) const;
  std::optional<std::uint32_t> position_of(Number record) const;
  const v1::Event* operator[](std::size_t position) const;

  // Those with such a body: positions by time.
  const std::vector<std::uint32_t>& by_time(v1::Facts::BodyCase body) const;
  // Of those, from an instant on.
  std::span<const std::uint32_t> since(v1::Facts::BodyCase body, Instant from) const;
  std::vector<std::uint32_t> since(Instant from) const;  // of every body, in no order
  // The contacts of each kind: positions by time.
  const std::map<ContactKind, std::vector<std::uint32_t>>& contacts() const;
  // Positions by (source, id): of the records with such a body, of those that link to something, of those of which
  // versions_of() has several.
  const std::vector<std::uint32_t>& of_body(v1::Facts::BodyCase body) const;
  const std::vector<std::uint32_t>& linking() const { return linking_; }
  std::vector<std::uint64_t> digests_of_links_to(std::size_t position) const;  // by any of its ids
  std::vector<std::uint32_t> linking_as(const std::string& rel) const;  // of those that link, with a link of the kind
  const std::vector<std::uint32_t>& with_history() const { return with_history_; }
  v1::Facts::BodyCase body(std::size_t position) const {
    return static_cast<v1::Facts::BodyCase>(version(position).body);
  }
  Instant time(std::size_t position) const { return version(position).time; }
  const std::string& agency(std::size_t position) const { return store_->head(version(position)).agency(); }
  bool links(std::size_t position) const { return version(position).has_links; }
  // The facts alone, without the rest of the event.
  void read_facts(std::size_t position, v1::Facts& facts) const { store_->read_facts(version(position), facts); }
  // Can any version that versions_of() gives have such a body?
  bool may_be(std::size_t position, v1::Facts::BodyCase body) const {
    return this->body(position) == body || has_history(position);
  }
  bool has_history(std::size_t position) const { return has_history_[position]; }
  // The record's own key in its source.
  std::string_view key(std::size_t position) const { return store_->key_of(version(position).record); }
  const std::string& source(std::size_t position) const { return store_->head(version(position)).source(); }
  bool may_name_people(std::size_t position) const;  // an action may have them from an earlier version

  // Where the record stands whose current version, earlier version or own key `id` is.
  std::optional<std::size_t> find(std::string_view source, std::string_view id) const;
  // That the record which stands there is, or will be, another.
  void tell(std::uint32_t position, SetChange& told) const;
  // Every version of a record that counts, the current one first, then the later before the earlier. Of incidents,
  // contacts and other bodies whose history no document asks for, the current one alone.
  std::vector<const v1::Event*> versions_of(std::size_t position) const;
  // The first version of the record that counts, in its source's own words.
  const v1::Event& first_version(std::size_t position) const;
  // VersionStore::notes() by position. It holds until the next change.
  class Notes {
   public:
    std::uint8_t& operator[](std::size_t position) { return (*bytes_)[rows_[position]]; }

   private:
    friend class CaseRecords;
    Notes(std::shared_ptr<VersionStore::Notes> bytes, const Number* rows) : bytes_(std::move(bytes)), rows_(rows) {}
    std::shared_ptr<VersionStore::Notes> bytes_;
    const Number* rows_;
  };
  Notes notes(const std::string& of) const { return {store_->notes(of), rows_.data()}; }
  // As long as it lives, what is read is read for this once: pointers to what was not read before hold until the next
  // go_on() that finds so much of it that it is dropped, or the end. For whoever looks at most of a long history.
  class Passing {
   public:
    explicit Passing(const CaseRecords& records);
    Passing(const Passing&) = delete;
    ~Passing();
    void go_on();

   private:
    void drop();
    const CaseRecords& records_;
  };

  // A version that is no record of the set.
  const v1::Event* read(Number version) const;
  // The current version of a record, into a message that is used again; or the one that was read already.
  const v1::Event& peek(std::size_t position, v1::Event& scratch) const;

 private:
  // Positions of one list, as the next two put them in order.
  using Positions = std::vector<std::uint32_t>;
  using Before = bool (CaseRecords::*)(std::size_t, std::size_t) const;
  struct Listed {
    Positions gone, come;
  };

  const VersionStore::Version& version(std::size_t position) const { return store_->version(rows_[position]); }
  void sort(std::vector<Chosen>& chosen) const;
  void index(const std::vector<Chosen>& chosen);
  bool earlier(std::size_t a, std::size_t b) const;  // by time
  std::vector<Positions*> lists_of(std::uint32_t position);
  void take_out(Positions& list, Positions gone, Before before) const;
  void put_in(Positions& list, Positions come, Before before) const;
  ContactKind kind_of(std::uint32_t position) const;
  using Ids = std::unordered_map<std::string, std::uint32_t>;  // positions by join_key()
  static std::string join_key(std::string_view source, std::string_view id);
  static std::unique_ptr<google::protobuf::Arena> new_arena();
  void go_by(std::uint32_t position, std::string_view id);
  void go_by_key(std::uint32_t position);
  void take_in(std::uint32_t position, const Chosen& chosen);
  void forget(std::uint32_t position);
  std::optional<std::size_t> find_current(std::string_view source, std::string_view id) const;
  void complete(std::size_t position, v1::Event& event) const;
  google::protobuf::Arena* arena() const { return passed_ ? passed_->arena.get() : arena_.get(); }

  static constexpr std::size_t kBodies = 32;  // above the number of any body in Facts

  std::shared_ptr<const VersionStore> store_;
  std::unique_ptr<google::protobuf::Arena> arena_;
  std::vector<Number> rows_;  // by position: the current version; kNone where nothing stands
  std::size_t count_ = 0;
  std::unordered_map<std::uint32_t, std::vector<Number>> earlier_;
  std::array<Positions, kBodies> of_body_;
  Positions linking_;
  Positions with_history_;
  std::vector<bool> has_history_;                                // by position
  mutable std::vector<const v1::Event*> read_;                   // by position; nullptr = not yet
  mutable std::unordered_map<Number, const v1::Event*> others_;  // by version
  struct Passed {
    std::unique_ptr<google::protobuf::Arena> arena;
    Positions read;  // in read_
    std::vector<Number> others;
  };
  mutable std::optional<Passed> passed_;  // what is read while there is a Passing
  Ids other_ids_;                         // of versions that are not where find_current() looks
  Ids keys_;                              // records' own keys that are not the id of their current version
  bool ambiguous_ = false;                // two records have versions of one id
  mutable std::optional<std::map<ContactKind, Positions>> contacts_;  // once they were asked for
  mutable std::array<std::optional<Positions>, kBodies> by_time_;     // likewise
  bool changed_ = false;
  // Once there was a change:
  std::vector<Number> first_rows_;          // rows_ as they were, by (source, id)
  std::vector<std::uint32_t> position_of_;  // by record
};

}  // namespace moot
