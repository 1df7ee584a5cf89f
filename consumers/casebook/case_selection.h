// Which records are in the cases as at an instant, and in which version. Thread: pure functions.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "consumers/casebook/case_records.h"
#include "consumers/casebook/version_store.h"
#include "consumers/runtime/dated_ahead.h"

namespace moot {

// What one record is as at an instant.
struct SelectedRecord {
  std::vector<VersionStore::Number> known;  // versions that count, the one that supersedes the others first
  bool closed = false;                      // in a compartment that is not open: nothing of it counts
  bool decides = false;                     // an Identity event
  bool withdrawn = false;
  int loaded_later = 0;  // of a declared backfill

  bool is_case() const { return !known.empty() && !closed && !decides && !withdrawn; }
  bool is_decision() const { return !known.empty() && !closed && decides && !withdrawn; }
};

// `compartments` that are open; nullptr = every one. `versions`: only so many of the store's first are looked at.
SelectedRecord select_record(const VersionStore& store, VersionStore::Number record, Instant instant,
                             const std::vector<std::string>* compartments, std::size_t versions);
CaseRecords::Chosen chosen(VersionStore::Number record, const SelectedRecord& selected);

// By head, whose agency is one of few: the latest time that its events speak of.
using Heard = std::unordered_map<VersionStore::Number, Instant>;
void hear(const VersionStore& store, const SelectedRecord& selected, Instant instant, Heard& heard,
          std::vector<VersionStore::Number>* to_come = nullptr);  // and versions of times after the instant
std::map<std::string, Instant> by_agency(const VersionStore& store, const Heard& heard);

// A version that counts from its own time, later than it was known.
struct VersionAhead {
  Instant known;
  VersionStore::Number version = 0;
};
// `ahead`: all such versions of the store.
DatedAheadBy dated_ahead(const VersionStore& store, const std::vector<VersionAhead>& ahead, Instant instant,
                         const std::vector<std::string>* compartments);

struct CaseSelection {
  std::vector<CaseRecords::Chosen> chosen;
  std::map<VersionStore::Number, VersionStore::Number> decisions;  // by record: its current version
  Heard heard;
  std::vector<VersionStore::Number> to_come;
  int loaded_later = 0;
};
CaseSelection select_all(const VersionStore& store, Instant instant, const std::vector<std::string>* compartments);
std::vector<VersionStore::Number> versions_in(const std::map<VersionStore::Number, VersionStore::Number>& decisions);

}  // namespace moot
