#include "consumers/casebook/case_records.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace moot {
namespace {

// Fills what a later version of an action leaves out from an earlier one.
void carry_forward(v1::Event& event, const v1::Event& earlier) {
  v1::Action& action = *event.mutable_facts()->mutable_action();
  const v1::Action& before = earlier.facts().action();
  if (action.board().empty()) action.set_board(before.board());
  if (action.set_on().empty()) action.set_set_on(before.set_on());
  if (action.owner().empty()) action.set_owner(before.owner());
  if (action.due().empty()) action.set_due(before.due());
  if (!action.has_carried() && before.has_carried()) action.set_carried(before.carried());
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

}  // namespace

std::string CaseRecords::join_key(std::string_view source, std::string_view id) {
  std::string key(source);
  key.push_back('\n');
  key.append(id);
  return key;
}

std::unique_ptr<google::protobuf::Arena> CaseRecords::new_arena() {
  google::protobuf::ArenaOptions blocks;
  blocks.max_block_size = 1 << 20;
  return std::make_unique<google::protobuf::Arena>(blocks);
}

CaseRecords::CaseRecords(std::shared_ptr<const VersionStore> store, std::vector<Chosen> chosen)
    : store_(std::move(store)), arena_(new_arena()), read_(chosen.size()) {
  sort(chosen);
  rows_.reserve(chosen.size());
  for (const Chosen& one : chosen) rows_.push_back(one.current);
  count_ = rows_.size();
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
  for (std::uint32_t i = 0; i < chosen.size(); ++i) take_in(i, chosen[i]);
  for (std::uint32_t i = 0; i < chosen.size(); ++i) {
    go_by_key(i);
    for (Positions* list : lists_of(i)) list->push_back(i);
  }
}

void CaseRecords::go_by(std::uint32_t position, std::string_view id) {
  const auto [place, is_new] = other_ids_.try_emplace(join_key(source(position), id), position);
  if (!is_new && place->second != position) ambiguous_ = true;
}

void CaseRecords::go_by_key(std::uint32_t position) {
  if (key(position) != version(position).id()) keys_.try_emplace(join_key(source(position), key(position)), position);
}

// Of which versions it consists.
void CaseRecords::take_in(std::uint32_t position, const Chosen& chosen) {
  if (chosen.earlier.empty()) return;
  for (const Number earlier : chosen.earlier) go_by(position, store_->version(earlier).id());
  earlier_[position] = chosen.earlier;
  has_history_[position] = is_history_asked_for(version(position).body);
}

bool CaseRecords::before(std::size_t a, std::size_t b) const {
  return std::pair<std::string_view, std::string_view>(store_->head(version(a)).source(), version(a).id()) <
         std::pair<std::string_view, std::string_view>(store_->head(version(b)).source(), version(b).id());
}

bool CaseRecords::earlier(std::size_t a, std::size_t b) const { return time(a) < time(b); }

std::optional<std::uint32_t> CaseRecords::position_of(Number record) const {
  if (record >= position_of_.size() || position_of_[record] == kNowhere) return std::nullopt;
  return position_of_[record];
}

// By (source, id); those by time stand apart.
std::vector<CaseRecords::Positions*> CaseRecords::lists_of(std::uint32_t position) {
  std::vector<Positions*> lists = {&of_body_[version(position).body]};
  if (version(position).has_links) lists.push_back(&linking_);
  if (has_history_[position]) lists.push_back(&with_history_);
  return lists;
}

CaseRecords::ContactKind CaseRecords::kind_of(std::uint32_t position) const {
  v1::Facts facts;
  read_facts(position, facts);
  return {agency(position), facts.contact().channel(), facts.contact().category(), links(position)};
}

const std::map<CaseRecords::ContactKind, std::vector<std::uint32_t>>& CaseRecords::contacts() const {
  if (contacts_) return *contacts_;
  contacts_.emplace();
  for (const std::uint32_t position : of_body(v1::Facts::kContact)) (*contacts_)[kind_of(position)].push_back(position);
  for (auto& [kind, positions] : *contacts_)
    std::sort(positions.begin(), positions.end(), [&](std::uint32_t a, std::uint32_t b) { return earlier(a, b); });
  return *contacts_;
}

const std::vector<std::uint32_t>& CaseRecords::by_time(v1::Facts::BodyCase body) const {
  std::optional<Positions>& all = by_time_[static_cast<std::size_t>(body)];
  if (all) return *all;
  std::vector<std::pair<Instant, std::uint32_t>> times;
  for (const std::uint32_t position : of_body(body)) times.emplace_back(time(position), position);
  std::stable_sort(times.begin(), times.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  all.emplace();
  for (const auto& [time, position] : times) all->push_back(position);
  return *all;
}

std::span<const std::uint32_t> CaseRecords::since(v1::Facts::BodyCase body, Instant from) const {
  const Positions& all = by_time(body);
  const auto first = std::lower_bound(
      all.begin(), all.end(), from, [&](std::uint32_t position, Instant instant) { return time(position) < instant; });
  return {first, all.end()};
}

std::vector<std::uint32_t> CaseRecords::linking_as(const std::string& rel) const {
  std::vector<std::uint32_t> positions;
  Notes notes = this->notes("links\x1f" + rel);
  v1::Event scratch;
  for (const std::uint32_t position : linking_) {
    std::uint8_t& note = notes[position];
    if (note == 0) {
      const auto& links = peek(position, scratch).envelope().links();
      const bool has = std::any_of(links.begin(), links.end(), [&](const v1::Link& link) { return link.rel() == rel; });
      note = has ? 2 : 1;
    }
    if (note == 2) positions.push_back(position);
  }
  return positions;
}

std::vector<std::uint32_t> CaseRecords::since(Instant from) const {
  std::vector<std::uint32_t> positions;
  for (std::size_t body = 0; body < kBodies; ++body) {
    const std::span<const std::uint32_t> those = since(static_cast<v1::Facts::BodyCase>(body), from);
    positions.insert(positions.end(), those.begin(), those.end());
  }
  return positions;
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
  auto* event = google::protobuf::Arena::CreateMessage<v1::Event>(arena());
  if (passed_) passed_->read.push_back(static_cast<std::uint32_t>(position));
  store_->read(version(position), *event);
  complete(position, *event);
  return read_[position] = event;
}

const v1::Event* CaseRecords::read(Number number) const {
  const v1::Event*& known = others_[number];
  if (known != nullptr) return known;
  auto* event = google::protobuf::Arena::CreateMessage<v1::Event>(arena());
  if (passed_) passed_->others.push_back(number);
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
  const std::vector<Number>& rows = changed_ ? first_rows_ : rows_;
  const auto found = std::lower_bound(rows.begin(), rows.end(), std::pair(source, id),
                                      [&](Number number, const auto& key) { return key_at(number) < key; });
  if (found == rows.end() || key_at(*found) != std::pair(source, id)) return std::nullopt;
  const auto position = static_cast<std::size_t>(found - rows.begin());
  if (rows_[position] != *found) return std::nullopt;  // another version is the current one since
  return position;
}

std::optional<std::size_t> CaseRecords::find(std::string_view source, std::string_view id) const {
  if (const std::optional<std::size_t> position = find_current(source, id)) return position;
  const std::string wanted = join_key(source, id);
  for (const Ids* ids : {&other_ids_, &keys_})  // an id that some version has goes before a record's own key
    if (const auto found = ids->find(wanted); found != ids->end()) return found->second;
  return std::nullopt;
}

std::vector<const v1::Event*> CaseRecords::versions_of(std::size_t position) const {
  std::vector<const v1::Event*> versions = {(*this)[position]};
  if (!is_history_asked_for(version(position).body)) return versions;
  if (const auto earlier = earlier_.find(static_cast<std::uint32_t>(position)); earlier != earlier_.end())
    for (const Number number : earlier->second) versions.push_back(read(number));
  return versions;
}

const v1::Event& CaseRecords::first_version(std::size_t position) const {
  const auto earlier = earlier_.find(static_cast<std::uint32_t>(position));
  return earlier == earlier_.end() || earlier->second.empty() ? *(*this)[position] : *read(earlier->second.back());
}

}  // namespace moot
