#include "consumers/casebook/casebook.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <limits>
#include <tuple>
#include <unordered_map>

#include "broker/core/event_rules.h"
#include "consumers/runtime/counts_from.h"

namespace moot {
namespace {

constexpr std::uint32_t kFormat = 2;  // 1 had no models

v1::Event* parse(const std::string& bytes, google::protobuf::Arena& arena) {
  auto* event = google::protobuf::Arena::CreateMessage<v1::Event>(&arena);
  MOOT_CHECK(event->ParseFromString(bytes));  // serialised by ourselves
  return event;
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
bool is_history_asked_for(const v1::Facts& facts) {
  return facts.has_order() || facts.has_referral() || facts.has_review() || facts.has_risk() || facts.has_register_();
}

bool is_closed(const std::string& compartment, const std::vector<std::string>& open) {
  return !compartment.empty() && std::find(open.begin(), open.end(), compartment) == open.end();
}

}  // namespace

bool Casebook::Version::supersedes(const Version& other) const {
  return std::tie(revision, time, id) > std::tie(other.revision, other.time, other.id);
}

void Casebook::apply(const v1::Event& event) {
  const v1::Envelope& envelope = event.envelope();
  if (event.facts().has_governance()) return pin(event);  // about the data itself, no part of a case
  Record& record = records_[envelope.source() + "\n" + record_of(envelope)];
  const auto is_same = [&](const Version& version) { return version.id == envelope.id(); };
  if (std::any_of(record.versions.begin(), record.versions.end(), is_same)) return;
  Version version;
  version.counts_from = counts_from(envelope);
  version.revision = envelope.revision();
  version.time = from_proto(envelope.time());
  version.id = envelope.id();
  version.backfill = envelope.backfill();
  version.bytes = event.SerializeAsString();
  record.agency = envelope.agency();
  // Whom erased records named holds in documents of every date: it changes nothing that they showed but the name.
  const bool of_erased = !event.facts().identity().person().empty();
  if (of_erased) version.counts_from = Instant{std::numeric_limits<std::int64_t>::min()};
  if (!of_erased) last_instant_ = std::max(last_instant_, from_proto(envelope.recorded_time()));
  record.versions.push_back(std::move(version));
  ++version_count_;
}

void Casebook::pin(const v1::Event& event) {
  if (event.facts().governance().stage() != v1::Governance::LINKAGE_MODEL_PINNED) return;
  std::string text;
  for (const v1::Text& part : event.personal().texts())
    if (part.field() == "linkage-model") text += part.text();
  Result<ModelEpoch> epoch = read_epoch(text);
  if (!epoch.ok()) return;  // of a later version: what was in force goes on
  const v1::Envelope& envelope = event.envelope();
  const std::string key = envelope.source() + "\n" + envelope.id();
  models_[key] = {counts_from(envelope), from_proto(envelope.time()), key,
                  std::make_shared<const ModelEpoch>(std::move(*epoch)), event.SerializeAsString()};
  last_instant_ = std::max(last_instant_, from_proto(envelope.recorded_time()));
}

const std::shared_ptr<const ModelEpoch>& Casebook::model_at(Instant instant) const {
  const PinnedModel* latest = nullptr;
  for (const auto& [key, model] : models_) {
    if (model.counts_from > instant) continue;
    if (latest == nullptr ||
        std::tie(latest->counts_from, latest->time, latest->id) < std::tie(model.counts_from, model.time, model.id))
      latest = &model;
  }
  return latest == nullptr ? usual_ : latest->epoch;
}

void Casebook::save(std::string& out) const {
  google::protobuf::io::StringOutputStream stream(&out);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.WriteVarint32(kFormat);
  coded.WriteVarint64(version_count_ + models_.size());
  for (const auto& [key, model] : models_) {
    coded.WriteVarint32(static_cast<std::uint32_t>(model.bytes.size()));
    coded.WriteString(model.bytes);
  }
  for (const auto& [key, record] : records_) {
    for (const Version& version : record.versions) {
      coded.WriteVarint32(static_cast<std::uint32_t>(version.bytes.size()));
      coded.WriteString(version.bytes);
    }
  }
}

Status Casebook::load(std::string_view saved) {
  clear();
  google::protobuf::io::ArrayInputStream stream(saved.data(), static_cast<int>(saved.size()));
  google::protobuf::io::CodedInputStream coded(&stream);
  std::uint32_t format = 0;
  std::uint64_t count = 0;
  bool whole = saved.size() < static_cast<std::size_t>(INT32_MAX) && coded.ReadVarint32(&format) && format == kFormat &&
               coded.ReadVarint64(&count);
  for (std::uint64_t i = 0; whole && i < count; ++i) {
    std::uint32_t size = 0;
    std::string bytes;
    v1::Event event;
    whole = coded.ReadVarint32(&size) && size <= saved.size() && coded.ReadString(&bytes, static_cast<int>(size)) &&
            event.ParseFromString(bytes);
    if (whole) apply(event);
  }
  whole = whole && version_count_ + models_.size() == count;
  if (whole && coded.CurrentPosition() == static_cast<int>(saved.size())) return Status();
  clear();
  return Status(Code::kCorrupt, "the saved casebook has not the form it should have");
}

void Casebook::clear() {
  models_.clear();
  records_.clear();
  people_.clear();
  last_instant_ = Instant{};
  version_count_ = 0;
}

namespace {

Instant decided_at(const v1::Event& decision) {
  const v1::Envelope& envelope = decision.envelope();
  return envelope.has_recorded_time() ? std::min(time_of(decision), from_proto(envelope.recorded_time()))
                                      : time_of(decision);
}

}  // namespace

CaseSet Casebook::select(Instant instant, const ModelEpoch* epoch, const std::vector<std::string>* compartments) const {
  google::protobuf::ArenaOptions blocks;
  blocks.max_block_size = 1 << 20;
  auto arena = std::make_unique<google::protobuf::Arena>(blocks);
  std::vector<const v1::Event*> current;
  std::vector<const v1::Event*> decisions;
  std::unordered_map<std::string, std::string> versions;
  std::unordered_map<const v1::Event*, std::vector<const v1::Event*>> earlier;
  std::map<std::string, Instant> last_heard;
  int loaded_later = 0;
  for (const auto& [key, record] : records_) {
    std::vector<const Version*> known;
    for (const Version& version : record.versions)
      if (version.counts_from <= instant) known.push_back(&version);
    if (known.empty()) continue;
    std::sort(known.begin(), known.end(), [](const Version* a, const Version* b) { return a->supersedes(*b); });
    v1::Event* event = parse(known.front()->bytes, *arena);
    if (compartments != nullptr && is_closed(event->envelope().compartment(), *compartments)) continue;
    int loaded = 0;
    for (const Version* version : known) {
      loaded += version->backfill ? 1 : 0;
      if (version->time > instant) continue;
      Instant& last = last_heard.try_emplace(record.agency, version->time).first->second;
      last = std::max(last, version->time);
    }
    if (!event->facts().has_identity()) loaded_later += loaded;  // what people decide here is no history of an agency
    if (stage_name(event->facts()) == "withdrawn") continue;
    if (event->facts().has_identity()) {
      decisions.push_back(event);
      continue;
    }
    if (event->facts().has_action())
      for (std::size_t i = 1; i < known.size(); ++i) carry_forward(*event, *parse(known[i]->bytes, *arena));
    for (std::size_t i = 1; i < known.size() && is_history_asked_for(event->facts()); ++i)
      earlier[event].push_back(parse(known[i]->bytes, *arena));
    for (std::size_t i = 1; i < known.size(); ++i)
      versions.emplace(event->envelope().source() + "\n" + known[i]->id, event->envelope().id());
    current.push_back(event);
  }
  // A time to come counts as when it was recorded: nobody decides ahead of everybody after.
  std::sort(decisions.begin(), decisions.end(), [](const v1::Event* a, const v1::Event* b) {
    const Instant one = decided_at(*a), other = decided_at(*b);
    return one != other ? other < one : happened_before(*b, *a);
  });
  CaseSet set(instant, std::move(arena), std::move(current), versions, secret_,
              epoch == nullptr ? WhoIsWho{model_at(instant), std::move(decisions), &people_}
                               : WhoIsWho{std::make_shared<const ModelEpoch>(*epoch), std::move(decisions)});
  set.loaded_later = loaded_later;
  set.last_heard = std::move(last_heard);
  set.earlier_versions = std::move(earlier);
  return set;
}

std::vector<v1::Event> Casebook::versions_of(const v1::Envelope& envelope) const {
  std::vector<v1::Event> versions;
  const auto record = records_.find(envelope.source() + "\n" + record_of(envelope));
  if (record == records_.end()) return versions;
  for (const Version& version : record->second.versions)
    MOOT_CHECK(versions.emplace_back().ParseFromString(version.bytes));  // serialised by ourselves
  return versions;
}

bool Casebook::anything_by(Instant instant) const {
  for (const auto& [key, record] : records_)
    for (const Version& version : record.versions)
      if (version.counts_from <= instant) return true;
  return false;
}

Instant Casebook::default_as_at(Date on) const {
  return last_instant_ == Instant{} ? local_midnight(on) : std::min(local_midnight(on), last_instant_);
}

}  // namespace moot
