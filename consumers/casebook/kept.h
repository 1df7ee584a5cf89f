// What documents find out about a set of cases and keep for the next one, as long as the set follows its casebook: so
// that after one more event a document looks again at those whom the event concerns, and at nobody else.
//
// Thread: that of the set.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace moot {

// What one step of a set made otherwise.
struct SetChange {
  std::vector<std::uint32_t> records;  // positions in records() where another version stands since, or none
  std::vector<std::uint32_t> people;   // positions in persons() where somebody else stands since, or nobody
  std::vector<std::uint64_t> ids;      // digest_of_id() of all ids by which a changed record went, or goes
  std::vector<std::uint64_t> linked;   // digest_of_link_to() of what a changed record linked to, or links to
  bool actions = false;                // one of the records is, or was, an action
  bool events_gone = false;            // pointers to events of before point to nothing

  // Calls with each digest that somebody may have noted (CaseSet::LookUps).
  template <typename Call>
  void each_digest(const Call& call) const;
};

class Kept {
 public:
  virtual ~Kept() = default;
  // Called by the set after each step.
  virtual void changed(const SetChange& change) = 0;
  virtual std::size_t bytes() const = 0;  // about
};

// Whom or what is to be worked out again when something changes, by the digests of what each depends on.
template <typename One>
class Dependents {
 public:
  void add(const std::vector<std::uint64_t>& digests, const One& one) {
    for (const std::uint64_t digest : digests) by_digest_.emplace(digest, one);
  }
  // Calls with each that depends on it, and forgets that it does: it is added again when it was worked out.
  template <typename Call>
  void take(std::uint64_t digest, const Call& call) {
    const auto [first, last] = by_digest_.equal_range(digest);
    for (auto known = first; known != last; ++known) call(known->second);
    by_digest_.erase(first, last);
  }
  // What something once depended on stays until it changes. When that is most of it, begin anew.
  bool is_worn() const { return by_digest_.size() > 2 * at_first_ + 1000; }
  void begin() { at_first_ = by_digest_.size(); }  // everything was worked out once
  void clear() { by_digest_.clear(); }
  std::size_t bytes() const { return by_digest_.size() * (sizeof(One) + 32); }  // about

 private:
  std::unordered_multimap<std::uint64_t, One> by_digest_;
  std::size_t at_first_ = 0;
};

// Within one process only; of two ids with one digest what is kept about either is found out again.
std::uint64_t digest_of_id(std::string_view source, std::string_view id);
std::uint64_t digest_of_link_to(std::string_view source, std::string_view id);
std::uint64_t digest_of_person(std::size_t position);  // in persons()

template <typename Call>
void SetChange::each_digest(const Call& call) const {
  for (const std::uint64_t id : ids) call(id);
  for (const std::uint64_t link : linked) call(link);
  for (const std::uint32_t person : people) call(digest_of_person(person));
}

}  // namespace moot
