#include "consumers/linkage/average_linkage.h"

#include <algorithm>
#include <queue>

namespace moot {
namespace {

struct Tie {
  std::uint32_t to = 0;
  std::uint32_t pairs = 0;        // that were looked at
  std::uint32_t dated_pairs = 0;  // of them: both say when they were born
  bool apart = false;             // a person said so
  std::int64_t sum = 0;           // of their weights
  std::int64_t dated_sum = 0;

  void add(const Agreement& agreement) {
    ++pairs;
    sum += agreement.weight;
    if (!agreement.dated) return;
    ++dated_pairs;
    dated_sum += agreement.weight;
  }
  void add(const Tie& other) {
    pairs += other.pairs;
    dated_pairs += other.dated_pairs;
    apart = apart || other.apart;
    sum += other.sum;
    dated_sum += other.dated_sum;
  }
};

struct Offer {
  std::int64_t mean = 0;
  std::uint32_t a = 0;  // a < b
  std::uint32_t b = 0;
  std::uint32_t a_version = 0;
  std::uint32_t b_version = 0;
  // The best last, as a heap wants it; of equals the one of the first members.
  bool operator<(const Offer& other) const {
    if (mean != other.mean) return mean < other.mean;
    return a != other.a ? a > other.a : b > other.b;
  }
};

class Agglomeration {
 public:
  Agglomeration(std::size_t members, std::span<const WeighedPair> pairs, std::span<const DecidedPair> decided,
                const LinkageRule& rule, const WeightOfAbsent& weight_of_absent, std::pmr::memory_resource& memory)
      : rule_(rule),
        weight_of_absent_(weight_of_absent),
        memory_(memory),
        ties_(members, &memory),
        members_(members, &memory),
        versions_(members, 0, &memory),
        cluster_(members),
        offers_({}, Offers(&memory)) {
    for (std::uint32_t i = 0; i < members; ++i) cluster_[i] = i, members_[i] = {i};
    for (const WeighedPair& pair : pairs) {
      Tie tie;
      tie.add(Agreement{pair.weight, pair.dated});
      tie.to = pair.b;
      ties_[pair.a].push_back(tie);
      tie.to = pair.a;
      ties_[pair.b].push_back(tie);
    }
    for (Ties& ties : ties_)
      std::sort(ties.begin(), ties.end(), [](const Tie& a, const Tie& b) { return a.to < b.to; });
    obey(decided);
    for (std::uint32_t i = 0; i < members; ++i)
      for (const Tie& tie : ties_[i])
        if (i < tie.to) offer(i, tie);
  }

  std::vector<std::uint32_t> run() {
    while (!offers_.empty()) {
      const Offer best = offers_.top();
      offers_.pop();
      if (versions_[best.a] != best.a_version || versions_[best.b] != best.b_version) continue;
      if (!is_torn(best.a, best.b, best.mean) && !is_torn(best.b, best.a, best.mean)) join(best.a, best.b);
    }
    for (std::uint32_t i = 0; i < cluster_.size(); ++i) cluster_[i] = first_of(i);
    return std::move(cluster_);
  }

 private:
  using Ties = std::pmr::vector<Tie>;
  using Members = std::pmr::vector<std::uint32_t>;
  using Offers = std::pmr::vector<Offer>;

  std::uint32_t first_of(std::uint32_t member) const {
    while (cluster_[member] != member) member = cluster_[member];
    return member;
  }

  void obey(std::span<const DecidedPair> decided) {
    for (const DecidedPair& pair : decided) {
      if (pair.linked) continue;
      tie_between(pair.a, pair.b).apart = true;
      tie_between(pair.b, pair.a).apart = true;
    }
    for (const DecidedPair& pair : decided) {
      const std::uint32_t a = first_of(pair.a);
      const std::uint32_t b = first_of(pair.b);
      if (pair.linked && a != b) join(std::min(a, b), std::max(a, b));
    }
  }

  // Where there was none, one of what the two weigh.
  Tie& tie_between(std::uint32_t from, std::uint32_t to) {
    Ties& ties = ties_[from];
    const auto place = std::lower_bound(ties.begin(), ties.end(), to,
                                        [](const Tie& tie, std::uint32_t wanted) { return tie.to < wanted; });
    if (place != ties.end() && place->to == to) return *place;
    Tie tie{to};
    look_up(from, tie);
    return *ties.insert(place, tie);
  }

  void offer(std::uint32_t from, const Tie& tie) {
    const std::int64_t mean = mean_of(from, tie);
    if (mean < rule_.join_at || tie.apart || tie.dated_sum < tie.dated_pairs * std::int64_t{rule_.join_at}) return;
    const std::uint32_t a = std::min(from, tie.to);
    const std::uint32_t b = std::max(from, tie.to);
    offers_.push({mean, a, b, versions_[a], versions_[b]});
  }

