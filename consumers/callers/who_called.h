// What one contact says of who called: whether a rule counts it, whose call it is, and whom the rule leaves out.
// Thread: pure functions of the set.
#pragma once

#include <map>
#include <string>

#include "consumers/callers/policy.h"
#include "consumers/casebook/case_set.h"

namespace moot {

// By the contact's own words.
struct WhoCalled {
  std::map<std::size_t, const std::string*> people;  // positions in CaseSet::persons(), and why they are left out
  bool on_behalf = false;                            // made by somebody else for them
};
WhoCalled who_called(const CaseSet& set, const CallerRule& rule, std::size_t record);

// Would the rule count this contact: its channel, and its own category or that of an incident it is "about"?
bool is_about_rule(const CaseSet& set, const CallerRule& rule, const v1::Event& event);
// The same of a record; `facts` is used again. Most contacts say so themselves.
bool is_counted(const CaseSet& set, const CallerRule& rule, std::size_t record, v1::Facts& facts);

// The rule's reason for leaving the person out; nullptr where there is none.
const std::string* why_left_out(const CallerRule& rule, const v1::Person& person);

// Which of those whom a contact names called, where that is told by a number: the set keeps a byte of each.
class CallerNotes {
 public:
  CallerNotes(const CaseSet& set, const CallerRule& rule);

  struct Told {
    std::size_t person = 0;
    bool on_behalf = false;
  };
  // Nothing where it is nobody, several, or somebody left out: who_called() tells.
  std::optional<Told> of(std::uint32_t record);

 private:
  const CaseSet& set_;
  const CallerRule& rule_;
  CaseRecords::Notes notes_;
};

}  // namespace moot
