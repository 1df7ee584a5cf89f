// What should be: told of everything that was synced, asked and sent, it knows every event, judges each thing as it
// happens by rules of its own, and says at the end what each reader's view must hold (DESIGN §2: G1 to G5, G8, G9).
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "broker/access/registry.h"
#include "tests/simulation/publisher.h"
#include "tests/simulation/reader.h"

namespace moot::simulation {

class Model {
 public:
  Model(const Timeline& timeline, Faults& faults, const Registry& registry)
      : timeline_(timeline), faults_(faults), registry_(registry) {}

  void synced(const SealedRecord& record, Offset offset);
  void arrived(const std::string& peer, std::string_view header);
  void sent(const std::string& connection, const std::string& peer, const v1::Reply& reply,
            const std::vector<std::string>& events, Offset end);
  void key_revoked(const std::string& agency) { revoked_.emplace(agency, timeline_.passed()); }

  // What the reader's view must be once everything has settled.
  std::vector<Seen> view_of(const Reader& reader) const;
  // Of what the broker told publishers.
  void check_acked(const Publisher& publisher);
  std::uint64_t end() const { return stored_.size(); }
  const std::vector<std::string>& findings() const { return findings_; }
  // Begins with the promise. Of each some: many of one must not hide another's.
  void find(std::string what) {
    const std::string_view promise = std::string_view(what).substr(0, what.find(':'));
    const auto is_of_it = [&](const std::string& one) { return one.starts_with(promise); };
    if (std::count_if(findings_.begin(), findings_.end(), is_of_it) < 20) findings_.push_back(std::move(what));
  }

 private:
  struct Stored {
    std::string source, id, agency;
    v1::Governance governance;
    Span at;
  };
  struct Reading {
    std::int64_t credit = 0;
    std::uint64_t through = 0;
    std::string purpose;
  };
  bool in_force(const Stored& clause, Span at) const;
  // -1: nothing.
  int may_see(const std::string& reader, const std::string& purpose, const Stored& event, Span at) const;
  void check_event(const std::string& reader, const Reading& reading, const v1::Event& event);

  const Timeline& timeline_;
  Faults& faults_;
  const Registry& registry_;
  std::vector<Stored> stored_;
  std::vector<std::size_t> governance_;  // places in stored_
  std::set<std::pair<std::string, std::string>> keys_;
  std::map<std::pair<std::string, std::uint64_t>, Reading> readings_;  // by routing id and number of the Consume
  std::map<std::string, Span> revoked_;
  std::vector<std::string> findings_;
};

}  // namespace moot::simulation
