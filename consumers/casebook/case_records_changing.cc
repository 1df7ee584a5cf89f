// Records of a set that follows its casebook, and what is read of them: case_records.h.
#include <algorithm>
#include <map>

#include "consumers/casebook/case_records.h"

namespace moot {
namespace {

constexpr std::size_t kFew = 8;  // so many are moved one by one
// What was read stays for the next document, up to so much, or so much for each record: a quarter of what it takes.
constexpr std::uint64_t kKeptBytes = std::uint64_t{256} << 20;
constexpr std::uint64_t kKeptBytesOfRecord = 64;

}  // namespace

void CaseRecords::tell(std::uint32_t position, SetChange& told) const {
  told.records.push_back(position);
  told.actions = told.actions || body(position) == v1::Facts::kAction;
  if (links(position)) {
    v1::Event scratch;
    for (const v1::Link& link : peek(position, scratch).envelope().links())
      told.linked.push_back(digest_of_link_to(link.source(), link.id()));
  }
  told.ids.push_back(digest_of_id(source(position), key(position)));
  told.ids.push_back(digest_of_id(source(position), version(position).id()));
  if (const auto earlier = earlier_.find(position); earlier != earlier_.end())
    for (const Number number : earlier->second)
      told.ids.push_back(digest_of_id(source(position), store_->version(number).id()));
}

void CaseRecords::forget(std::uint32_t position) {
  const auto goes_by_no_more = [&](std::string_view id) {
    const auto place = other_ids_.find(join_key(source(position), id));
    if (place != other_ids_.end() && place->second == position) other_ids_.erase(place);
  };
  goes_by_no_more(version(position).id());
  keys_.erase(join_key(source(position), key(position)));
  if (const auto earlier = earlier_.find(position); earlier != earlier_.end()) {
    for (const Number number : earlier->second) goes_by_no_more(store_->version(number).id());
    earlier_.erase(earlier);
  }
  has_history_[position] = false;
  read_[position] = nullptr;
  rows_[position] = VersionStore::kNone;
  --count_;
}

void CaseRecords::take_out(Positions& list, Positions gone, Before before) const {
  std::vector<std::size_t> places;
  for (const std::uint32_t position : gone) {
    auto place = std::lower_bound(list.begin(), list.end(), position,
                                  [&](std::uint32_t a, std::uint32_t b) { return (this->*before)(a, b); });
    places.push_back(static_cast<std::size_t>(std::find(place, list.end(), position) - list.begin()));
  }
  std::sort(places.rbegin(), places.rend());
  if (places.size() <= kFew) {
    for (const std::size_t place : places) list.erase(list.begin() + static_cast<std::ptrdiff_t>(place));
    return;
  }
  for (const std::size_t place : places) list[place] = kNowhere;
  std::erase(list, kNowhere);
}

void CaseRecords::put_in(Positions& list, Positions come, Before before) const {
  const auto is_before = [&](std::uint32_t a, std::uint32_t b) { return (this->*before)(a, b); };
  std::sort(come.begin(), come.end(), is_before);
  if (come.size() <= kFew) {
    for (const std::uint32_t position : come)
      list.insert(std::upper_bound(list.begin(), list.end(), position, is_before), position);
    return;
  }
  Positions merged;
  merged.reserve(list.size() + come.size());
  auto from = list.begin();
  for (const std::uint32_t position : come) {
    const auto place = std::upper_bound(from, list.end(), position, is_before);
    merged.insert(merged.end(), from, place);
    merged.push_back(position);
    from = place;
  }
  merged.insert(merged.end(), from, list.end());
  list = std::move(merged);
}

std::optional<std::vector<std::uint32_t>> CaseRecords::change(const std::vector<Change>& changes, SetChange& told) {
  if (ambiguous_) return std::nullopt;
  if (!changed_) {
    changed_ = true;
    first_rows_ = rows_;
    position_of_.assign(store_->record_count(), kNowhere);
    for (std::uint32_t i = 0; i < rows_.size(); ++i) position_of_[version(i).record] = i;
  }
  position_of_.resize(store_->record_count(), kNowhere);
  std::map<Positions*, Listed> lists, by_time;
  const auto list = [&](std::uint32_t position, Positions Listed::*side) {
    for (Positions* one : lists_of(position)) (lists[one].*side).push_back(position);
    if (contacts_ && body(position) == v1::Facts::kContact)
      (by_time[&(*contacts_)[kind_of(position)]].*side).push_back(position);
    if (std::optional<Positions>& all = by_time_[version(position).body]) (by_time[&*all].*side).push_back(position);
  };
  std::vector<std::uint32_t> positions;
  for (const Change& change : changes) {
    std::uint32_t& position = position_of_[change.record];
    if (position != kNowhere && is_there(position)) list(position, &Listed::gone);
    if (position == kNowhere && change.now) {
      position = static_cast<std::uint32_t>(rows_.size());
      rows_.push_back(VersionStore::kNone);
      has_history_.push_back(false);
      read_.push_back(nullptr);
    }
    positions.push_back(position);
  }
  for (auto& [one, listed] : lists) take_out(*one, listed.gone, &CaseRecords::before);
  for (auto& [one, listed] : by_time) take_out(*one, listed.gone, &CaseRecords::earlier);
  for (const std::uint32_t position : positions)
    if (position != kNowhere && is_there(position)) {
      tell(position, told);
      forget(position);
    }
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (!changes[i].now) continue;
    const std::uint32_t position = positions[i];
    rows_[position] = changes[i].now->current;
    ++count_;
    take_in(position, *changes[i].now);
    go_by_key(position);
    const bool as_first = position < first_rows_.size() && first_rows_[position] == rows_[position];
    if (!as_first) go_by(position, version(position).id());
  }
  if (ambiguous_) return std::nullopt;
  for (std::size_t i = 0; i < changes.size(); ++i)
    if (changes[i].now) {
      tell(positions[i], told);
      list(positions[i], &Listed::come);
    }
  for (auto& [one, listed] : lists) put_in(*one, listed.come, &CaseRecords::before);
  for (auto& [one, listed] : by_time) put_in(*one, listed.come, &CaseRecords::earlier);
  if (arena_->SpaceAllocated() > std::max(kKeptBytes, rows_.size() * kKeptBytesOfRecord)) {
    std::fill(read_.begin(), read_.end(), nullptr);
    others_.clear();
    arena_->Reset();
    told.events_gone = true;
  }
  return positions;
}

