#include "consumers/casebook/casebook.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "broker/core/event_rules.h"
#include "consumers/casebook/case_selection.h"
#include "consumers/casebook/saved_bytes.h"
#include "consumers/runtime/counts_from.h"

namespace moot {
namespace {

constexpr std::uint64_t kFormat = 3;  // 2 had whole events, one after the other; 1 had no models besides

}  // namespace

void Casebook::apply(const v1::Event& event) {
  const v1::Envelope& envelope = event.envelope();
  if (event.facts().has_governance()) return pin(event);  // about the data itself, no part of a case
  // Whom erased records named holds in documents of every date: it changes nothing that they showed but the name.
  const bool of_erased = !event.facts().identity().person().empty();
  const Instant from = of_erased ? Instant{std::numeric_limits<std::int64_t>::min()} : counts_from(envelope);
  if (!versions_->add(event, from) || of_erased) return;
  if (const Instant known = known_from(envelope); known < from)
    ahead_.push_back({known, static_cast<VersionStore::Number>(version_count() - 1)});
  last_instant_ = std::max(last_instant_, from_proto(envelope.recorded_time()));
}

void Casebook::pin(const v1::Event& event) {
  if (event.facts().governance().stage() != v1::Governance::LINKAGE_MODEL_PINNED) return;
  std::string text;
  for (const v1::Text& part : event.personal().texts())
    if (part.field() == "linkage-model") text += part.text();
  Result<ModelEpoch> epoch = read_epoch(text);
  const v1::Envelope& envelope = event.envelope();
  const std::string key = envelope.source() + "\n" + envelope.id();
  PinnedModel& model = models_[key];
  model = {counts_from(envelope), from_proto(envelope.time()), key, nullptr, "", event.SerializeAsString()};
  if (epoch.ok())
    model.epoch = std::make_shared<const ModelEpoch>(std::move(*epoch));
  else
    model.problem = epoch.status().message();  // of another version: what was in force goes on
  last_instant_ = std::max(last_instant_, from_proto(envelope.recorded_time()));
}

const Casebook::PinnedModel* Casebook::latest_pinned(Instant instant, bool readable) const {
  const PinnedModel* latest = nullptr;
  for (const auto& [key, model] : models_) {
    if (model.counts_from > instant || (readable && model.epoch == nullptr)) continue;
    if (latest == nullptr ||
        std::tie(latest->counts_from, latest->time, latest->id) < std::tie(model.counts_from, model.time, model.id))
      latest = &model;
  }
  return latest;
}

const std::shared_ptr<const ModelEpoch>& Casebook::model_at(Instant instant) const {
  const PinnedModel* latest = latest_pinned(instant, true);
  return latest == nullptr ? usual_ : latest->epoch;
}

std::string Casebook::epoch_problem_at(Instant instant) const {
  const PinnedModel* latest = latest_pinned(instant, false);
  return latest == nullptr ? std::string() : latest->problem;
}

void Casebook::save(std::string& out) const {
  append_number(out, kFormat);
  append_number(out, models_.size());
  for (const auto& [key, model] : models_) append_bytes(out, model.bytes);
  versions_->save(out);
}

Status Casebook::load(std::string_view saved) {
  clear();
  std::uint64_t format = 0;
  const bool whole =
      take_number(saved, format) && (format == kFormat ? load_packed(saved) : format == 2 && load_whole(saved));
  if (whole && saved.empty()) return Status();
  clear();
  return Status(Code::kCorrupt, "the saved casebook has not the form it should have");
}

bool Casebook::load_packed(std::string_view& saved) {
  std::uint64_t models = 0;
  v1::Event event;
  if (!take_number(saved, models)) return false;
  for (std::uint64_t i = 0; i < models; ++i) {
    std::string_view bytes;
    if (!take_bytes(saved, bytes) || !read_event(bytes, event)) return false;
    pin(event);
  }
  VersionStore::Saved versions(saved);
  while (versions.next(event)) apply(event);
  saved = versions.rest();
  return versions.whole() && models_.size() == models && version_count() == versions.count();
}

bool Casebook::load_whole(std::string_view& saved) {
  std::uint64_t count = 0;
  v1::Event event;
  if (!take_number(saved, count)) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string_view bytes;
    if (!take_bytes(saved, bytes) || !read_event(bytes, event)) return false;
    apply(event);
  }
  return version_count() + models_.size() == count;
}

void Casebook::clear() {
  cases_.clear();
  models_.clear();
  ahead_.clear();
  versions_ = std::make_shared<VersionStore>();
  people_.clear();
  last_instant_ = Instant{};
}

CaseSet Casebook::select(Instant instant, const ModelEpoch* epoch, const std::vector<std::string>* compartments) const {
  CaseSelection selection = select_all(*versions_, instant, compartments);
  std::vector<VersionStore::Number> decisions = versions_in(selection.decisions);
  CaseSet set(instant, CaseRecords(versions_, std::move(selection.chosen)), secret_,
              epoch == nullptr ? WhoIsWho{model_at(instant), std::move(decisions), &people_}
                               : WhoIsWho{std::make_shared<const ModelEpoch>(*epoch), std::move(decisions)});
  set.loaded_later = selection.loaded_later;
  set.dated_ahead = dated_ahead(*versions_, ahead_, instant, compartments);
  set.last_heard = by_agency(*versions_, selection.heard);
  return set;
}

std::shared_ptr<const CaseSet> Casebook::cases_at(Instant instant, const std::vector<std::string>& compartments) const {
  if (!cases_.contains(compartments) && cases_.size() >= kSetsKept) cases_.clear();
  LivingCases& cases = cases_.try_emplace(compartments, secret_).first->second;
  return cases.at(versions_, ahead_, model_at(instant), instant, compartments);
}

std::vector<v1::Event> Casebook::versions_of(const v1::Envelope& envelope) const {
  std::vector<v1::Event> versions;
  const std::optional<VersionStore::Number> record = versions_->find(envelope.source(), record_of(envelope));
  if (!record) return versions;
  for (VersionStore::Number at = versions_->first_of(*record); at != VersionStore::kNone;
       at = versions_->version(at).next)
    versions_->read(versions_->version(at), versions.emplace_back());
  return versions;
}

bool Casebook::anything_by(Instant instant) const {
  for (std::size_t i = 0; i < versions_->version_count(); ++i)
    if (versions_->version(static_cast<VersionStore::Number>(i)).counts_from <= instant) return true;
  return false;
}

Instant Casebook::default_as_at(Date on) const {
  return last_instant_ == Instant{} ? local_midnight(on) : std::min(local_midnight(on), last_instant_);
}

}  // namespace moot