  std::int64_t mean_of(std::uint32_t from, const Tie& tie) const {
    const auto all = static_cast<std::int64_t>(members_[from].size() * members_[tie.to].size());
    return (tie.sum + (all - tie.pairs) * rule_.absent) / all;
  }

  // Would `a` go with a third nearly as well as with `b`, and are those two different people of one household? Then
  // nobody can say whose it is: father and son of one name, and a record without a date of birth.
  bool is_torn(std::uint32_t a, std::uint32_t b, std::int64_t mean) const {
    for (const Tie& tie : ties_[a]) {
      if (tie.to == b || mean_of(a, tie) < std::max<std::int64_t>(mean - rule_.torn_within, rule_.join_at)) continue;
      const Ties& others = ties_[b];
      const auto between = std::lower_bound(others.begin(), others.end(), tie.to,
                                            [](const Tie& t, std::uint32_t wanted) { return t.to < wanted; });
      if (between != others.end() && between->to == tie.to && (between->apart || mean_of(b, *between) < rule_.absent))
        return true;
    }
    return false;
  }

  void join(std::uint32_t a, std::uint32_t b) {
    Ties ties(&memory_);
    ties.reserve(ties_[a].size() + ties_[b].size());
    auto one = ties_[a].begin();
    auto two = ties_[b].begin();
    while (one != ties_[a].end() || two != ties_[b].end()) {
      Tie tie;
      if (two == ties_[b].end() || (one != ties_[a].end() && one->to < two->to)) {
        tie = *one++;
        if (tie.to != b) look_up(b, tie);
      } else if (one == ties_[a].end() || two->to < one->to) {
        tie = *two++;
        if (tie.to != a) look_up(a, tie);
      } else {
        tie = *one++;
        tie.add(*two++);
      }
      if (tie.to != a && tie.to != b) ties.push_back(tie);
    }
    ties_[a] = std::move(ties);
    ties_[b] = Ties(&memory_);
    members_[a].insert(members_[a].end(), members_[b].begin(), members_[b].end());
    members_[b] = Members(&memory_);
    cluster_[b] = a;
    ++versions_[a];
    ++versions_[b];
    for (const Tie& tie : ties_[a]) {
      tell(tie.to, a, b, tie);
      offer(a, tie);
    }
  }

  // Adds what the members of `part` and those of the tie's other end weigh, none of which are among the pairs.
  void look_up(std::uint32_t part, Tie& tie) const {
    if (!weight_of_absent_ || members_[part].size() * members_[tie.to].size() > rule_.looked_up_max) return;
    for (const std::uint32_t one : members_[part])
      for (const std::uint32_t two : members_[tie.to]) tie.add(weight_of_absent_(one, two));
  }

  // In the list of `of`, what it has with `a` and `b` becomes one tie with `a`.
  void tell(std::uint32_t of, std::uint32_t a, std::uint32_t b, Tie tie) {
    tie.to = a;
    Ties& list = ties_[of];
    const auto at = [&](std::uint32_t to) {
      return std::lower_bound(list.begin(), list.end(), to,
                              [](const Tie& t, std::uint32_t wanted) { return t.to < wanted; });
    };
    if (const auto old = at(b); old != list.end() && old->to == b) list.erase(old);
    const auto place = at(a);
    if (place != list.end() && place->to == a)
      *place = tie;
    else
      list.insert(place, tie);
  }

  const LinkageRule rule_;
  const WeightOfAbsent& weight_of_absent_;
  std::pmr::memory_resource& memory_;
  std::pmr::vector<Ties> ties_;        // by cluster, by the other's first member
  std::pmr::vector<Members> members_;  // by cluster
  std::pmr::vector<std::uint32_t> versions_;
  std::vector<std::uint32_t> cluster_;
  std::priority_queue<Offer, Offers> offers_;
};

}  // namespace

Agreement bounded(const RivalWeight& weight, const LinkageRule& rule) {
  Weight least = weight.household ? rule.least : rule.absent;
  if (!weight.against) least = std::max(least, rule.unsaid);
  return {static_cast<Weight>(std::clamp<std::int64_t>(weight.total, least, rule.most)), weight.dated};
}

std::vector<std::uint32_t> cluster_by_average(std::size_t members, std::span<const WeighedPair> pairs,
                                              std::span<const DecidedPair> decided, const LinkageRule& rule,
                                              const WeightOfAbsent& weight_of_absent,
                                              std::pmr::memory_resource& memory) {
  return Agglomeration(members, pairs, decided, rule, weight_of_absent, memory).run();
}

}  // namespace moot
