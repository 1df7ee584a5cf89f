// The sections of an agenda: one kind each in a file of its own, all of them in the table section_kinds(). A board
// picks kinds, gives them their parameters and puts them in order; a new section of a kind that is here needs no code.
// Thread: constants and pure functions.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/definition.h"
#include "consumers/agenda/agenda_input.h"
#include "consumers/agenda/board.h"

namespace moot {

// What a section says of a person.
struct Verdict {
  bool claims = false;
  // Claimed: why, with its events. Considered and not claimed: why not. Not considered: empty.
  std::string reason;
  std::vector<const v1::Event*> events;
};

// A case that is no person, and that a section looked at and does not list. Its row is made if it is told.
struct OtherCase {
  std::string id;
  bool claimed = false;  // the section's rule is met
  int score = 0;
  std::function<v1::NotListed()> row;
};

struct OtherCases {
  std::vector<OtherCase> cases;
  std::size_t more = 0;  // not listed either, and each further from it than kNotListedMost others of its section
};

struct SectionKind {
  std::string_view name;  // as a board writes it
  // Asks for the kind's own keys, and no others.
  void (*read)(Definition& table, const BoardVersion& version, Section& section) = nullptr;
  // One of the two is there. A kind that judges people lists each at most once in an agenda; one that fills its section
  // itself stands beside the others and takes nobody away from them.
  Verdict (*judge)(const AgendaInput& input, const Section& section, std::size_t person) = nullptr;
  // It keeps the section's limits itself: has_place(). Rows are made within make_agenda.
  void (*fill)(const AgendaInput& input, const Section& section, v1::AgendaSection& out,
               OtherCases& not_listed) = nullptr;
  bool score_tells = false;      // why a person is claimed is among the reasons of the score already
  bool scores_by_roles = false;  // the score looks at events with the section's roles, not with the board's
  bool goes_by_calls = false;    // claims whoever is on the list of callers, and looks at all who called
};

extern const SectionKind kClocks;
extern const SectionKind kComplexNeeds;
extern const SectionKind kDomesticAbuse;
extern const SectionKind kFrequentCallers;
extern const SectionKind kHighRisk;
extern const SectionKind kNewReferrals;
extern const SectionKind kPeople;
extern const SectionKind kPinned;
extern const SectionKind kPlaces;
extern const SectionKind kPreviousActions;
extern const SectionKind kProlificOffenders;
extern const SectionKind kRecords;
extern const SectionKind kRepeatVictims;
extern const SectionKind kVulnerablePeople;

const std::vector<const SectionKind*>& section_kinds();

// What a board without one is given where somebody is pinned.
Section pinned_section();

// A list of codes, or what stands for it where it is left out.
std::vector<std::string> texts_or(Definition& table, std::string_view key, std::vector<std::string> otherwise);
int months_of(Definition& table, int otherwise);         // "months"
int incidents_min_of(Definition& table, int otherwise);  // "incidents_min"
// A section without keys of its own.
void read_nothing(Definition& table, const BoardVersion& version, Section& section);

}  // namespace moot
