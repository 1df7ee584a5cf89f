// Every version of every record, packed: what documents select by stands apart, the event itself as bytes. A parsed
// event takes several times as much, and what many events say alike (source, type, agency, area …) is kept once.
//
// It only grows; what is in it stays where it is, so that a CaseSet may go on reading while more is added. Records and
// versions have numbers, counted from 0 in the order in which they came: they must not decide what a document says.
// Thread: one, that of the casebook and of the sets made from it.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/instant.h"
#include "broker/core/seal.h"
#include "consumers/casebook/chunked.h"
#include "proto/event.pb.h"

namespace moot {

class VersionStore {
 public:
  using Number = std::uint32_t;
  static constexpr Number kNone = ~Number{0};

  struct Version {
    Instant counts_from;  // consumers/runtime/counts_from.h, or the beginning of time
    Instant time;
    std::uint64_t revision = 0;
    const char* bytes = nullptr;  // the event without its head
    std::uint32_t size = 0;
    std::uint32_t facts_at = 0;  // where in `bytes` the facts begin, behind their length
    std::uint16_t id_size = 0;
    std::uint8_t body = 0;  // v1::Facts::BodyCase
    bool backfill : 1 = false;
    bool withdrawn : 1 = false;
    bool has_people : 1 = false;
    bool has_links : 1 = false;
    std::uint8_t id_at : 4 = 0;  // where in `bytes` the id begins: behind two tags and two lengths
    Number head = 0;
    Number record = kNone;  // that it is a version of
    Number next = kNone;    // another version of the record

    std::string_view id() const { return {bytes + id_at, id_size}; }
  };

  // The versions of a saved store, one after the other, as events: add() makes a store of them again.
  class Saved {
   public:
    explicit Saved(std::string_view bytes);
    bool next(v1::Event& event);  // false at the end, and where the bytes are not what save() writes
    bool whole() const { return whole_; }
    std::uint64_t count() const { return count_; }
    std::string_view rest() const { return bytes_; }

   private:
    std::string_view bytes_;
    std::vector<std::string_view> heads_;
    std::uint64_t count_ = 0, read_ = 0;
    bool whole_ = true;
  };

  VersionStore();
  VersionStore(const VersionStore&) = delete;

  // The version as a member of its record; nothing where it is there already.
  bool add(const v1::Event& event, Instant counts_from);
  std::size_t record_count() const { return records_.size(); }
  std::size_t version_count() const { return versions_.size(); }

  // Of a record: its versions, from first_of() over Version::next, in no order that means anything.
  Number first_of(Number record) const { return records_[record].first; }
  std::string_view source_of(Number record) const { return source_names_[records_[record].source]; }
  std::string_view key_of(Number record) const { return {records_[record].key, records_[record].key_size}; }
  std::optional<Number> find(std::string_view source, std::string_view record) const;
  const Version& version(Number number) const { return versions_[number]; }
  // What the envelope of many versions says alike: source, type, agency, area, marking, compartment, regime, basis,
  // consent, retention. The rest of it is empty.
  const v1::Envelope& head(const Version& version) const { return heads_[version.head].envelope; }
  const v1::Envelope& head_at(Number number) const { return heads_[number].envelope; }
  // The facts alone, for a tenth of the work.
  void read_facts(const Version& version, v1::Facts& facts) const;
  // The whole event again. Clears what `event` held.
  void read(const Version& version, v1::Event& event) const;
  // What documents found out about versions, so that the next need not read them again: a byte of each, 0 where nothing
  // is known yet. `of`: what it is about, with all that it depends on but the version itself. Of 64 things at most, so
  // 64 bytes an event; those not asked for for longest are forgotten.
  using Notes = std::vector<std::uint8_t>;
  std::shared_ptr<Notes> notes(const std::string& of) const;
  // Heads, then versions in the order in which they came.
  void save(std::string& out) const;

 private:
  struct Record {
    const char* key = nullptr;  // in the source
    std::uint32_t key_size = 0;
    Number source = 0;
    Number first = kNone;
  };
  struct Head {
    v1::Envelope envelope;
    std::string bytes;  // of an event that has nothing else
  };
  // A record in the index, with enough of its hash to tell it from nearly all others without looking at it.
  struct Slot {
    std::uint32_t hash = 0;
    Number record = kNone;
  };
  struct Asked {
    std::uint32_t hash = 0;
    Number source = 0;
    std::string_view key;
  };
  struct SlotHash {
    using is_transparent = void;
    std::size_t operator()(const Slot& slot) const { return slot.hash; }
    std::size_t operator()(const Asked& asked) const { return asked.hash; }
  };
  struct SlotEqual {
    using is_transparent = void;
    const VersionStore* store;
    bool operator()(const Slot& a, const Slot& b) const { return a.record == b.record; }
    bool operator()(const Asked& a, const Slot& b) const { return b.hash == a.hash && store->is(b.record, a); }
    bool operator()(const Slot& a, const Asked& b) const { return (*this)(b, a); }
  };

  struct Noted {
    std::shared_ptr<Notes> notes;
    std::uint64_t asked = 0;  // the last time
  };

  bool is(Number record, const Asked& asked) const;
  Asked asked(Number source, std::string_view key) const;
  Number source_number(const std::string& source);
  Number head_number(const v1::Envelope& envelope);
  Number record_number(const v1::Envelope& envelope);
  void pack(const v1::Event& event, Version& version);
  char* room(std::size_t bytes);

  const std::uint64_t point_;  // random: keeps a publisher from choosing keys that all fall into one place
  Chunked<Version> versions_;
  Chunked<Record> records_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t left_ = 0;  // in the last block
  boost::unordered_flat_set<Slot, SlotHash, SlotEqual> index_;
  boost::unordered_flat_map<std::string, Number> sources_;
  std::deque<std::string> source_names_;                         // by number
  boost::unordered_flat_map<std::string, Number> head_numbers_;  // by what they say
  std::deque<Head> heads_;
  std::string said_;   // of a head; kept for its room
  v1::Envelope rest_;  // what a head leaves; likewise
  std::string unknown_;
  mutable std::map<std::string, Noted> notes_;  // no part of what is saved
  mutable std::uint64_t asked_ = 0;
};

}  // namespace moot
