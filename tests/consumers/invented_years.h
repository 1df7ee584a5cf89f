// Two invented years of a partnership, and every document that can be made of them. Every person is fictional.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "consumers/agenda/agenda.h"
#include "consumers/callers/caller_list.h"
#include "consumers/document/html.h"
#include "consumers/document/json.h"
#include "consumers/document/markdown.h"
#include "tests/consumers/case_events.h"
#include "tests/consumers/clock_findings.h"

namespace moot {

inline constexpr int kMonths = 24;
inline constexpr Date kFirst{2019, 4, 9};

inline const char* const kEverySectionVersion = R"(
factors = ["rough-sleeping", "exploitation"]
successes = ["referral.completed", "closure.resolved", "action.done"]
[version.points]
nobody_acts = 12
)";

// A clock of every kind.
inline const RulePack& years_pack() {
  static const RulePack kPack = pack_of(
      "[[clock]]\nid = \"complained\"\ntitle = \"Complained\"\nkind = \"threshold\"\n" +
      version_from("2010-01-01",
                   "count = 2\nwithin_months = 4\nreported_within_months = 1\nroles = [\"victim\", \"caller\"]\n"
                   "working_days = 10\n[clock.version.where]\ntype = [\"incident\", \"contact\"]\n"
                   "[clock.version.done]\ntype = \"referral\"\n") +
      "[[clock]]\nid = \"again\"\ntitle = \"Assessed again\"\nkind = \"deadline\"\n" +
      version_from("2010-01-01",
                   "days = 28\nlapses_months = 6\njoined_by = \"person\"\n[clock.version.where]\n"
                   "type = \"risk.assessed\"\nband = [\"high\", \"medium\"]\n[clock.version.done]\n"
                   "type = \"risk.assessed\"\n") +
      "[[clock]]\nid = \"repeat\"\ntitle = \"Repeat\"\nkind = \"repeat\"\n" +
      version_from("2010-01-01",
                   "months = 12\nwarn_days = 60\nroles = [\"victim\", \"caller\"]\n[clock.version.where]\n"
                   "type = \"incident\"\n[clock.version.after]\ntype = [\"referral.made\", \"referral.accepted\"]\n") +
      "[[clock]]\nid = \"band\"\ntitle = \"Band\"\nkind = \"bands\"\n" +
      version_from("2010-01-01",
                   "band = [{ name = \"high\", from = 30 }, { name = \"medium\", from = 20 }, { name = \"standard\", "
                   "from = 1 }]\n[clock.version.where]\ntype = \"risk.assessed\"\n") +
      "[[clock]]\nid = \"steps\"\ntitle = \"Steps\"\nkind = \"escalation\"\n" +
      version_from("2010-01-01",
                   "rel = \"caused-by\"\nopen_days = 300\n[[clock.version.step]]\ntitle = \"warning\"\n"
                   "[clock.version.step.where]\ntype = \"order\"\npower = \"cpw\"\n[[clock.version.step]]\n"
                   "title = \"notice\"\nneeded = true\n[clock.version.step.where]\ntype = \"order\"\n"
                   "power = \"cpn\"\n[clock.version.done]\ntype = \"order.paid\"\n") +
      "[[clock]]\nid = \"paid\"\ntitle = \"Paid\"\nkind = \"deadline\"\n" +
      version_from("2010-01-01",
                   "days = 40\nlapses_months = 9\njoined_by = \"link\"\nrel = \"caused-by\"\n"
                   "[clock.version.where]\ntype = \"order.issued\"\npower = \"cpn\"\n[clock.version.done]\n"
                   "type = \"order.paid\"\n") +
      "[[clock]]\nid = \"in-force\"\ntitle = \"In force\"\nkind = \"expiry\"\n" +
      version_from("2010-01-01",
                   "months = 12\nwarn_days = 120\nrel = \"caused-by\"\n[clock.version.where]\n"
                   "type = [\"order.issued\", \"order.extended\"]\npower = \"pspo\"\n[clock.version.renewed]\n"
                   "type = \"order.extended\"\npower = \"pspo\"\n"));
  return kPack;
}

inline std::string clock_sections(const std::string& limits) {
  return section_of("clocks",
                    "clocks = [\"complained\", \"again\", \"band\", \"steps\", \"paid\", \"in-force\"]\n" + limits) +
         "[[version.section]]\nid = \"told-whole\"\ntitle = \"Told whole\"\nkind = \"clocks\"\n"
         "clocks = [\"again\", \"repeat\"]\nstates = [\"done\", \"lapsed\", \"repeat\", \"overdue\"]\n"
         "months = 12\nscored = false\n" +
         limits;
}

