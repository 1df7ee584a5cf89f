#include "consumers/casebook/casebook.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <unordered_map>

#include "broker/core/event_rules.h"
#include "consumers/casebook/saved_bytes.h"
#include "consumers/runtime/counts_from.h"

namespace moot {
namespace {

constexpr std::uint64_t kFormat = 3;  // 2 had whole events, one after the other; 1 had no models besides

// Does the one stand in the other's place, of two versions of one record?
bool supersedes(const VersionStore::Version& one, const VersionStore::Version& other) {
  return std::tuple(other.revision, other.time, other.id()) < std::tuple(one.revision, one.time, one.id());
}

bool is_closed(const std::string& compartment, const std::vector<std::string>& open) {
  return !compartment.empty() && std::find(open.begin(), open.end(), compartment) == open.end();
}

}  // namespace

void Casebook::apply(const v1::Event& event) {
  cases_.reset();
  const v1::Envelope& envelope = event.envelope();
  if (event.facts().has_governance()) return pin(event);  // about the data itself, no part of a case
  // Whom erased records named holds in documents of every date: it changes nothing that they showed but the name.
  const bool of_erased = !event.facts().identity().person().empty();
  const Instant from = of_erased ? Instant{std::numeric_limits<std::int64_t>::min()} : counts_from(envelope);
  if (!versions_->add(event, from) || of_erased) return;
  if (const Instant known = known_from(envelope); known < from)
    ahead_.push_back({known, *versions_->find(envelope.source(), record_of(envelope)),
                      static_cast<VersionStore::Number>(version_count() - 1)});
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
  cases_.reset();
  models_.clear();
  ahead_.clear();
  versions_ = std::make_shared<VersionStore>();
  people_.clear();
  last_instant_ = Instant{};
}

std::vector<VersionStore::Number> Casebook::known_of(VersionStore::Number record, Instant instant) const {
  std::vector<VersionStore::Number> known;
  for (VersionStore::Number at = versions_->first_of(record); at != VersionStore::kNone;
       at = versions_->version(at).next)
    if (versions_->version(at).counts_from <= instant) known.push_back(at);
  std::sort(known.begin(), known.end(), [&](VersionStore::Number a, VersionStore::Number b) {
    return supersedes(versions_->version(a), versions_->version(b));
  });
  return known;
}

DatedAheadBy Casebook::dated_ahead(Instant instant, const std::vector<std::string>* compartments) const {
  DatedAheadBy of_agencies;
  for (const Ahead& ahead : ahead_) {
    const VersionStore::Version& version = versions_->version(ahead.version);
    if (ahead.known > instant || version.counts_from <= instant) continue;
    const v1::Envelope& head = versions_->head(version);
    if (compartments != nullptr && is_closed(head.compartment(), *compartments)) continue;
    const std::vector<VersionStore::Number> known = known_of(ahead.record, instant);
    if (!known.empty() && supersedes(versions_->version(known.front()), version)) continue;
    of_agencies[head.agency()].add(version.time);
  }
  return of_agencies;
}

CaseSet Casebook::select(Instant instant, const ModelEpoch* epoch, const std::vector<std::string>* compartments) const {
  std::vector<CaseRecords::Chosen> chosen;
  std::vector<VersionStore::Number> decisions;
  std::unordered_map<VersionStore::Number, Instant> heard;  // by head: its agency is one of few
  int loaded_later = 0;
  for (VersionStore::Number record = 0; record < versions_->record_count(); ++record) {
    std::vector<VersionStore::Number> known = known_of(record, instant);
    if (known.empty()) continue;
    const VersionStore::Version& current = versions_->version(known.front());
    if (compartments != nullptr && is_closed(versions_->head(current).compartment(), *compartments)) continue;
    int loaded = 0;
    for (const VersionStore::Number number : known) {
      const VersionStore::Version& version = versions_->version(number);
      loaded += version.backfill ? 1 : 0;
      if (version.time > instant) continue;
      Instant& last = heard.try_emplace(version.head, version.time).first->second;
      last = std::max(last, version.time);
    }
    const bool decides = current.body == v1::Facts::kIdentity;
    if (!decides) loaded_later += loaded;  // what people decide here is no history of an agency
    if (current.withdrawn) continue;
    if (decides) {
      decisions.push_back(known.front());
      continue;
    }
    chosen.push_back({record, known.front(), {known.begin() + 1, known.end()}});
  }
  CaseSet set(instant, CaseRecords(versions_, std::move(chosen)), secret_,
              epoch == nullptr ? WhoIsWho{model_at(instant), std::move(decisions), &people_}
                               : WhoIsWho{std::make_shared<const ModelEpoch>(*epoch), std::move(decisions)});
  set.loaded_later = loaded_later;
  set.dated_ahead = dated_ahead(instant, compartments);
  for (const auto& [head, time] : heard) {
    Instant& last = set.last_heard.try_emplace(versions_->head_at(head).agency(), time).first->second;
    last = std::max(last, time);
  }
  return set;
}

std::shared_ptr<const CaseSet> Casebook::cases_at(Instant instant, const std::vector<std::string>& compartments) const {
  if (cases_ == nullptr || cases_->as_at() != instant || compartments_ != compartments) {
    cases_.reset();  // never two at once
    cases_ = std::make_shared<const CaseSet>(select(instant, nullptr, &compartments));
    compartments_ = compartments;
  }
  return cases_;
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
