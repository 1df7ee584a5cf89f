// Puts records that are one matter together: one incident told to three agencies counts once. Records are joined by
// links of one kind, from any of their versions, also where two of them name a third that is not counted or not there.
// Without a kind of link each record is a group. Thread: one.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "consumers/report/record_set.h"

namespace moot {

class RecordGroups {
 public:
  RecordGroups(const RecordSet& records, std::string rel) : records_(records), rel_(std::move(rel)) {}

  void add(std::size_t record, const v1::Event& event);
  // Each with its earliest event first: by time, then source and id. Groups are in the order of those.
  std::vector<std::vector<const v1::Event*>> groups();

 private:
  std::string root(const std::string& name);
  void join(const std::string& a, const std::string& b);

  const RecordSet& records_;
  const std::string rel_;
  std::map<std::string, std::string> above_;                     // union-find over names of records
  std::map<std::string, std::vector<const v1::Event*>> events_;  // by the name of their record
};

}  // namespace moot
