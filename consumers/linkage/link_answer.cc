#include "consumers/linkage/link_answer.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace moot {

std::string_view answer_name(LinkAnswer answer) {
  switch (answer) {
    case LinkAnswer::kLinked:
      return "linked";
    case LinkAnswer::kPossible:
      return "possible";
    case LinkAnswer::kNot:
      return "not linked";
  }
  return "";
}

std::vector<PossibleLink> possible_links(const RecordTable& records, std::span<const RecordId> cluster,
                                         std::span<const WeighedPair> pairs, std::span<const DecidedPair> decided,
                                         const LinkageRule& rule) {
  const auto ends = [&](RecordId a, RecordId b) {
    const RecordId one = cluster[a];
    const RecordId two = cluster[b];
    return records.before(one, two) ? std::pair(one, two) : std::pair(two, one);
  };
  std::set<std::pair<RecordId, RecordId>> settled;
  for (const DecidedPair& pair : decided) settled.insert(ends(pair.a, pair.b));
  std::map<std::pair<RecordId, RecordId>, WeighedPair> best;
  const auto stronger = [&](const WeighedPair& x, const WeighedPair& y) {
    if (x.weight != y.weight) return x.weight > y.weight;
    return x.a != y.a ? records.before(x.a, y.a) : records.before(x.b, y.b);
  };
  for (WeighedPair pair : pairs) {
    if (pair.weight < rule.possible_at || cluster[pair.a] == cluster[pair.b]) continue;
    if (records.before(pair.b, pair.a)) std::swap(pair.a, pair.b);
    const auto key = ends(pair.a, pair.b);
    if (settled.contains(key)) continue;
    const auto [place, is_new] = best.try_emplace(key, pair);
    if (!is_new && stronger(pair, place->second)) place->second = pair;
  }
  std::vector<PossibleLink> links;
  for (const auto& [key, pair] : best) links.push_back({key.first, key.second, pair});
  std::sort(links.begin(), links.end(),
            [&](const PossibleLink& x, const PossibleLink& y) { return stronger(x.best, y.best); });
  return links;
}

void Calibration::add(double probability, bool is_true) {
  Bin& bin = bins_[std::clamp(static_cast<int>(probability * 10), 0, 9)];
  bin.promised += probability;
  bin.kept += is_true ? 1 : 0;
  pairs_ += 1;
}

double Calibration::expected_error() const {
  double error = 0;
  for (const Bin& bin : bins_) error += std::abs(bin.promised - bin.kept);
  return pairs_ == 0 ? 0 : error / pairs_;
}

}  // namespace moot
