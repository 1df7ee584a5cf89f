#include "consumers/linkage/link_explanation.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <map>
#include <set>

namespace moot {
namespace {

std::string bits(std::int64_t weight) {
  char text[32];
  std::snprintf(text, sizeof text, "%+.1f", to_bits(weight));
  return text;
}

std::string percent(double probability) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f%%", probability > .999 || probability < .001 ? 3 : 1, 100 * probability);
  return text;
}

// The widest path: grows from `a` by the strongest pair that leads out, until it meets `b`.
std::vector<RecordId> strongest_path(const RecordTable& records, std::span<const RecordId> cluster,
                                     std::span<const WeighedPair> pairs, std::span<const DecidedPair> decided,
                                     RecordId a, RecordId b) {
  std::map<RecordId, std::vector<WeighedPair>> from;
  for (const DecidedPair& pair : decided) {  // nothing is stronger
    if (!pair.linked || cluster[pair.a] != cluster[a] || cluster[pair.b] != cluster[a]) continue;
    from[pair.a].push_back({pair.a, pair.b, std::numeric_limits<Weight>::max()});
    from[pair.b].push_back({pair.b, pair.a, std::numeric_limits<Weight>::max()});
  }
  for (const WeighedPair& pair : pairs) {
    if (cluster[pair.a] != cluster[a] || cluster[pair.b] != cluster[a]) continue;
    from[pair.a].push_back({pair.a, pair.b, pair.weight});
    from[pair.b].push_back({pair.b, pair.a, pair.weight});
  }
  std::map<RecordId, RecordId> came_from = {{a, a}};
  std::vector<WeighedPair> ways = from[a];
  const auto weaker = [&](const WeighedPair& x, const WeighedPair& y) {
    return x.weight != y.weight ? x.weight < y.weight : records.before(y.b, x.b);
  };
  std::make_heap(ways.begin(), ways.end(), weaker);
  while (!ways.empty() && !came_from.contains(b)) {
    std::pop_heap(ways.begin(), ways.end(), weaker);
    const WeighedPair way = ways.back();
    ways.pop_back();
    if (!came_from.try_emplace(way.b, way.a).second) continue;
    for (const WeighedPair& next : from[way.b]) {
      ways.push_back(next);
      std::push_heap(ways.begin(), ways.end(), weaker);
    }
  }
  std::vector<RecordId> path;
  if (!came_from.contains(b)) return path;
  for (RecordId at = b; at != a; at = came_from[at]) path.push_back(at);
  path.push_back(a);
  std::reverse(path.begin(), path.end());
  return path;
}

std::optional<bool> decision_on(std::span<const DecidedPair> decided, RecordId a, RecordId b) {
  for (const DecidedPair& pair : decided)
    if ((pair.a == a && pair.b == b) || (pair.a == b && pair.b == a)) return pair.linked;
  return std::nullopt;
}

std::vector<std::string> what_kept_apart(const LinkExplanation& explanation, const LinkageRule& rule) {
  std::vector<std::string> apart;
  if (explanation.decided == false) apart.push_back("A person decided that they are two people.");
  for (auto field = explanation.fields.rbegin(); field != explanation.fields.rend() && field->weight < -kBit; ++field)
    apart.push_back("Against it: " + field->level + " (" + bits(field->weight) + " bits).");
  if (explanation.weight < rule.join_at) {
    apart.push_back(explanation.against_household
                        ? "That they are two members of one household is likelier."
                        : "That they agree so far by chance is likelier than that they are one person.");
  } else if (explanation.decided != false) {
    apart.push_back(
        "The two records agree, but the other records of either do not agree with those of the other well "
        "enough, or a third goes as well with one of them.");
  }
  return apart;
}

}  // namespace

LinkExplanation explain_link(const RecordTable& records, const LinkModel& model, std::span<const RecordId> cluster,
                             std::span<const WeighedPair> pairs, std::span<const DecidedPair> decided,
                             const LinkageRule& rule, RecordId a, RecordId b) {
  LinkExplanation explanation;
  PairLevels levels(records);
  Levels found{};
  levels.compare(records.values(a), records.values(b), found);
  const PairWeight weight = weigh(model, found, records.values(a), records.values(b));
  explanation.weight = weight.total;
  explanation.prior = weight.prior;
  explanation.probability = probability_of(weight.total);
  explanation.against_household = weight.against_household;
  explanation.decided = decision_on(decided, a, b);
  for (std::size_t f = 0; f < records.fields().size(); ++f)
    if (found[f] != Level::kMissing)
      explanation.fields.push_back(
          {records.fields()[f].title, level_words(records.fields()[f].kind, found[f]), weight.bars[f]});
  std::stable_sort(explanation.fields.begin(), explanation.fields.end(),
                   [](const ExplainedField& x, const ExplainedField& y) { return x.weight > y.weight; });
  if (cluster[a] == cluster[b]) {
    explanation.answer = LinkAnswer::kLinked;
    explanation.path = strongest_path(records, cluster, pairs, decided, a, b);
    return explanation;
  }
  if (weight.total >= rule.possible_at && !explanation.decided) explanation.answer = LinkAnswer::kPossible;
  explanation.apart = what_kept_apart(explanation, rule);
  return explanation;
}

