// Section "people": whoever is named in events that the board describes: a referral to a scheme, a case that a meeting
// raised, a notice. With `until`, only whose latest such event nothing of that kind has followed.
#include <algorithm>

#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"

namespace moot {
namespace {

constexpr std::size_t kTold = 3;  // events told in words; all of them are named

void read(Definition& table, const BoardVersion& version, Section& section) {
  section.where = predicate_of(table, "where");
  if (table.has("until")) section.until = predicate_of(table, "until");
  section.roles = texts_or(table, "roles", version.subject_roles);
  section.months = months_of(table, 12);
  section.count_min = static_cast<int>(table.integer_or("count_min", 1, 1, 1000));
  section.age_from = static_cast<int>(table.integer_or("age_from", 0, 0, 150));
  section.age_before = static_cast<int>(table.integer_or("age_before", 0, 0, 150));
  if (section.age_before > 0 && section.age_before <= section.age_from)
    table.mistake("age_before", "expected an age above age_from: nobody is of such an age");
}

// Whose age is not known is of no age that a section asks for.
bool is_of_age(const AgendaInput& input, const Section& section, const PersonCase& person) {
  if (section.age_from == 0 && section.age_before == 0) return true;
  const Result<Date> born = parse_date(person.born);
  if (!born.ok()) return false;
  const bool before_birthday =
      input.on.month < born->month || (input.on.month == born->month && input.on.day < born->day);
  const int age = input.on.year - born->year - (before_birthday ? 1 : 0);
  return age >= section.age_from && (section.age_before == 0 || age < section.age_before);
}

std::string told(const AgendaInput& input, const v1::Event& event) {
  return event_phrase(event.facts()) + " on " + to_words(local_date(time_of(event))) + " (" +
         input.partnership.agency_name(event.envelope().agency()) + ")";
}

Verdict judge(const AgendaInput& input, const Section& section, std::size_t position) {
  Verdict verdict;
  const PersonCase& person = input.person(position);
  const Window window = months_before(input.on, section.months);
  verdict.events = events_of(input.set, person, section.roles, window,
                             [&](const v1::Event& event) { return section.where->matches(event, input.areas); });
  if (verdict.events.empty() || !is_of_age(input, section, person)) return {};
  const v1::Event& latest = *verdict.events.back();
  if (section.until) {
    const Events ends = events_of(input.set, person, {}, window, [&](const v1::Event& event) {
      return section.until->matches(event, input.areas) && earlier(&latest, &event);
    });
    if (!ends.empty()) {
      verdict.events = {&latest, ends.back()};
      verdict.reason = told(input, *ends.back()) + ", after " + told(input, latest);
      return verdict;
    }
  }
  std::vector<std::string> parts;
  for (std::size_t i = verdict.events.size() - std::min(verdict.events.size(), kTold); i < verdict.events.size(); ++i)
    parts.push_back(told(input, *verdict.events[i]));
  verdict.reason = in_list(parts);
  if (verdict.events.size() > kTold)
    verdict.reason += ", and " + counted(verdict.events.size() - kTold, "record") + " before";
  verdict.claims = static_cast<int>(verdict.events.size()) >= section.count_min;
  if (!verdict.claims) verdict.reason += "; the section needs " + std::to_string(section.count_min);
  return verdict;
}

}  // namespace

const SectionKind kPeople = {.name = "people", .read = read, .judge = judge};

}  // namespace moot