// Every kind of section. `limits`: keys of each that leave something out.
inline Board every_section(const std::string& limits = "") {
  return board_of(kTwoHours + kEverySectionVersion,
                  section_of("previous-actions") + section_of("frequent-callers", limits) +
                      section_of("high-risk", limits) + section_of("repeat-victims", "incidents_min = 3\n" + limits) +
                      section_of("domestic-abuse", "schemes = [\"idva\"]\n" + limits) +
                      section_of("prolific-offenders", "incidents_min = 2\n" + limits) +
                      section_of("vulnerable-people", limits) + section_of("complex-needs", limits) +
                      section_of("places", "months = 6\nincidents_min = 2\n" + limits) +
                      section_of("new-referrals", limits) + clock_sections(limits));
}

// Invents events; everything is chosen by one seeded generator.
class Years {
 public:
  std::vector<v1::Event> events() {
    for (int i = 0; i < 110; ++i) add_call();
    for (int i = 0; i < 90; ++i) add_incident();
    for (int i = 0; i < 30; ++i) add_risk();
    for (int i = 0; i < 24; ++i) add_referral();
    for (int i = 0; i < 16; ++i) add_answer();
    for (int month = 0; month < kMonths; ++month) add_meeting(plus_months(kFirst, month));
    for (int i = 0; i < 30; ++i) add_order();
    return std::move(events_);
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  template <typename T>
  T one_of(const std::vector<T>& choices) {
    return choices[static_cast<std::size_t>(pick(static_cast<int>(choices.size())))];
  }
  std::string next_id() { return "e" + std::to_string(events_.size()); }
  std::string some_time() {
    const Date day = plus_days(kFirst, pick(30 * kMonths));
    return to_iso(day) + "T" + (pick(2) == 0 ? "0" : "1") + std::to_string(pick(10)) + ":" +
           std::to_string(10 + pick(50));
  }
  // Twenty people; agencies know them by a reference, a birth date or a postcode, not always the same.
  Who somebody(const std::string& role, const std::string& agency) {
    const int number = std::min(pick(20), pick(20));
    const std::string letter(1, static_cast<char>('a' + number));
    return Who(role, pick(2) == 0 ? agency + "-" + letter : "", "Casey Invent" + letter + letter,
               pick(3) == 0 ? "" : "1980-01-" + std::to_string(10 + number),
               "OX" + std::to_string(10 + number) + " 9ZZ");
  }
  // Some are known to their agency days after they happened.
  v1::Event& keep(v1::Event event) {
    event.mutable_envelope()->set_backfill(true);
    const Instant known{from_proto(event.envelope().time()).us + (pick(4) == 0 ? pick(20) * 24 * kHourUs : 0)};
    *event.mutable_envelope()->mutable_known_time() = to_proto(known);
    return events_.emplace_back(std::move(event));
  }
  void add_call() {
    v1::Event& event = keep(call(next_id(), some_time(), somebody("caller", "north-police"),
                                 one_of<std::string>({"101", "999", "web", "helpline"})));
    event.mutable_facts()->mutable_contact()->set_on_behalf_of(pick(10) == 0);
  }
  void add_incident() {
    const std::string agency = one_of<std::string>({"north-police", "north-homes"});
    const std::string role = one_of<std::string>({"victim", "victim", "complainant", "suspect"});
    v1::Event& event = keep(incident(agency, next_id(), some_time(), somebody(role, agency)));
    v1::Incident& facts = *event.mutable_facts()->mutable_incident();
    facts.set_category(one_of<std::string>({"asb", "noise", "rough-sleeping", "exploitation"}));
    facts.set_domestic_abuse(pick(9) == 0);
    facts.set_weapon(pick(12) == 0);
    const std::string number = std::to_string(1 + pick(8));
    add_place(event, number + one_of<std::string>({" High Street", " HIGH STREET,", " high street"}), "OX99 1AA");
    if (const v1::Event& other = one_of(events_); pick(4) == 0 && other.facts().has_incident())
      add_link(events_.back(), "about", other);
  }
  void add_risk() {
    const std::string band = one_of<std::string>({"standard", "standard", "medium", "high"});
    keep(risk(next_id(), some_time(), somebody("tenant", "north-homes"), band, 10 + pick(30),
              one_of<std::string>({"ram", "dash"})));
  }
  void add_referral() {
    const std::string stage = one_of<std::string>({"made", "made", "accepted", "completed"});
    keep(referral(next_id(), stage, some_time(), somebody("subject", "north-health"),
                  one_of<std::string>({"amht", "idva", "outreach"}), "north-health"));
  }
  // Some follow from an earlier one, whenever that becomes known.
  void add_order() {
    const std::string stage = one_of<std::string>({"issued", "issued", "extended", "paid"});
    v1::Event order = make_event("uk.csp.order." + stage + ".v1", "north-homes", next_id(), some_time());
    if (pick(3) > 0)
      order = make_event(order.envelope().type(), "north-homes", next_id(), some_time(),
                         {somebody("subject", "north-homes")});
    order.mutable_facts()->mutable_order()->set_power(one_of<std::string>({"cpw", "cpn", "cpn", "pspo"}));
    const std::size_t first = events_.size() - std::min<std::size_t>(events_.size(), 20);
    for (std::size_t i = events_.size(); i > first; --i)
      if (events_[i - 1].facts().has_order() && pick(3) == 0) {
        add_link(order, "caused-by", events_[i - 1]);
        break;
      }
    keep(std::move(order));
  }
  void add_answer() {
    const std::string stage = one_of<std::string>({"asked", "yes", "no", "declined"});
    v1::Event& event = keep(make_event("uk.csp.knowledge." + stage + ".v1", "north-health", next_id(), some_time(),
                                       {somebody("subject", "north-health")}));
    event.mutable_facts()->mutable_knowledge()->set_board("jtm");
  }
  void add_meeting(Date on) {
    const std::string day = to_iso(on);
    events_.push_back(of_meeting("m-" + day, "held", day));
    keep(of_meeting(next_id(), one_of<std::string>({"kept", "removed"}), day, {somebody("subject", "north-police")},
                    "risk-continues"));
    const Who whom = somebody("subject", "north-police");
    const std::string due = to_iso(plus_days(on, 20 + pick(60)));
    keep(action(next_id(), "set", day + "T16:00", day, due, {whom}, pick(3), "Visit and explain"))
        .mutable_envelope()
        ->set_record("a-" + day);
    if (pick(3) == 0) return;
    const std::string stage = one_of<std::string>({"done", "not-done", "overtaken"});
    v1::Event& later = keep(make_event("uk.csp.action." + stage + ".v1", "north-police", next_id(),
                                       to_iso(plus_days(on, 10 + pick(40))) + "T10:00"));
    later.mutable_envelope()->set_record("a-" + day);
    later.mutable_envelope()->set_revision(2);
    later.mutable_facts()->mutable_action()->set_board("jtm");
    const v1::Event evidence = one_of(events_);
    add_link(later, "evidence", evidence);
  }

  std::mt19937 random_{1946};
  std::vector<v1::Event> events_;
};

// As the log would have recorded them in this order, years later.
inline std::vector<v1::Event> published(std::vector<v1::Event> events) {
  Instant now = london("2024-01-01");
  for (std::size_t i = 0; i < events.size(); ++i) {
    v1::Envelope& envelope = *events[i].mutable_envelope();
    envelope.set_backfill(true);
    envelope.set_offset(i);
    now.us += kSecondUs;
    *envelope.mutable_recorded_time() = to_proto(now);
  }
  return events;
}

inline const std::vector<v1::Event>& the_years() {
  static const std::vector<v1::Event> kEvents = Years().events();
  return kEvents;
}

inline v1::Agenda agenda_of(const Casebook& casebook, Date on, const Board& board = every_section()) {
  Result<v1::Agenda> agenda = make_agenda(casebook, test_partnership(), test_policy("top = 4\n"), board,
                                          AgendaQuery{on, {}, {}, "", &years_pack()});
  MOOT_CHECK_OK(agenda.status());
  return *agenda;
}

inline std::string documents_of(const Casebook& casebook, Date on) {
  const Partnership partnership = test_partnership();
  const v1::Agenda agenda = agenda_of(casebook, on);
  const Result<v1::CallerList> callers =
      make_caller_list(casebook, partnership, test_policy("top = 4\n"), CallerQuery{on, {}, {}, {}});
  MOOT_CHECK_OK(callers.status());
  return to_json(agenda) + to_html(agenda, partnership) + to_markdown(agenda, partnership) + to_json(*callers) +
         to_html(*callers, partnership) + to_markdown(*callers, partnership);
}

}  // namespace moot
