// Why two records are one person, may be, or are not: the weight of the pair bar by bar in words, the path of good
// pairs that holds their cluster together, and for a near miss what kept them apart. The bars sum to the weight to the
// last bit. Thread: pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consumers/linkage/link_answer.h"

namespace moot {

struct ExplainedField {
  std::string field;  // the column's title
  std::string level;  // in words
  Weight weight = 0;
};

struct LinkExplanation {
  LinkAnswer answer = LinkAnswer::kNot;
  std::optional<bool> decided;  // a person said so
  std::int64_t weight = 0;      // of the two records, prior and all
  std::int64_t prior = 0;
  double probability = 0;
  bool against_household = false;      // weighed against another member of the household, not against a stranger
  std::vector<ExplainedField> fields;  // those that both have, the heaviest first
  std::vector<RecordId> path;      // of a linked pair: from one to the other; the weakest step is as strong as can be
  std::vector<std::string> apart;  // of a pair that is not linked: what kept them apart, in sentences
};

LinkExplanation explain_link(const RecordTable& records, const LinkModel& model, std::span<const RecordId> cluster,
                             std::span<const WeighedPair> pairs, std::span<const DecidedPair> decided,
                             const LinkageRule& rule, RecordId a, RecordId b);

// What the weight begins with, in words.
std::string prior_words(const LinkExplanation& explanation);
// For a terminal: the answer, a waterfall with a line for each bar, the path by its records' names, what kept them
// apart. Names no value of either record.
std::string explanation_text(const LinkExplanation& explanation, const std::vector<std::string>& path);
// A waterfall: the prior, a bar for each field, the weight.
std::string explanation_svg(const LinkExplanation& explanation);

}  // namespace moot
