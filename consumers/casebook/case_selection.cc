#include "consumers/casebook/case_selection.h"

#include <algorithm>
#include <tuple>

namespace moot {
namespace {

bool is_closed(const std::string& compartment, const std::vector<std::string>& open) {
  return !compartment.empty() && std::find(open.begin(), open.end(), compartment) == open.end();
}

// Does the one stand in the other's place, of two versions of one record?
bool supersedes(const VersionStore::Version& one, const VersionStore::Version& other) {
  return std::tuple(other.revision, other.time, other.id()) < std::tuple(one.revision, one.time, one.id());
}

}  // namespace

SelectedRecord select_record(const VersionStore& store, VersionStore::Number record, Instant instant,
                             const std::vector<std::string>* compartments, std::size_t versions) {
  SelectedRecord selected;
  for (VersionStore::Number at = store.first_of(record); at != VersionStore::kNone; at = store.version(at).next)
    if (at < versions && store.version(at).counts_from <= instant) selected.known.push_back(at);
  if (selected.known.empty()) return selected;
  std::sort(selected.known.begin(), selected.known.end(), [&](VersionStore::Number a, VersionStore::Number b) {
    return supersedes(store.version(a), store.version(b));
  });
  const VersionStore::Version& current = store.version(selected.known.front());
  selected.closed = compartments != nullptr && is_closed(store.head(current).compartment(), *compartments);
  selected.decides = current.body == v1::Facts::kIdentity;
  selected.withdrawn = current.withdrawn;
  if (selected.closed || selected.decides) return selected;  // what people decide here is no history of an agency
  for (const VersionStore::Number number : selected.known)
    selected.loaded_later += store.version(number).backfill ? 1 : 0;
  return selected;
}

CaseRecords::Chosen chosen(VersionStore::Number record, const SelectedRecord& selected) {
  return {record, selected.known.front(), {selected.known.begin() + 1, selected.known.end()}};
}

void hear(const VersionStore& store, const SelectedRecord& selected, Instant instant, Heard& heard,
          std::vector<VersionStore::Number>* to_come) {
  if (selected.closed) return;
  for (const VersionStore::Number number : selected.known) {
    const VersionStore::Version& version = store.version(number);
    if (version.time > instant) {
      if (to_come != nullptr) to_come->push_back(number);
      continue;
    }
    Instant& last = heard.try_emplace(version.head, version.time).first->second;
    last = std::max(last, version.time);
  }
}

std::map<std::string, Instant> by_agency(const VersionStore& store, const Heard& heard) {
  std::map<std::string, Instant> agencies;
  for (const auto& [head, time] : heard) {
    Instant& last = agencies.try_emplace(store.head_at(head).agency(), time).first->second;
    last = std::max(last, time);
  }
  return agencies;
}

DatedAheadBy dated_ahead(const VersionStore& store, const std::vector<VersionAhead>& ahead, Instant instant,
                         const std::vector<std::string>* compartments) {
  DatedAheadBy of_agencies;
  for (const VersionAhead& one : ahead) {
    const VersionStore::Version& version = store.version(one.version);
    if (one.known > instant || version.counts_from <= instant) continue;
    const v1::Envelope& head = store.head(version);
    if (compartments != nullptr && is_closed(head.compartment(), *compartments)) continue;
    const SelectedRecord now = select_record(store, version.record, instant, compartments, store.version_count());
    if (!now.known.empty() && supersedes(store.version(now.known.front()), version)) continue;
    of_agencies[head.agency()].add(version.time);
  }
  return of_agencies;
}

CaseSelection select_all(const VersionStore& store, Instant instant, const std::vector<std::string>* compartments) {
  CaseSelection selection;
  for (VersionStore::Number record = 0; record < store.record_count(); ++record) {
    const SelectedRecord selected = select_record(store, record, instant, compartments, store.version_count());
    hear(store, selected, instant, selection.heard, &selection.to_come);
    selection.loaded_later += selected.loaded_later;
    if (selected.is_case()) selection.chosen.push_back(chosen(record, selected));
    if (selected.is_decision()) selection.decisions.emplace(record, selected.known.front());
  }
  return selection;
}

std::vector<VersionStore::Number> versions_in(const std::map<VersionStore::Number, VersionStore::Number>& decisions) {
  std::vector<VersionStore::Number> versions;
  for (const auto& [record, version] : decisions) versions.push_back(version);
  return versions;
}

}  // namespace moot
