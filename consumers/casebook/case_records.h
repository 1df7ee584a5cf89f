// The records of a set: the current version of each, as at an instant, parsed when it is first looked at. A set of ten
// million events is looked at by documents that read some thousands of them.
//
// They stand by (source, id). What tells which of them a document has to read, its body, its time and whether it links
// to anything, is known without parsing. Pointers stay valid as long as this object, moved or not.
// Thread: one, the owner's: reading keeps what was read.
#pragma once

#include <google/protobuf/arena.h>

#include <array>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

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
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = const v1::Event*;
    using difference_type = std::ptrdiff_t;
    using pointer = const value_type*;
    using reference = value_type;

    Iterator(const CaseRecords* records, std::size_t at) : records_(records), at_(at) {}
    const v1::Event* operator*() const { return (*records_)[at_]; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    const CaseRecords* records_;
    std::size_t at_;
  };

  CaseRecords(std::shared_ptr<const VersionStore> store, std::vector<Chosen> chosen);

  std::size_t size() const { return rows_.size(); }
  bool empty() const { return rows_.empty(); }
  const v1::Event* operator[](std::size_t position) const;
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size()}; }

  // Positions, ascending: of the records with such a body, of those that link to something, of those of which
  // versions_of() has several.
  const std::vector<std::uint32_t>& of_body(v1::Facts::BodyCase body) const;
  const std::vector<std::uint32_t>& linking() const { return linking_; }
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
  bool may_name_people(std::size_t position) const;  // an action may have them from an earlier version

  // Where the record stands whose current version, earlier version or own key `id` is.
  std::optional<std::size_t> find(std::string_view source, std::string_view id) const;
  // Every version of a record that counts, the current one first, then the later before the earlier. Of incidents,
  // contacts and other bodies whose history no document asks for, the current one alone.
  std::vector<const v1::Event*> versions_of(std::size_t position) const;
  // A version that is no record of the set.
  const v1::Event* read(Number version) const;
  // The current version of a record, into a message that is used again; or the one that was read already.
  const v1::Event& peek(std::size_t position, v1::Event& scratch) const;

 private:
  const VersionStore::Version& version(std::size_t position) const { return store_->version(rows_[position]); }
  void sort(std::vector<Chosen>& chosen) const;
  void index(const std::vector<Chosen>& chosen);
  std::optional<std::size_t> find_current(std::string_view source, std::string_view id) const;
  void complete(std::size_t position, v1::Event& event) const;

  static constexpr std::size_t kBodies = 32;  // above the number of any body in Facts

  std::shared_ptr<const VersionStore> store_;
  std::unique_ptr<google::protobuf::Arena> arena_;
  std::vector<Number> rows_;  // by position: the current version
  std::unordered_map<std::uint32_t, std::vector<Number>> earlier_;
  std::array<std::vector<std::uint32_t>, kBodies> of_body_;
  std::vector<std::uint32_t> linking_;
  std::vector<std::uint32_t> with_history_;
  std::vector<bool> has_history_;                                // by position
  mutable std::vector<const v1::Event*> read_;                   // by position; nullptr = not yet
  mutable std::unordered_map<Number, const v1::Event*> others_;  // by version
  std::unordered_map<std::string, std::uint32_t> other_ids_;     // "<source>\n<id>" of what is no current version's id
};

}  // namespace moot