std::string prior_words(const LinkExplanation& explanation) {
  return explanation.against_household ? "before anything is compared, of two people of one household"
                                       : "before anything is compared, of two people met by chance";
}

namespace {

// Bars on one scale, each from where the one before ends: "+" for, "-" against, "|" where nothing speaks either way.
class Waterfall {
 public:
  explicit Waterfall(const LinkExplanation& explanation) {
    std::int64_t at = explanation.prior;
    take(at);
    for (const ExplainedField& field : explanation.fields) take(at += field.weight);
  }
  std::string bar(std::int64_t from, std::int64_t to) const {
    std::string line(kWide + 1, ' ');
    const std::size_t one = column(std::min(from, to));
    const std::size_t two = column(std::max(from, to));
    std::fill(line.begin() + static_cast<std::ptrdiff_t>(one), line.begin() + static_cast<std::ptrdiff_t>(two) + 1,
              to < from ? '-' : '+');
    line[column(0)] = '|';
    return line;
  }

 private:
  static constexpr std::size_t kWide = 40;
  void take(std::int64_t at) {
    least_ = std::min(least_, at);
    most_ = std::max(most_, at);
  }
  std::size_t column(std::int64_t at) const {
    const std::int64_t range = std::max<std::int64_t>(most_ - least_, 1);
    return static_cast<std::size_t>((at - least_) * static_cast<std::int64_t>(kWide) / range);
  }
  std::int64_t least_ = 0, most_ = 0;
};

std::string waterfall_line(std::int64_t weight, const std::string& bar, const std::string& words) {
  std::string number = bits(weight);
  number.insert(0, number.size() < 6 ? 6 - number.size() : 0, ' ');
  return "  " + number + "  " + bar + "  " + words + "\n";
}

}  // namespace

std::string explanation_text(const LinkExplanation& explanation, const std::vector<std::string>& path) {
  std::string text = "Answer: " + std::string(answer_name(explanation.answer));
  if (explanation.decided) text += ", as a person decided";
  text += ".\nWeight of the two records: " + bits(explanation.weight) + " bits, a probability of " +
          percent(explanation.probability) + ". A bit doubles the odds.\n";
  const Waterfall waterfall(explanation);
  std::int64_t at = explanation.prior;
  text += waterfall_line(at, waterfall.bar(0, at), prior_words(explanation));
  for (const ExplainedField& field : explanation.fields) {
    text += waterfall_line(field.weight, waterfall.bar(at, at + field.weight), field.level);
    at += field.weight;
  }
  text += waterfall_line(at, waterfall.bar(0, at), "in all");
  if (path.size() > 2) text += "Held together by what stands between them, each with the next:\n";
  for (std::size_t i = 0; i < path.size() && path.size() > 2; ++i) text += "  " + path[i] + "\n";
  for (const std::string& sentence : explanation.apart) text += sentence + "\n";
  return text;
}

std::string explanation_svg(const LinkExplanation& explanation) {
  constexpr int kRow = 24;
  constexpr int kMiddle = 300;
  constexpr double kPixelsForABit = 6;
  struct Bar {
    std::string words;
    std::int64_t from, to;
  };
  std::vector<Bar> bars = {{"before anything is compared", 0, explanation.prior}};
  for (const ExplainedField& field : explanation.fields)
    bars.push_back({field.level, bars.back().to, bars.back().to + field.weight});
  bars.push_back({"weight", 0, explanation.weight});
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"960\" height=\"" +
                    std::to_string(kRow * static_cast<int>(bars.size())) + "\" role=\"img\">\n";
  for (std::size_t i = 0; i < bars.size(); ++i) {
    char rectangle[256];
    const double left = kMiddle + kPixelsForABit * to_bits(std::min(bars[i].from, bars[i].to));
    const std::int64_t difference = bars[i].to - bars[i].from;
    std::snprintf(rectangle, sizeof rectangle, "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
                  left, static_cast<int>(i) * kRow + 4, kPixelsForABit * to_bits(std::abs(difference)), kRow - 8,
                  difference < 0 ? "#b10e1e" : "#00703c");
    svg += rectangle;
    svg += "<text x=\"600\" y=\"" + std::to_string(static_cast<int>(i) * kRow + 16) + "\" font-size=\"12\">" +
           bits(difference) + " " + bars[i].words + "</text>\n";
  }
  return svg + "</svg>\n";
}

}  // namespace moot