std::vector<std::uint64_t> CaseRecords::digests_of_links_to(std::size_t position) const {
  std::vector<std::uint64_t> digests = {digest_of_link_to(source(position), key(position)),
                                        digest_of_link_to(source(position), version(position).id())};
  if (const auto earlier = earlier_.find(static_cast<std::uint32_t>(position)); earlier != earlier_.end())
    for (const Number number : earlier->second)
      digests.push_back(digest_of_link_to(source(position), store_->version(number).id()));
  return digests;
}

CaseRecords::Passing::Passing(const CaseRecords& records) : records_(records) {
  MOOT_CHECK(!records_.passed_);
  records_.passed_.emplace();
  records_.passed_->arena = new_arena();
}

CaseRecords::Passing::~Passing() {
  drop();
  records_.passed_.reset();
}

void CaseRecords::Passing::go_on() {
  constexpr std::uint64_t kMostBytes = std::uint64_t{8} << 20;
  if (records_.passed_->arena->SpaceAllocated() > kMostBytes) drop();
}

void CaseRecords::Passing::drop() {
  Passed& passed = *records_.passed_;
  for (const std::uint32_t position : passed.read) records_.read_[position] = nullptr;
  for (const Number number : passed.others) records_.others_.erase(number);
  passed.read.clear();
  passed.others.clear();
  passed.arena->Reset();
}

}  // namespace moot
