// Section "new-referrals": referrals made since the board last met that nobody has taken up or turned down.
#include <algorithm>

#include "consumers/agenda/section.h"
#include "consumers/document/phrase.h"
#include "consumers/report/codes.h"

namespace moot {
namespace {

void read(Definition& table, const BoardVersion& version, Section& section) {
  section.roles = texts_or(table, "roles", version.subject_roles);
  section.schemes = codes_of(table, "schemes");
  section.months = months_of(table, 1);  // looked back where no earlier meeting is known
}

bool is_asking(const v1::Event& event) {
  const v1::Referral::Stage stage = event.facts().referral().stage();
  return stage == v1::Referral::MADE || stage == v1::Referral::OFFERED;
}

std::string told(const AgendaInput& input, const v1::Event& event) {
  return intervention_phrase(event.facts()) + " on " + to_words(local_date(time_of(event))) + " (" +
         input.partnership.agency_name(event.envelope().agency()) + ")";
}

// Referrals of the last 12 months that ask, without a later one of the same person and scheme that says what became of
// it.
Events unanswered(const AgendaInput& input, const Section& section, std::size_t person) {
  const Events referrals = events_of(
      input.set, input.person(person), section.roles, months_before(input.on, 12), [&](const v1::Event& event) {
        return event.facts().has_referral() && is_in(section.schemes, event.facts().referral().scheme());
      });
  Events open;
  for (auto asked = referrals.begin(); asked != referrals.end(); ++asked) {
    const auto answers = [&](const v1::Event* later) {
      return !is_asking(*later) && later->facts().referral().scheme() == (*asked)->facts().referral().scheme();
    };
    if ((*asked)->facts().referral().stage() == v1::Referral::MADE && std::none_of(asked + 1, referrals.end(), answers))
      open.push_back(*asked);
  }
  return open;
}

Verdict judge(const AgendaInput& input, const Section& section, std::size_t person) {
  Verdict verdict;
  const Events open = unanswered(input, section, person);
  if (open.empty()) return verdict;
  const Instant since =
      input.last_meeting ? local_midnight(*input.last_meeting) : months_before(input.on, section.months).from;
  std::vector<std::string> parts;
  for (const v1::Event* event : open) {
    if (time_of(*event) < since) continue;
    verdict.events.push_back(event);
    parts.push_back(told(input, *event));
  }
  verdict.claims = !parts.empty();
  if (verdict.claims) {
    verdict.reason = in_list(parts) + ", not yet accepted or declined";
    return verdict;
  }
  verdict.events = {open.back()};
  const std::string before = input.last_meeting
                                 ? "before the last meeting"
                                 : "more than " + counted(static_cast<std::size_t>(section.months), "month") + " ago";
  verdict.reason = "a referral made " + before + " is still not accepted or declined; the section lists new ones";
  return verdict;
}

}  // namespace

const SectionKind kNewReferrals = {.name = "new-referrals", .read = read, .judge = judge};

}  // namespace moot
