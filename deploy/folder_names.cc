#include "deploy/folder_names.h"

#include <algorithm>

#include "consumers/document/phrase.h"
#include "consumers/rules/clock_kind.h"

namespace moot {
namespace {

// Every clock that a board or a report names is one of the pack in force.
Status check_clocks(const PartnershipFolder& read) {
  const RulePack* pack = read.rules_in_force();
  if (pack == nullptr) return {};
  const auto unknown = [&](const std::string& what, const std::string& clock) {
    return what + " names the clock \"" + clock + "\"; the rule pack \"" + pack->id + "\" has " + in_list(pack->ids());
  };
  for (const auto& [id, board] : read.boards)
    for (const BoardVersion& version : board.versions)
      for (const Section& section : version.sections)
        for (const std::string& clock : section.clocks)
          if (pack->find(clock) == nullptr)
            return section.place.mistake("clocks", unknown("the board \"" + id + "\"", clock));
  for (const auto& [id, report] : read.reports)
    for (const Measure& measure : report.measures)
      if (measure.kind == MeasureKind::kClock && pack->find(measure.clock) == nullptr)
        return measure.place.mistake("clock", unknown("the report \"" + id + "\"", measure.clock));
  return {};
}

// Every agency that runs a board's meetings is one of the partnership's.
Status check_secretaries(const PartnershipFolder& read) {
  for (const auto& [id, board] : read.boards)
    for (const Secretary& secretary : board.secretaries)
      if (read.partnership.find_agency(secretary.agency) == nullptr)
        return board.place.mistake("secretary", "the board \"" + id + "\" has the secretary \"" + secretary.agency +
                                                    "\", which is none of the partnership's agencies");
  return {};
}

// Every area that a board looks at is one of the partnership's.
Status check_areas(const PartnershipFolder& read) {
  std::vector<std::string> known;
  for (const Area& area : read.partnership.areas) known.push_back(area.code);
  for (const auto& [id, board] : read.boards)
    for (const std::string& area : board.areas)
      if (std::find(known.begin(), known.end(), area) == known.end())
        return board.place.mistake("areas", "the board \"" + id + "\" names the area \"" + area +
                                                "\"; the partnership has " + (known.empty() ? "none" : in_list(known)));
  return {};
}

// What a predicate counts by: an area or an agency that the partnership has not is never met. What it leaves out may be
// another's.
class CountedNames {
 public:
  explicit CountedNames(const Partnership& partnership) : areas_(partnership.areas) {
    for (const Area& area : partnership.areas) area_codes_.push_back(area.code);
    for (const Agency& agency : partnership.agencies) agencies_.push_back(agency.id.value());
  }

  Status check(const std::string& what, const Predicate& where) const {
    for (const std::string& area : where.values("area"))
      if (!areas_.knows(area)) return unknown(where, what, "area", area, area_codes_);
    for (const std::string& agency : where.values("agency"))
      if (std::find(agencies_.begin(), agencies_.end(), agency) == agencies_.end())
        return unknown(where, what, "agency", agency, agencies_);
    for (const std::string& month : where.values("month"))
      if (!parse_date(month + "-01").ok())
        return where.place().mistake("month", what + " counts by the month \"" + month + "\"; expected one as 2021-03");
    return {};
  }
  Status check(const std::string& what, const std::optional<Predicate>& where) const {
    return where ? check(what, *where) : Status();
  }

 private:
  static Status unknown(const Predicate& where, const std::string& what, const std::string& kind,
                        const std::string& name, const std::vector<std::string>& known) {
    return where.place().mistake(kind, what + " counts by the " + kind + " \"" + name + "\"; the partnership has " +
                                           (known.empty() ? "none" : in_list(known)));
  }

  const AreaNames areas_;
  std::vector<std::string> area_codes_, agencies_;
};

Status check_boards(const PartnershipFolder& read, const CountedNames& names) {
  for (const auto& [id, board] : read.boards)
    for (const BoardVersion& version : board.versions)
      for (const Section& section : version.sections) {
        const std::string what = "the section \"" + section.id + "\" of the board \"" + id + "\"";
        MOOT_RETURN_IF_ERROR(names.check(what, section.where));
        MOOT_RETURN_IF_ERROR(names.check(what, section.until));
      }
  return {};
}

Status check_states(const PartnershipFolder& read, const std::string& what, const Measure& measure) {
  const RulePack* pack = read.rules_in_force();
  const ClockRule* rule = pack == nullptr ? nullptr : pack->find(measure.clock);
  if (rule == nullptr) return {};
  const auto& states = rule->kind->states;
  for (const std::string& state : measure.states)
    if (std::find(states.begin(), states.end(), state) == states.end())
      return measure.place.mistake("states", what + " asks for the state \"" + state + "\" of the clock \"" + rule->id +
                                                 "\", which has " + in_list({states.begin(), states.end()}));
  return {};
}

// The lists are reviewed at the meetings of one of the boards.
Status check_reviewed(const PartnershipFolder& read, const std::string& what, const Measure& measure) {
  if (measure.kind != MeasureKind::kCallers) return {};
  std::vector<std::string> known;
  for (const auto& [id, board] : read.boards) known.push_back(board.known_as);
  if (std::find(known.begin(), known.end(), measure.board) != known.end()) return {};
  return measure.place.mistake("board", what + " names the board \"" + measure.board + "\"; the partnership has " +
                                            (known.empty() ? "none" : in_list(known)));
}

Status check_reports(const PartnershipFolder& read, const CountedNames& names) {
  for (const auto& [id, report] : read.reports)
    for (const Measure& measure : report.measures) {
      const std::string what = "the measure \"" + measure.id + "\" of the report \"" + id + "\"";
      MOOT_RETURN_IF_ERROR(names.check(what, measure.where));
      MOOT_RETURN_IF_ERROR(names.check(what, measure.supplied_where));
      if (measure.linked) MOOT_RETURN_IF_ERROR(names.check(what, measure.linked->where));
      MOOT_RETURN_IF_ERROR(check_states(read, what, measure));
      MOOT_RETURN_IF_ERROR(check_reviewed(read, what, measure));
      if (!measure.agency.empty() && read.partnership.find_agency(measure.agency) == nullptr)
        return measure.place.mistake(
            "agency", what + " names the agency \"" + measure.agency + "\", which is none of the partnership's");
    }
  return {};
}

Status check_packs(const PartnershipFolder& read, const CountedNames& names) {
  for (const RulePack& pack : read.rules)
    for (const ClockRule& clock : pack.clocks)
      for (const ClockVersion& version : clock.versions) {
        const std::string what = "the clock \"" + clock.id + "\" of the rule pack \"" + pack.id + "\"";
        MOOT_RETURN_IF_ERROR(names.check(what, version.where));
        MOOT_RETURN_IF_ERROR(names.check(what, version.done));
        MOOT_RETURN_IF_ERROR(names.check(what, version.after));
        for (const EscalationStep& step : version.steps) MOOT_RETURN_IF_ERROR(names.check(what, step.where));
      }
  return {};
}

}  // namespace

Status check_names(const PartnershipFolder& read) {
  MOOT_RETURN_IF_ERROR(check_areas(read));
  MOOT_RETURN_IF_ERROR(check_secretaries(read));
  MOOT_RETURN_IF_ERROR(check_clocks(read));
  const CountedNames names(read.partnership);
  MOOT_RETURN_IF_ERROR(check_boards(read, names));
  MOOT_RETURN_IF_ERROR(check_reports(read, names));
  return check_packs(read, names);
}

}  // namespace moot
