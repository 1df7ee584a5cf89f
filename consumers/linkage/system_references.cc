#include "consumers/linkage/system_references.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <tuple>

namespace moot {
namespace {

// Bits: one person in fifty is registered twice, whatever of a register was seen.
constexpr double kOfRegister = -5.6;

struct NamedWith {
  ValueId given = 0, family = 0, born = 0;
  std::uint32_t system = 0;
  ValueId reference = 0;
  auto person() const { return std::tie(system, given, family, born); }
  bool operator<(const NamedWith& other) const {
    return person() != other.person() ? person() < other.person() : reference < other.reference;
  }
};

struct Seen {
  std::uint64_t named = 0;
  std::uint64_t another = 0;  // of them, those whose person has a record under another reference
};

class SystemReferences {
 public:
  SystemReferences(const RecordTable& records, std::size_t field) : records_(records), field_(field) {
    for (std::size_t f = 0; f < records.fields().size(); ++f) {
      const FieldKind kind = records.fields()[f].kind;
      if (kind == FieldKind::kGiven) given_ = f;
      if (kind == FieldKind::kFamily) family_ = f;
      if (kind == FieldKind::kBorn) born_ = f;
    }
  }

  std::map<std::string, Weight, std::less<>> weights() {
    std::vector<NamedWith> named = fully_named();
    std::vector<Seen> seen(systems_.size());
    std::sort(named.begin(), named.end());
    for (std::size_t from = 0, to = 0; from < named.size(); from = to) {
      while (to < named.size() && named[to].person() == named[from].person()) ++to;
      look_at(std::span(named).subspan(from, to - from), seen[named[from].system]);
    }
    std::map<std::string, Weight, std::less<>> weights;
    for (const auto& [system, number] : systems_)
      if (seen[number].named >= kSystemRecordsMin) weights.emplace(system, weight_of_another(seen[number]));
    return weights;
  }

 private:
  std::vector<NamedWith> fully_named() {
    std::vector<NamedWith> named;
    if (given_ == kNone || family_ == kNone || born_ == kNone) return named;
    const ValueTable& references = records_.table(static_cast<int>(field_));
    const ValueTable& dates = records_.table(static_cast<int>(born_));
    for (RecordId record = 0; record < records_.size(); ++record) {
      const ValueId* values = records_.values(record);
      NamedWith one{values[given_], values[family_], values[born_], 0, values[field_]};
      if (one.given == 0 || one.family == 0 || one.born == 0 || one.reference == 0) continue;
      if (dates.text(one.born).find('?') != std::string::npos) continue;
      const std::string_view system = system_of_reference(references.text(one.reference));
      one.system = systems_.try_emplace(std::string(system), static_cast<std::uint32_t>(systems_.size())).first->second;
      named.push_back(one);
    }
    return named;
  }

  // Of one person, by reference.
  static void look_at(std::span<const NamedWith> person, Seen& seen) {
    seen.named += person.size();
    if (person.front().reference != person.back().reference) seen.another += person.size();
  }

  // As if one of two more had been seen so: of few records nothing is said. Nor is where too many have another for it
  // to say who somebody is: most callers call once, so that numbers of calls would still part those who call often.
  static Weight weight_of_another(const Seen& seen) {
    const double share = static_cast<double>(seen.another + 1) / static_cast<double>(seen.named + 2);
    const Weight weight = to_weight(std::max(std::log2(share), kOfRegister));
    return weight <= kAnotherPerson ? weight : 0;
  }

  static constexpr std::size_t kNone = kFieldsMax;
  const RecordTable& records_;
  const std::size_t field_;
  std::size_t given_ = kNone, family_ = kNone, born_ = kNone;
  std::map<std::string, std::uint32_t, std::less<>> systems_;
};

}  // namespace

std::map<std::string, Weight, std::less<>> weights_of_another_reference(const RecordTable& records, std::size_t field) {
  return SystemReferences(records, field).weights();
}

}  // namespace moot
