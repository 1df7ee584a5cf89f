#include "consumers/casebook/case_records.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace moot {
namespace {

std::string join_key(std::string_view source, std::string_view id) {
  std::string key(source);
  key.push_back('\n');
  key.append(id);
  return key;
}

// Fills what a later version of an action leaves out from an earlier one.
void carry_forward(v1::Event& event, const v1::Event& earlier) {
  v1::Action& action = *event.mutable_facts()->mutable_action();
  const v1::Action& before = earlier.facts().action();
  if (action.board().empty()) action.set_board(before.board());
  if (action.set_on().empty()) action.set_set_on(before.set_on());
  if (action.owner().empty()) action.set_owner(before.owner());
  if (action.due().empty()) action.set_due(before.due());
  if (event.personal().people().empty() && !earlier.personal().people().empty())
    *event.mutable_personal()->mutable_people() = earlier.personal().people();
  if (event.personal().texts().empty() && !earlier.personal().texts().empty())
    *event.mutable_personal()->mutable_texts() = earlier.personal().texts();
}

// Clocks look at the stages that a record has gone through.
bool is_history_asked_for(int body) {
  return body == v1::Facts::kOrder || body == v1::Facts::kReferral || body == v1::Facts::kReview ||
         body == v1::Facts::kRisk || body == v1::Facts::kRegister;
}

std::unique_ptr<google::protobuf::Arena> new_arena() {
  google::protobuf::ArenaOptions blocks;
  blocks.max_block_size = 1 << 20;
  return std::make_unique<google::protobuf::Arena>(blocks);
}

}  // namespace

CaseRecords::CaseRecords(std::shared_ptr<const VersionStore> store, std::vector<Chosen> chosen)
    : store_(std::move(store)), arena_(new_arena()), read_(chosen.size()) {
  sort(chosen);
  rows_.reserve(chosen.size());
  for (const Chosen& one : chosen) rows_.push_back(one.current);
  index(chosen);
}

// By source, then id. Sources are few; most ids differ in what begins them.
void CaseRecords::sort(std::vector<Chosen>& chosen) const {
  std::map<std::string_view, std::uint32_t> ranks;
  for (const Chosen& one : chosen) ranks.try_emplace(store_->source_of(one.record));
  std::uint32_t next = 0;
  for (auto& [source, rank] : ranks) rank = next++;
  struct Place {
    std::uint32_t source;
    std::uint32_t at;
    std::string_view id;
  };
  std::vector<Place> places;
  places.reserve(chosen.size());
  for (std::size_t i = 0; i < chosen.size(); ++i)
    places.push_back({ranks.at(store_->source_of(chosen[i].record)), static_cast<std::uint32_t>(i),
                      store_->version(chosen[i].current).id()});
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return std::tie(a.source, a.id) < std::tie(b.source, b.id); });
  std::vector<Chosen> sorted;
  sorted.reserve(chosen.size());
  for (const Place& place : places) sorted.push_back(std::move(chosen[place.at]));
  chosen = std::move(sorted);
}

void CaseRecords::index(const std::vector<Chosen>& chosen) {
  for (int i = 0; i < v1::Facts::descriptor()->field_count(); ++i)
    MOOT_CHECK(v1::Facts::descriptor()->field(i)->number() < static_cast<int>(kBodies));
  has_history_.resize(chosen.size());
  for (std::uint32_t i = 0; i < chosen.size(); ++i) {
    const VersionStore::Version& current = version(i);
    of_body_[current.body].push_back(i);
    if (current.has_links) linking_.push_back(i);
    for (const Number earlier : chosen[i].earlier)
      other_ids_.try_emplace(join_key(store_->head(current).source(), store_->version(earlier).id()), i);
    if (chosen[i].earlier.empty()) continue;
    earlier_.emplace(i, chosen[i].earlier);
    if (!is_history_asked_for(current.body)) continue;
    with_history_.push_back(i);
    has_history_[i] = true;
  }
  for (std::uint32_t i = 0; i < chosen.size(); ++i)
    if (const std::string_view key = store_->key_of(chosen[i].record); key != version(i).id())
      other_ids_.try_emplace(join_key(store_->head(version(i)).source(), key), i);
}

const std::vector<std::uint32_t>& CaseRecords::of_body(v1::Facts::BodyCase body) const {
  return of_body_[static_cast<std::size_t>(body)];
}

void CaseRecords::complete(std::size_t position, v1::Event& event) const {
  if (!event.facts().has_action()) return;
  const auto earlier = earlier_.find(static_cast<std::uint32_t>(position));
  if (earlier == earlier_.end()) return;
  for (const Number version : earlier->second) carry_forward(event, *read(version));
}

bool CaseRecords::may_name_people(std::size_t position) const {
  return version(position).has_people ||
         (body(position) == v1::Facts::kAction && earlier_.contains(static_cast<std::uint32_t>(position)));
}

const v1::Event* CaseRecords::operator[](std::size_t position) const {
  if (read_[position] != nullptr) return read_[position];
  auto* event = google::protobuf::Arena::CreateMessage<v1::Event>(arena_.get());
  store_->read(version(position), *event);
  complete(position, *event);
  return read_[position] = event;
}

const v1::Event* CaseRecords::read(Number number) const {
  const v1::Event*& known = others_[number];
  if (known != nullptr) return known;
  auto* event = google::protobuf::Arena::CreateMessage<v1::Event>(arena_.get());
  store_->read(store_->version(number), *event);
  return known = event;
}

const v1::Event& CaseRecords::peek(std::size_t position, v1::Event& scratch) const {
  if (read_[position] != nullptr) return *read_[position];
  store_->read(version(position), scratch);
  complete(position, scratch);
  return scratch;
}

std::optional<std::size_t> CaseRecords::find_current(std::string_view source, std::string_view id) const {
  const auto key_at = [&](Number number) {
    const VersionStore::Version& version = store_->version(number);
    return std::pair<std::string_view, std::string_view>(store_->head(version).source(), version.id());
  };
  const auto place = std::lower_bound(rows_.begin(), rows_.end(), std::pair(source, id),
                                      [&](Number number, const auto& key) { return key_at(number) < key; });
  if (place == rows_.end() || key_at(*place) != std::pair(source, id)) return std::nullopt;
  return static_cast<std::size_t>(place - rows_.begin());
}

std::optional<std::size_t> CaseRecords::find(std::string_view source, std::string_view id) const {
  if (const std::optional<std::size_t> position = find_current(source, id)) return position;
  const auto found = other_ids_.find(join_key(source, id));
  return found == other_ids_.end() ? std::nullopt : std::optional<std::size_t>(found->second);
}

std::vector<const v1::Event*> CaseRecords::versions_of(std::size_t position) const {
  std::vector<const v1::Event*> versions = {(*this)[position]};
  if (!is_history_asked_for(version(position).body)) return versions;
  if (const auto earlier = earlier_.find(static_cast<std::uint32_t>(position)); earlier != earlier_.end())
    for (const Number number : earlier->second) versions.push_back(read(number));
  return versions;
}

}  // namespace moot
