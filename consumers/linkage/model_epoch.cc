#include "consumers/linkage/model_epoch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <sstream>
#include <tuple>

#include "consumers/linkage/normal_name.h"
#include "consumers/linkage/system_references.h"
#include "consumers/linkage/value_counts.h"

namespace moot {
namespace {

constexpr std::string_view kFirstLine = "moot-linkage 3";
constexpr std::size_t kWeighedLevels = kLevels - 1;  // all but kMissing
constexpr std::array<std::string_view, 6> kParts = {"whole", "sound", "beginning", "end", "year", "day-month"};

// A year or a month alone is no full date, however often it is met.
Weight partial_date_weight(const FieldModel& field, std::string_view text) {
  return field.chance[static_cast<std::size_t>(text.substr(4, 2) == "??" ? Level::kPart : Level::kSimilar)];
}

std::size_t field_named(std::string_view name) {
  const auto fields = person_fields();
  return static_cast<std::size_t>(
      std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.second == name; }) -
      fields.begin());
}

Status unreadable(std::size_t line) {
  return Status(Code::kInvalid, "line " + std::to_string(line) + " of the linkage model is not one this version knows");
}

Status of_another_version() {
  return Status(Code::kInvalid,
                "the linkage model was made by a version of Moot that wrote names or compared people in another way; "
                "estimate one anew and pin it");
}

bool read_weights(std::istream& line, std::array<Weight, kLevels>& weights) {
  for (std::size_t level = 0; level < kWeighedLevels; ++level) line >> weights[level];
  return static_cast<bool>(line);
}

bool read_field(std::istream& line, ModelEpoch& epoch) {
  std::string name, same, rarity, chance, household;
  line >> name;
  if (field_named(name) != epoch.model.fields.size() || epoch.model.fields.size() == kPersonFields) return false;
  FieldModel field = field_model(person_fields()[epoch.model.fields.size()].first);
  line >> same >> field.new_same >> rarity >> field.new_rarity >> chance;
  if (!read_weights(line, field.chance)) return false;
  line >> household;
  if (!read_weights(line, field.household)) return false;
  if (field.of_system) field.new_rarity = field.chance[static_cast<std::size_t>(Level::kDifferent)];
  epoch.model.fields.push_back(std::move(field));
  epoch.values.emplace_back();
  return true;
}

bool read_value(std::istream& line, ModelEpoch& epoch) {
  std::string name, digest;
  ValueWeights weights;
  line >> name >> digest >> weights.same >> weights.rarity;
  const std::size_t field = field_named(name);
  if (!line || field >= epoch.values.size()) return false;
  epoch.values[field][digest] = weights;
  return true;
}

bool read_key(std::istream& line, ModelEpoch& epoch) {
  std::string word;
  line >> word;
  BlockingKey key;
  for (std::size_t from = 0; from < word.size();) {
    const std::size_t to = std::min(word.find('+', from), word.size());
    const std::string part = word.substr(from, to - from);
    const std::size_t dot = part.find('.');
    if (dot == std::string::npos) return false;
    const std::size_t field = field_named(std::string_view(part).substr(0, dot));
    const auto found = std::find(kParts.begin(), kParts.end(), part.substr(dot + 1));
    if (field >= epoch.model.fields.size() || found == kParts.end()) return false;
    key.parts.push_back({field, static_cast<Part>(found - kParts.begin())});
    from = to + 1;
  }
  if (key.parts.empty() || epoch.plan.keys.size() == kBlockingKeysMax) return false;
  epoch.plan.keys.push_back(std::move(key));
  return true;
}

bool read_head(std::istream& line, ModelEpoch& epoch, int& normal_form) {
  std::string word;
  int households = 0;
  line >> epoch.model.prior >> word >> epoch.model.household_prior >> word >> households >> word >> epoch.plan.cap >>
      word >> normal_form;
  epoch.model.knows_households = households == 1;
  return static_cast<bool>(line) && epoch.plan.cap > 1 && epoch.plan.cap <= 10'000;
}

}  // namespace

std::string value_digest(const Key& secret, std::string_view value) {
  const Digest digest = keyed_digest(secret, "linkage value\n" + std::string(value));
  return to_base32(std::string_view(reinterpret_cast<const char*>(digest.data()), 5));
}

void take_new_values(const ModelEpoch& epoch, const Key& secret, const RecordTable& records, LinkModel& model) {
  MOOT_CHECK(model.fields.size() == records.fields().size());
  for (std::size_t f = 0; f < model.fields.size(); ++f) {
    const ValueTable& table = records.table(static_cast<int>(f));
    FieldModel& field = model.fields[f];
    const bool dates = records.fields()[f].kind == FieldKind::kBorn;
    for (auto value = static_cast<ValueId>(field.values.size()); value < table.size(); ++value) {
      const std::string& text = table.text(value);
      Weight same = field.new_same;
      Weight rarity = field.new_rarity;
      if (dates && text.find('?') != std::string::npos) same = partial_date_weight(field, text);
      const auto& known = epoch.values[f];
      const std::string_view told_by = field.of_system ? system_of_reference(text) : text;
      if (const auto found = known.empty() || value == 0 ? known.end() : known.find(value_digest(secret, told_by));
          found != known.end()) {
        same = std::min(same, found->second.same);
        rarity = found->second.rarity;
      }
      field.values.push_back({same, rarity});
    }
  }
}

LinkModel model_for(const ModelEpoch& epoch, const Key& secret, const RecordTable& records) {
  LinkModel model = epoch.model;
  for (FieldModel& field : model.fields) field.values.clear();
  take_new_values(epoch, secret, records, model);
  return model;
}

