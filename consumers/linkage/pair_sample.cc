#include "consumers/linkage/pair_sample.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "consumers/linkage/in_groups.h"

namespace moot {
namespace {

constexpr int kRoundsMax = 40;
constexpr double kSteady = 20;  // pairs that the usual chances weigh as much as

// Those that hold no more than `block_max` records, of at least two; each as places in the order of records.
struct Blocks {
  struct Block {
    std::size_t from = 0;  // in places
    std::size_t size = 0;
  };
  std::vector<Block> all;  // by the first record of each
  std::vector<std::uint32_t> places;
  std::size_t shared = 0;  // records whose values another has too
};

Blocks blocks_of(const RecordTable& records, std::span<const RecordId> order, std::span<const std::size_t> fields,
                 std::size_t block_max) {
  std::vector<Hashed> members;
  for (std::uint32_t place = 0; place < order.size(); ++place) {
    const ValueId* values = records.values(order[place]);
    std::uint64_t block = 0;
    bool has_all = true;
    for (const std::size_t field : fields) {
      has_all = has_all && values[field] != 0;
      block = mixed(block + values[field]);
    }
    if (has_all) members.emplace_back(block, place);
  }
  Blocks blocks;
  for_each_group(std::move(members), [&](std::span<const std::uint32_t> places) {
    if (places.size() < 2) return;  // it leads to no pair, and is no reason for one to be missing
    blocks.shared += places.size();
    if (places.size() > block_max) return;
    blocks.all.push_back({blocks.places.size(), places.size()});
    blocks.places.insert(blocks.places.end(), places.begin(), places.end());
  });
  // So that the blocks' order does not hang on the numbers of values.
  std::sort(blocks.all.begin(), blocks.all.end(), [&](const Blocks::Block& a, const Blocks::Block& b) {
    return blocks.places[a.from] < blocks.places[b.from];
  });
  return blocks;
}

bool is_among(std::size_t field, std::span<const std::size_t> fields) {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

void learn_from(const Chances& counts, const Chances& usual, Chances& chances) {
  double sum = 0;
  for (std::size_t level = 0; level + 1 < kLevels; ++level) sum += counts[level] + kSteady * usual[level];
  for (std::size_t level = 0; level + 1 < kLevels; ++level)
    chances[level] = (counts[level] + kSteady * usual[level]) / sum;
}

double log_chance(double chance) { return std::log(std::max(chance, 1e-12)); }

}  // namespace

std::vector<RecordId> in_order(const RecordTable& records) {
  std::vector<RecordId> order(records.size());
  std::iota(order.begin(), order.end(), RecordId{0});
  std::sort(order.begin(), order.end(), [&](RecordId a, RecordId b) { return records.before(a, b); });
  return order;
}

PairSample sample_pairs(const RecordTable& records, std::span<const RecordId> order, PairLevels& levels,
                        std::span<const std::size_t> fields, std::size_t block_max, std::size_t pairs_max) {
  PairSample session;
  session.held_out.assign(fields.begin(), fields.end());
  const Blocks blocks = blocks_of(records, order, fields, block_max);
  std::size_t pairs = 0;
  for (const Blocks::Block& block : blocks.all) pairs += block.size * (block.size - 1) / 2;
  session.reach =
      blocks.shared == 0 ? 1 : static_cast<double>(blocks.places.size()) / static_cast<double>(blocks.shared);
  const std::size_t stride = std::max<std::size_t>(1, (pairs + pairs_max - 1) / pairs_max);
  session.stands_for = static_cast<double>(stride);
  Levels found{};
  std::size_t number = 0;
  for (const Blocks::Block& block : blocks.all)
    for (std::size_t i = 1; i < block.size; ++i)
      for (std::size_t j = 0; j < i; ++j) {
        if (number++ % stride != 0) continue;
        const RecordId a = order[blocks.places[block.from + i]];
        const RecordId b = order[blocks.places[block.from + j]];
        levels.compare(records.values(a), records.values(b), found);
        session.pairs.push_back({a, b, packed(found, records.fields().size())});
      }
  return session;
}

PairSample sample_at_random(const RecordTable& records, std::span<const RecordId> order, PairLevels& levels,
                            std::size_t pairs_max) {
  PairSample session;
  const std::size_t size = records.size();
  if (size < 2) return session;
  const std::size_t all = size * (size - 1) / 2;
  Levels found{};
  const auto take = [&](std::size_t i, std::size_t j) {
    levels.compare(records.values(order[i]), records.values(order[j]), found);
    session.pairs.push_back({order[i], order[j], packed(found, records.fields().size())});
  };
  if (all <= pairs_max) {
    for (std::size_t i = 1; i < size; ++i)
      for (std::size_t j = 0; j < i; ++j) take(i, j);
    return session;
  }
  session.stands_for = static_cast<double>(all) / static_cast<double>(pairs_max);
  for (std::size_t k = 0; k < pairs_max; ++k) {
    const std::size_t i = mixed(2 * k + 1) % size;
    const std::size_t j = mixed(2 * k + 2) % size;
    if (i != j) take(i, j);
  }
  return session;
}

std::vector<PatternCount> count_patterns(const PairSample& session) {
  std::vector<std::uint64_t> patterns;
  patterns.reserve(session.pairs.size());
  for (const SampledPair& pair : session.pairs) patterns.push_back(pair.pattern);
  std::sort(patterns.begin(), patterns.end());
  std::vector<PatternCount> counts;
  for (const std::uint64_t pattern : patterns) {
    if (counts.empty() || counts.back().pattern != pattern) counts.push_back({pattern, 0});
    counts.back().count += 1;
  }
  return counts;
}

KinshipOfPatterns::KinshipOfPatterns(const Kinship& kinship, const Shares& shares,
                                     std::span<const std::size_t> held_out)
    : fields_(kinship.strangers.size()),
      shares_{log_chance(shares.one_person), log_chance(shares.one_household),
              log_chance(1 - shares.one_person - shares.one_household)} {
  const bool households = !kinship.one_household.empty();
  if (!households) shares_[1] = -1e9;
  for (std::size_t f = 0; f < fields_.size(); ++f)
    for (std::size_t level = 0; level + 1 < kLevels; ++level)
      if (!is_among(f, held_out))
        fields_[f][level] = {log_chance(kinship.one_person[f][level]),
                             households ? log_chance(kinship.one_household[f][level]) : 0,
                             log_chance(kinship.strangers[f][level])};
}

Shares KinshipOfPatterns::of(std::uint64_t pattern) const {
  auto [person, household, strangers] = shares_;
  for (std::size_t f = 0; f < fields_.size(); ++f) {
    const auto& logarithms = fields_[f][static_cast<std::size_t>(level_in(pattern, f))];
    person += logarithms[0];
    household += logarithms[1];
    strangers += logarithms[2];
  }
  const double most = std::max({person, household, strangers});
  person = std::exp(person - most);
  household = std::exp(household - most);
  const double all = person + household + std::exp(strangers - most);
  return {person / all, household / all};
}

Maximised maximise(const PairSample& session, const Kinship& start, const Usual& usual) {
  const std::size_t fields = usual.one_person.size();
  Maximised now{{.2, start.one_household.empty() ? 0 : .1}, start};
  const std::vector<PatternCount> patterns = count_patterns(session);
  const auto all = static_cast<double>(session.pairs.size());
  if (patterns.empty()) return Maximised{{0, 0}, start};
  for (int round = 0; round < kRoundsMax; ++round) {
    std::vector<Chances> persons(fields);
    std::vector<Chances> households(fields);
    Shares found{0, 0};
    const KinshipOfPatterns kinship(now.kinship, now.shares, session.held_out);
    for (const PatternCount& pattern : patterns) {
      const Shares chance = kinship.of(pattern.pattern);
      found.one_person += pattern.count * chance.one_person;
      found.one_household += pattern.count * chance.one_household;
      for (std::size_t f = 0; f < fields; ++f) {
        const auto level = static_cast<std::size_t>(level_in(pattern.pattern, f));
        persons[f][level] += pattern.count * chance.one_person;
        households[f][level] += pattern.count * chance.one_household;
      }
    }
    const double before = now.shares.one_person;
    now.shares.one_person = std::clamp(found.one_person / all, 1e-6, .99);
    if (!start.one_household.empty())
      now.shares.one_household = std::clamp(found.one_household / all, 1e-6, .995 - now.shares.one_person);
    for (std::size_t f = 0; f < fields; ++f) {
      if (is_among(f, session.held_out)) continue;
      learn_from(persons[f], usual.one_person[f], now.kinship.one_person[f]);
      if (!start.one_household.empty() && usual.shared[f])
        learn_from(households[f], usual.one_household[f], now.kinship.one_household[f]);
    }
    if (std::abs(now.shares.one_person - before) < 1e-5) break;
  }
  return now;
}

}  // namespace moot
