#include "consumers/linkage/system_references.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace moot {
namespace {

// Another reference that is as likely of one person as not says nothing.
constexpr double kSaysNothing = .5;
// That is what is thought before anything is seen, as if seen of so many records.
constexpr double kThoughtBefore = 2;

struct Named {
  ValueId given = 0, family = 0, born = 0;
  std::uint32_t system = 0;
  ValueId reference = 0;
  auto person() const { return std::tie(system, given, family, born); }
  bool operator<(const Named& other) const {
    return person() != other.person() ? person() < other.person() : reference < other.reference;
  }
};

struct Seen {
  std::uint64_t records = 0;
  std::uint64_t all = 0;     // records beside the first of each person
  std::int64_t another = 0;  // so many of them, in 1/65536, have another reference than the person's others
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
    std::vector<Named> named = fully_named();
    std::vector<Seen> seen(systems_.size());
    std::sort(named.begin(), named.end());
    for (std::size_t from = 0, to = 0; from < named.size(); from = to) {
      while (to < named.size() && named[to].person() == named[from].person()) ++to;
      look_at(std::span(named).subspan(from, to - from), seen[named[from].system]);
    }
    std::map<std::string, Weight, std::less<>> weights;
    for (const auto& [system, number] : systems_)
      if (seen[number].records >= kSystemRecordsMin) weights.emplace(system, weight_of_another(seen[number]));
    return weights;
  }

 private:
  std::vector<Named> fully_named() {
    std::vector<Named> named;
    if (given_ == kNone || family_ == kNone || born_ == kNone) return named;
    const ValueTable& references = records_.table(static_cast<int>(field_));
    const ValueTable& dates = records_.table(static_cast<int>(born_));
    for (RecordId record = 0; record < records_.size(); ++record) {
      const ValueId* values = records_.values(record);
      Named one{values[given_], values[family_], values[born_], 0, values[field_]};
      if (one.given == 0 || one.family == 0 || one.born == 0 || one.reference == 0) continue;
      if (dates.text(one.born).find('?') != std::string::npos) continue;
      const std::string_view system = system_of_reference(references.text(one.reference));
      one.system = systems_.try_emplace(std::string(system), static_cast<std::uint32_t>(systems_.size())).first->second;
      named.push_back(one);
    }
    return named;
  }

  // Of one person, by reference. Who has many records counts for as many, not for as many pairs.
  static void look_at(std::span<const Named> person, Seen& seen) {
    if (person.size() < 2) return;
    const auto pairs = [](std::uint64_t records) { return records * (records - 1) / 2; };
    std::uint64_t same = 0;
    for (std::size_t from = 0, to = 0; from < person.size(); from = to) {
      while (to < person.size() && person[to].reference == person[from].reference) ++to;
      same += pairs(to - from);
    }
    const std::uint64_t all = pairs(person.size());
    const double share = static_cast<double>(all - same) / static_cast<double>(all);
    seen.records += person.size();
    seen.all += person.size() - 1;
    seen.another += std::llround(share * static_cast<double>(person.size() - 1) * kBit);
  }

  static Weight weight_of_another(const Seen& seen) {
    const double another =
        (to_bits(seen.another) + kThoughtBefore * kSaysNothing) / (static_cast<double>(seen.all) + kThoughtBefore);
    return another >= kSaysNothing ? 0 : to_weight(std::log2(another));
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