std::string epoch_text(const ModelEpoch& epoch) {
  std::ostringstream text;
  const auto fields = person_fields();
  text << kFirstLine << "\nprior " << epoch.model.prior << " household-prior " << epoch.model.household_prior
       << " households " << (epoch.model.knows_households ? 1 : 0) << " cap " << epoch.plan.cap << " normal-form "
       << kNormalForm << "\n";
  for (std::size_t f = 0; f < epoch.model.fields.size(); ++f) {
    const FieldModel& field = epoch.model.fields[f];
    text << "field " << fields[f].second << " same-new " << field.new_same << " rarity-new " << field.new_rarity
         << " chance";
    for (std::size_t level = 0; level < kWeighedLevels; ++level) text << " " << field.chance[level];
    text << " household";
    for (std::size_t level = 0; level < kWeighedLevels; ++level) text << " " << field.household[level];
    text << "\n";
  }
  for (std::size_t f = 0; f < epoch.values.size(); ++f) {
    const std::map<std::string, ValueWeights> sorted(epoch.values[f].begin(), epoch.values[f].end());
    for (const auto& [digest, weights] : sorted)
      text << "value " << fields[f].second << " " << digest << " " << weights.same << " " << weights.rarity << "\n";
  }
  for (const BlockingKey& key : epoch.plan.keys) {
    text << "key ";
    for (std::size_t i = 0; i < key.parts.size(); ++i)
      text << (i == 0 ? "" : "+") << fields[key.parts[i].field].second << "."
           << kParts[static_cast<std::size_t>(key.parts[i].part)];
    text << "\n";
  }
  return text.str();
}

Result<ModelEpoch> read_epoch(std::string_view text) {
  ModelEpoch epoch;
  std::istringstream lines{std::string(text)};
  std::string line;
  std::size_t number = 0;
  int normal_form = kNormalForm;
  while (std::getline(lines, line)) {
    ++number;
    std::istringstream words(line);
    std::string word;
    words >> word;
    bool known = false;
    if (line == "moot-linkage 1" || line == "moot-linkage 2") return of_another_version();
    if (number == 1) known = line == kFirstLine;
    if (word == "prior") known = read_head(words, epoch, normal_form);
    if (word == "field") known = read_field(words, epoch);
    if (word == "value") known = read_value(words, epoch);
    if (word == "key") known = read_key(words, epoch);
    if (!known) return unreadable(number);
    if (normal_form != kNormalForm) return of_another_version();
  }
  if (epoch.model.fields.size() != kPersonFields || epoch.plan.keys.empty() || epoch.plan.cap == 0)
    return Status(Code::kInvalid, "the linkage model is not whole");
  epoch.version = value_digest(Key{}, text);
  return epoch;
}

namespace {

// Where there were too few pairs of one person to learn from, expectation-maximisation can end anywhere. Whatever it
// says, that two values differ speaks for nobody being one person.
void never_for_one(FieldModel& field) {
  for (std::array<Weight, kLevels>* weights : {&field.chance, &field.household}) {
    Weight& different = (*weights)[static_cast<std::size_t>(Level::kDifferent)];
    different = std::min(different, 0);
  }
}

}  // namespace

Result<ModelEpoch> estimate_epoch(const RecordTable& records, const Key& secret) {
  if (records.size() < kEpochRecordsMin)
    return Status(Code::kInvalid, "there are " + std::to_string(records.size()) +
                                      " different records of people, too few to learn from (" +
                                      std::to_string(kEpochRecordsMin) + "); the usual model goes on");
  const Estimate estimate = estimate_model(records);
  ModelEpoch epoch;
  epoch.model = estimate.model;
  epoch.plan = plan_blocking(records, estimate);
  struct Usual {
    std::uint32_t count;
    std::size_t field;
    std::string digest;
    ValueWeights weights;
  };
  std::vector<Usual> usual;
  epoch.values.resize(epoch.model.fields.size());
  for (std::size_t f = 0; f < epoch.model.fields.size(); ++f) {
    FieldModel& field = epoch.model.fields[f];
    never_for_one(field);
    const ValueCounts counts = count_values(records, f);
    double rare = 0, rare_squares = 0;
    for (ValueId value = 1; value < counts.exact.size(); ++value) {
      const std::uint32_t count = counts.exact[value];
      if (count < kEpochValueRecordsMin) {
        rare += count;
        rare_squares += static_cast<double>(count) * count;
      } else if (!field.of_system) {  // a reference is one person's, however often met
        usual.push_back(
            {count, f, value_digest(secret, records.table(static_cast<int>(f)).text(value)), field.values[value]});
      }
    }
    // As usual as the others are on average, seen from a record.
    const auto all = static_cast<double>(std::max<std::uint64_t>(counts.supplied, 1));
    if (rare > 0)
      field.new_same = to_weight(std::log2(std::max(field.m[0], 1e-6) / std::max(rare_squares / rare / all, 1e-9)));
    field.values.clear();
    if (!field.of_system) continue;
    for (const auto& [system, weight] : weights_of_another_reference(records, f))
      epoch.values[f][value_digest(secret, system)] = {field.new_same, weight};
  }
  std::sort(usual.begin(), usual.end(), [](const Usual& a, const Usual& b) {
    return std::tie(b.count, a.field, a.digest) < std::tie(a.count, b.field, b.digest);
  });
  usual.resize(std::min(usual.size(), kEpochValuesMax));
  for (const Usual& value : usual) epoch.values[value.field][value.digest] = value.weights;
  epoch.version = value_digest(Key{}, epoch_text(epoch));
  return epoch;
}

}  // namespace moot
