#include "consumers/report/record_groups.h"

#include <algorithm>

#include "broker/core/event_rules.h"
#include "consumers/casebook/case_set.h"

namespace moot {
namespace {

bool happened_earlier(const v1::Event* a, const v1::Event* b) { return happened_before(*a, *b); }

std::string name_of(const RecordState& record) { return std::string(record.key()); }

}  // namespace

void RecordGroups::add(std::size_t record, const v1::Event& event) {
  const RecordState& state = records_.records()[record];
  const std::string name = name_of(state);
  events_[name].push_back(&event);
  if (rel_.empty()) return;
  for (const KeptVersion& version : state.versions()) {
    for (const v1::Link& link : state.read(version).envelope().links()) {
      if (link.rel() != rel_) continue;
      const std::optional<std::size_t> target = records_.find(link);
      join(name, target ? name_of(records_.records()[*target]) : link.source() + "\n" + link.id());
    }
  }
}

std::string RecordGroups::root(const std::string& name) {
  std::string at = name;
  for (auto next = above_.find(at); next != above_.end(); next = above_.find(at)) at = next->second;
  return at;
}

void RecordGroups::join(const std::string& a, const std::string& b) {
  const std::string one = root(a), other = root(b);
  if (one != other) above_[std::max(one, other)] = std::min(one, other);
}

std::vector<std::vector<const v1::Event*>> RecordGroups::groups() {
  std::map<std::string, std::vector<const v1::Event*>> joined;
  for (const auto& [name, events] : events_) {
    std::vector<const v1::Event*>& group = joined[root(name)];
    group.insert(group.end(), events.begin(), events.end());
  }
  std::vector<std::vector<const v1::Event*>> all;
  for (auto& [name, group] : joined) {
    std::sort(group.begin(), group.end(), happened_earlier);
    all.push_back(std::move(group));
  }
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return happened_earlier(a.front(), b.front()); });
  return all;
}

}  // namespace moot
