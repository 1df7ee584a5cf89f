#include "consumers/casebook/living_cases.h"

#include <algorithm>

namespace moot {

std::shared_ptr<const CaseSet> LivingCases::at(const std::shared_ptr<const VersionStore>& store,
                                               const std::vector<VersionAhead>& ahead,
                                               const std::shared_ptr<const ModelEpoch>& epoch, Instant instant,
                                               const std::vector<std::string>& compartments) {
  const bool same = cases_ != nullptr && compartments_ == compartments && cases_->epoch() == epoch;
  if (same && cases_->as_at() == instant && seen_ == store->version_count()) return cases_;
  if (same && cases_.use_count() == 1 && follow(*store, instant)) {
    cases_->dated_ahead = dated_ahead(*store, ahead, instant, &compartments_);
    return cases_;
  }
  cases_.reset();  // never two at once
  compartments_ = compartments;
  CaseSelection selection = select_all(*store, instant, &compartments_);
  seen_ = store->version_count();
  decisions_ = std::move(selection.decisions);
  heard_ = std::move(selection.heard);
  to_come_ = std::move(selection.to_come);
  cases_ = std::make_shared<CaseSet>(instant, CaseRecords(store, std::move(selection.chosen)), secret_,
                                     WhoIsWho{epoch, versions_in(decisions_)});
  cases_->loaded_later = selection.loaded_later;
  cases_->last_heard = by_agency(*store, heard_);
  cases_->dated_ahead = dated_ahead(*store, ahead, instant, &compartments_);
  return cases_;
}

// Those seen; the new ones are put in their places all at once.
void LivingCases::index(const VersionStore& store) {
  const auto before = [&](VersionStore::Number a, VersionStore::Number b) {
    return store.version(a).counts_from < store.version(b).counts_from;
  };
  const auto old_size = static_cast<std::ptrdiff_t>(by_counts_from_.size());
  for (std::size_t version = by_counts_from_.size(); version < store.version_count(); ++version)
    by_counts_from_.push_back(static_cast<VersionStore::Number>(version));
  const auto new_ones = by_counts_from_.begin() + old_size;
  std::sort(new_ones, by_counts_from_.end(), before);
  if (old_size == 0 || new_ones == by_counts_from_.end()) return;
  const auto from = std::upper_bound(by_counts_from_.begin(), new_ones, *new_ones, before);
  std::inplace_merge(from, new_ones, by_counts_from_.end(), before);
}

// Of which a version came, or counts by one of the two instants only.
std::vector<VersionStore::Number> LivingCases::changed_records(const VersionStore& store, Instant instant) {
  index(store);
  const Instant first = std::min(instant, cases_->as_at()), last = std::max(instant, cases_->as_at());
  std::vector<VersionStore::Number> records;
  auto at = std::upper_bound(
      by_counts_from_.begin(), by_counts_from_.end(), first,
      [&](Instant wanted, VersionStore::Number version) { return wanted < store.version(version).counts_from; });
  for (; at != by_counts_from_.end() && store.version(*at).counts_from <= last; ++at)
    records.push_back(store.version(*at).record);
  for (std::size_t version = seen_; version < store.version_count(); ++version)
    records.push_back(store.version(static_cast<VersionStore::Number>(version)).record);
  std::sort(records.begin(), records.end());
  records.erase(std::unique(records.begin(), records.end()), records.end());
  return records;
}

void LivingCases::hear_all(const VersionStore& store, Instant instant) {
  heard_.clear();
  to_come_.clear();
  for (VersionStore::Number record = 0; record < store.record_count(); ++record)
    hear(store, select_record(store, record, instant, &compartments_, store.version_count()), instant, heard_,
         &to_come_);
}

bool LivingCases::follow(const VersionStore& store, Instant instant) {
  bool heard_less = instant < cases_->as_at();
  std::vector<CaseRecords::Change> changes;
  int loaded_later = cases_->loaded_later;
  std::vector<VersionStore::Number> sooner = std::move(to_come_);
  to_come_.clear();
  for (const VersionStore::Number record : changed_records(store, instant)) {
    const SelectedRecord before = select_record(store, record, cases_->as_at(), &compartments_, seen_);
    const SelectedRecord now = select_record(store, record, instant, &compartments_, store.version_count());
    loaded_later += now.loaded_later - before.loaded_later;
    heard_less = heard_less || (!before.known.empty() && !before.closed && now.closed);
    if (!heard_less) hear(store, now, instant, heard_, &to_come_);
    if (now.is_decision())
      decisions_[record] = now.known.front();
    else
      decisions_.erase(record);
    if (!before.is_case() && !now.is_case()) continue;
    if (before.is_case() && now.is_case() && before.known == now.known) continue;
    CaseRecords::Change& change = changes.emplace_back(CaseRecords::Change{record, std::nullopt});
    if (now.is_case()) change.now = chosen(record, now);
  }
  for (const VersionStore::Number number : sooner) {
    SelectedRecord version;
    version.known = {number};
    if (!heard_less) hear(store, version, instant, heard_, &to_come_);
  }
  if (heard_less) hear_all(store, instant);
  std::sort(to_come_.begin(), to_come_.end());
  to_come_.erase(std::unique(to_come_.begin(), to_come_.end()), to_come_.end());
  if (!cases_->follow(instant, changes, versions_in(decisions_))) return false;
  seen_ = store.version_count();
  cases_->loaded_later = loaded_later;
  cases_->last_heard = by_agency(store, heard_);
  return true;
}

}  // namespace moot
