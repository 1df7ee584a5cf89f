// Which events a figure counts: dated data of the partnership, never code. Read from a table of a definition:
//
//   type = ["review.held"]        bodies, or bodies with a stage; required
//   area = ["didcot"]             and any other name of consumers/report/event_values.h, or a field of the body: the
//   scheme = "guardcam"           event has one of the values. A text, a list of texts, true, false or a whole number
//   rel = "about"                 it has a link of this kind
//   [….not]                       likewise; an event that has one of these values is not counted
//
// Mistakes are recorded in the definition. Thread: pure functions once read.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "broker/core/definition.h"
#include "consumers/report/event_values.h"
#include "proto/event.pb.h"

namespace moot {

class Predicate {
 public:
  // `needs_type`: false where every type will do.
  static Predicate read(Definition& table, bool needs_type = true);

  bool matches(const v1::Event& event, const AreaNames& areas) const;
  // By its facts alone: false of what does not match, whoever it names and wherever it was.
  bool may_match(const v1::Facts& facts) const;
  // All that it asks for, in one text.
  std::string words() const;
  // Whether the event is of one of the bodies at all, in whatever stage.
  bool names_types() const { return !types_.empty(); }  // a predicate that was read of a definition does
  bool is_of_body(v1::Facts::BodyCase body) const;
  std::vector<v1::Facts::BodyCase> bodies() const;  // none = any
  // The numbers of fields: whether every body has the field, as a number.
  bool has_number(const std::string& field) const;
  bool has_field(const std::string& field) const;  // or it is a name that every event has
  bool is_list(const std::string& field) const;    // a field that can say several things, or that there is none
  bool names(const std::string& field) const { return values_.contains(field); }  // says which values of it count
  std::vector<std::string> values(const std::string& field) const;                // those that count; empty = any
  const DefinitionPlace& place() const { return place_; }

 private:
  using Values = std::map<std::string, std::vector<std::string>>;  // by name
  void read_type(Definition& table, bool needed);
  bool is_of_type(const v1::Facts& facts) const;
  void read_values(Definition& table, Values& values) const;

  std::vector<std::string> types_;   // "review.held", "incident"
  std::vector<std::string> bodies_;  // of types_; empty = any
  std::string rel_;
  DefinitionPlace place_;
  Values values_, not_;
};

}  // namespace moot
