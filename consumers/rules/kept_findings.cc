#include "consumers/rules/kept_findings.h"

#include <algorithm>
#include <iterator>

namespace moot {
namespace {

// All that a clock depends on but the set.
std::string words_of(const ClockInput& input, const RulePack& pack, const ClockRule& rule) {
  return "findings on " + to_iso(input.on) + "\x1e" + rule.id + "\x1e" + pack.toml + "\x1e" + input.partnership.words();
}

}  // namespace

std::shared_ptr<const ClockFindings> KeptFindings::open(const ClockInput& input, const RulePack& pack,
                                                        const ClockRule& rule) {
  return input.set.kept<KeptFindings>(words_of(input, pack, rule), [] { return std::make_shared<KeptFindings>(); })
      ->all(input, rule);
}

void KeptFindings::forget(std::size_t version, One one) {
  if (versions_[version].open.erase(one) > 0) all_.reset();
  versions_[version].unknown.push_back(one);
}

void KeptFindings::forget_all() {
  all_.reset();
  versions_.clear();
  looked_up_.clear();
}

void KeptFindings::changed(const SetChange& change) {
  if (change.events_gone) all_.reset();
  if (change.events_gone)
    for (OfVersion& version : versions_) {
      for (const auto& [one, open] : version.open) version.unknown.push_back(one);
      version.open.clear();
    }
  for (std::size_t version = 0; version < versions_.size(); ++version)
    for (const One one : of_people_ ? change.people : change.records) forget(version, one);
  change.each_digest([this](std::uint64_t digest) {
    looked_up_.take(digest, [this](const std::pair<std::uint32_t, One>& one) { forget(one.first, one.second); });
  });
}

ClockFindings KeptFindings::find_open(const ClockInput& input, const ClockRule& rule, std::size_t version,
                                      One one) const {
  ClockFindings findings;
  const CaseSet& set = input.set;
  const bool is_there =
      of_people_ ? one < set.persons().size() : one < set.records().size() && set.records().is_there(one);
  if (is_there) rule.kind->find(input, rule, rule.versions[version], one, findings);
  keep_what_holds(rule, rule.versions[version], ClockScope::kOpen, findings);
  return findings;
}

void KeptFindings::work_out(const ClockInput& input, const ClockRule& rule, std::size_t version) {
  OfVersion& known = versions_[version];
  if (known.all_unknown) {
    known.unknown.clear();
    for (const std::size_t one : rule.kind->may_concern(input, rule.versions[version], ClockScope::kOpen))
      known.unknown.push_back(static_cast<One>(one));
    known.all_unknown = false;
  }
  std::sort(known.unknown.begin(), known.unknown.end());
  known.unknown.erase(std::unique(known.unknown.begin(), known.unknown.end()), known.unknown.end());
  std::vector<One> open;
  {  // most of a long history is nothing to keep
    CaseRecords::Passing passing(input.set.records());
    for (const One one : known.unknown) {
      const CaseSet::LookUps looked(input.set);
      if (!find_open(input, rule, version, one).empty()) open.push_back(one);
      looked_up_.add(looked.ids(), std::pair(static_cast<std::uint32_t>(version), one));
      passing.go_on();
    }
  }
  known.unknown.clear();
  if (!open.empty()) all_.reset();
  for (const One one : open) known.open[one] = find_open(input, rule, version, one);
}

std::size_t KeptFindings::bytes() const {
  constexpr std::size_t kOfFinding = 600;  // about
  std::size_t findings = 0;
  for (const OfVersion& version : versions_) findings += version.open.size();
  return findings * kOfFinding + looked_up_.bytes();
}

std::shared_ptr<const ClockFindings> KeptFindings::all(const ClockInput& input, const ClockRule& rule) {
  if (looked_up_.is_worn()) forget_all();
  const bool is_first = versions_.empty();
  of_people_ = rule.kind->of_people;
  versions_.resize(rule.versions.size());
  for (std::size_t i = 0; i < versions_.size(); ++i) work_out(input, rule, i);
  if (is_first) looked_up_.begin();
  ClockFindings findings;
  for (std::size_t i = 0; i < versions_.size() && rule.kind->find_rest != nullptr; ++i) {
    ClockFindings rest;
    rule.kind->find_rest(input, rule, rule.versions[i], rest);
    keep_what_holds(rule, rule.versions[i], ClockScope::kOpen, rest);
    std::move(rest.begin(), rest.end(), std::back_inserter(findings));
  }
  const bool had_rest = std::exchange(has_rest_, !findings.empty());
  if (all_ != nullptr && !had_rest && !has_rest_) return all_;
  for (const OfVersion& version : versions_)
    for (const auto& [one, open] : version.open) findings.insert(findings.end(), open.begin(), open.end());
  return all_ = std::make_shared<const ClockFindings>(put_together(std::move(findings)));
}

}  // namespace moot
