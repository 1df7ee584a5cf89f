// The casebook keeps every event as a version of a record, so that the cases can be had as at any instant.
//
// A record is (source, record key). Each version counts from an instant (consumers/runtime/counts_from.h). As at T the
// current version is the greatest by (revision, time, id) of those that count at or before T; a record whose current
// version is withdrawn is not there.
// A later version of an action need say only what changed: owner, dates, people and texts are carried forward.
// Who is who is told by the linkage model in force: the latest pinned that counts at or before T, else the usual one;
// and by Identity events, which are records like any other. What people decided of history that was loaded later is
// published as history too, so that it holds in documents of that time.
// Thread: that of its View; as_at() may be called from there only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/instant.h"
#include "broker/core/seal.h"
#include "consumers/casebook/case_set.h"
#include "consumers/casebook/living_cases.h"
#include "consumers/casebook/version_store.h"
#include "consumers/runtime/projection.h"

namespace moot {

class Casebook final : public Projection {
 public:
  // `secret`: the partnership's, from the key directory; ids of people are digests keyed with it.
  explicit Casebook(const Key& secret)
      : secret_(secret), usual_(std::make_shared<const ModelEpoch>(usual_epoch(secret))), people_(secret) {}

  std::string_view name() const override { return "casebook"; }
  void apply(const v1::Event& event) override;
  void save(std::string& out) const override;
  Status load(std::string_view saved) override;
  void clear() override;

  CaseSet as_at(Instant instant) const { return select(instant, nullptr, nullptr); }
  // Under another linkage model than the one in force, for a look at what it would change.
  CaseSet as_at(Instant instant, const ModelEpoch& epoch) const { return select(instant, &epoch, nullptr); }
  // Without what is in a compartment, other than these: what a document may rest on.
  CaseSet as_at(Instant instant, const std::vector<std::string>& compartments) const {
    return select(instant, nullptr, &compartments);
  }
  // The same for documents: the set goes on from the one before. It holds until it is asked for another; who keeps it
  // longer has that to be made anew.
  std::shared_ptr<const CaseSet> cases_at(Instant instant, const std::vector<std::string>& compartments) const;
  const ModelEpoch& epoch_at(Instant instant) const { return *model_at(instant); }
  // Why the model pinned last by then is not the one in force: this version cannot read it. Empty: it is.
  std::string epoch_problem_at(Instant instant) const;
  const Key& secret() const { return secret_; }
  // Every version of the record that the envelope is one of, in no order.
  std::vector<v1::Event> versions_of(const v1::Envelope& envelope) const;
  // When the last event was recorded that a document can tell by: any but governance that pins no model. 0: none.
  Instant last_instant() const { return last_instant_; }
  // Local midnight at the start of the day, or the last recorded instant where there is one and it is earlier.
  Instant default_as_at(Date on) const;
  // Whether as_at(instant) rests on any event at all.
  bool anything_by(Instant instant) const;
  std::size_t version_count() const { return versions_->version_count(); }

 private:
  struct PinnedModel {
    Instant counts_from;
    Instant time;
    std::string id;
    std::shared_ptr<const ModelEpoch> epoch;  // nullptr: this version cannot read it
    std::string problem;                      // why
    std::string bytes;
  };
  void pin(const v1::Event& event);
  // Of a snapshot, without the number of its format; they take what they read off `saved`.
  bool load_packed(std::string_view& saved);
  bool load_whole(std::string_view& saved);  // of format 2
  const std::shared_ptr<const ModelEpoch>& model_at(Instant instant) const;
  // nullptr where none counts by then, or none that can be read.
  const PinnedModel* latest_pinned(Instant instant, bool readable) const;
  // `compartments` nullptr = every one.
  CaseSet select(Instant instant, const ModelEpoch* epoch, const std::vector<std::string>* compartments) const;

  Key secret_;
  std::shared_ptr<const ModelEpoch> usual_;
  std::map<std::string, PinnedModel> models_;                                  // by "<source>\n<id>"
  std::shared_ptr<VersionStore> versions_ = std::make_shared<VersionStore>();  // shared with the sets made from it
  std::vector<VersionAhead> ahead_;
  Instant last_instant_;
  mutable LivePeople people_;  // of as_at(): as the set before had them, most sets differ little from it
  // Of cases_at(), by the compartments that are open: boards that see others than most are few.
  static constexpr std::size_t kSetsKept = 3;
  mutable std::map<std::vector<std::string>, LivingCases> cases_;
};

}  // namespace moot
