// A model epoch: all that deciding who is who needs beside the records themselves, in a form that can be kept in an
// event. Weights of agreeing and disagreeing, how usual the usual values are, and what is blocked on.
//
// Values are told by digests keyed with the partnership's secret, and only those that so many records share that they
// say nothing of any one of them: no name stands in an epoch, and erasing a person changes nothing in it.
//
//   moot-linkage 3
//   prior W  household-prior W  households 0|1  cap N  normal-form N   W: whole numbers of 1/65536 bit
//   field NAME same-new W rarity-new W chance W*7 household W*7  by level: the same … another (consumers/linkage/
//   value FIELD DIGEST W W   same, rarity                        person_field.h); fields in person_fields()' order
//   value reference DIGEST W W   of a system, not of a reference: the last is what another reference says in it
//   key FIELD.PART[+FIELD.PART…]                                 PART: whole, sound, beginning, end, year, day-month
//
// Errors: kInvalid for a text that is none, or was made by a version that compared people in another way (the first
// line) or by other normal values (kNormalForm in normal_name.h): it would give other people than it gave. Thread:
// values and pure functions.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "broker/core/seal.h"
#include "broker/core/status.h"
#include "consumers/linkage/blocking.h"
#include "consumers/linkage/link_model.h"
#include "consumers/linkage/person_record.h"

namespace moot {

inline constexpr std::size_t kEpochValuesMax = 1000;        // so that an epoch fits an event
inline constexpr std::uint32_t kEpochValueRecordsMin = 10;  // a value of fewer records is not in it

struct ModelEpoch {
  std::string version;  // a digest of its text: the same epoch has the same version; "usual" for the one shipped
  LinkModel model;      // without weights of values
  BlockingPlan plan;
  std::vector<std::unordered_map<std::string, ValueWeights>> values;  // by field, by digest
};

std::string value_digest(const Key& secret, std::string_view value);

// The epoch's weights for the values of a table that has person_fields(). take_new_values() goes on where it stopped,
// after records were added.
void take_new_values(const ModelEpoch& epoch, const Key& secret, const RecordTable& records, LinkModel& model);
LinkModel model_for(const ModelEpoch& epoch, const Key& secret, const RecordTable& records);

std::string epoch_text(const ModelEpoch& epoch);
Result<ModelEpoch> read_epoch(std::string_view text);

// What holds until a partnership pins an epoch of its own: the weights usual in a district of England or Wales.
ModelEpoch usual_epoch(const Key& secret);

// Below so many records there is too little to learn from: kInvalid.
inline constexpr std::size_t kEpochRecordsMin = 500;
// Estimated from records that have person_fields().
Result<ModelEpoch> estimate_epoch(const RecordTable& records, const Key& secret);

}  // namespace moot
