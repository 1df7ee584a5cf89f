// Two invented years of a partnership, told by their agencies in any order: the documents of every month are the same
// bytes, whoever published first, and everything they say can be added up again and found in the events.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "tests/consumers/invented_years.h"

namespace moot {
namespace {

TEST(TwoYears, HaveTheSameBytesEveryMonthTwiceAndInThreeOrders) {
  std::mt19937 random(7);
  std::vector<v1::Event> events = the_years();
  EXPECT_GT(events.size(), 300u);
  const Casebook told = casebook_of(published(events));
  std::vector<Casebook> retold;
  for (int order = 0; order < 3; ++order) {
    std::shuffle(events.begin(), events.end(), random);
    retold.push_back(casebook_of(published(events)));
  }
  std::set<std::string> months;
  for (int month = 1; month <= kMonths; ++month) {
    const Date on = plus_months(kFirst, month);
    const std::string documents = documents_of(told, on);
    EXPECT_TRUE(documents_of(told, on) == documents) << "made twice for " << to_iso(on);
    for (const Casebook& other : retold) EXPECT_TRUE(documents_of(other, on) == documents) << "retold, " << to_iso(on);
    months.insert(documents);
  }
  EXPECT_EQ(months.size(), static_cast<std::size_t>(kMonths)) << "every month has documents of its own";
}

TEST(TwoYears, HaveItemsInEverySectionSoThatTheOrdersHadSomethingToDisturb) {
  const Casebook casebook = casebook_of(published(the_years()));
  std::map<std::string, int> items, with;
  for (int month = 1; month <= kMonths; ++month) {
    const v1::Agenda agenda = agenda_of(casebook, plus_months(kFirst, month));
    for (const v1::AgendaSection& section : agenda.sections()) {
      items[section.id()] += section.items_size();
      for (const v1::AgendaItem& item : section.items()) {
        with["decisions"] += item.decisions_size();
        with["interventions"] += item.interventions_size();
        for (const v1::AgendaAction& action : item.actions()) with["evidence"] += action.evidence_size();
        for (const v1::ScoredReason& reason : item.reasons()) with[reason.text().substr(0, 6)] += 1;
      }
    }
  }
  for (const char* section :
       {"previous-actions", "frequent-callers", "high-risk", "repeat-victims", "domestic-abuse", "prolific-offenders",
        "vulnerable-people", "complex-needs", "places", "new-referrals", "clocks", "told-whole"})
    EXPECT_GT(items[section], 0) << section;
  for (const char* what : {"decisions", "interventions", "evidence", "Risk r", "Escala", "No rep", "No ref", "Record"})
    EXPECT_GT(with[what], 0) << what;
}

// "**Score 43 = 35 + 8 - 10**. Case p-1" and the "- 35: …" lines below it.
void check_printed_sums(const std::string& markdown) {
  std::istringstream lines(markdown);
  int score = 0, sum = 0, items = 0;
  bool in_item = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("**Score ")) {
      if (in_item) {
        EXPECT_EQ(sum, score);
      }
      std::istringstream terms(line.substr(8, line.find("**.") - 8));
      std::string equals, sign;
      int term = 0, added = 0;
      terms >> score >> equals >> added;
      while (terms >> sign >> term) added += sign == "-" ? -term : term;
      EXPECT_EQ(added, score) << line;
      sum = 0;
      in_item = true;
      ++items;
    } else if (line.starts_with("## ")) {
      if (in_item) {
        EXPECT_EQ(sum, score);
      }
      in_item = false;
    } else if (const std::size_t colon = line.find(": ");
               in_item && line.starts_with("- ") && colon != std::string::npos &&
               line.substr(2, colon - 2).find_first_not_of("-0123456789") == std::string::npos) {
      sum += std::stoi(line.substr(2));
    }
  }
  EXPECT_GT(items, 0);
}

TEST(TwoYears, HavePointsThatAddUpInTheDataAndAsPrinted) {
  const Casebook casebook = casebook_of(published(the_years()));
  for (int month = 1; month <= kMonths; ++month) {
    const v1::Agenda agenda = agenda_of(casebook, plus_months(kFirst, month));
    for (const v1::AgendaSection& section : agenda.sections()) {
      for (const v1::AgendaItem& item : section.items()) {
        int sum = 0;
        for (const v1::ScoredReason& reason : item.reasons()) sum += reason.points();
        EXPECT_EQ(item.score(), sum) << section.id() << " " << item.case_();
      }
    }
    if (month > 1) check_printed_sums(to_markdown(agenda, test_partnership()));
  }
}

TEST(TwoYears, NameEventsThatWereKnownThenInEveryLine) {
  std::map<std::string, Instant> known;
  for (const v1::Event& event : published(the_years()))
    known[event.envelope().id()] = event.envelope().has_known_time() ? from_proto(event.envelope().known_time())
                                                                     : from_proto(event.envelope().time());
  const Casebook casebook = casebook_of(published(the_years()));
  for (int month = 1; month <= kMonths; ++month) {
    const Date on = plus_months(kFirst, month);
    const v1::Agenda agenda = agenda_of(casebook, on);
    const auto check = [&](const auto& row, const std::string& text) {
      EXPECT_GT(row.events_size(), 0) << text;
      for (const v1::EventRef& event : row.events()) {
        ASSERT_TRUE(known.contains(event.id())) << text << " names " << event.id();
        EXPECT_LE(known[event.id()], local_midnight(on)) << text << " names " << event.id();
      }
    };
    for (const v1::AgendaSection& section : agenda.sections()) {
      for (const v1::AgendaItem& item : section.items()) {
        EXPECT_GT(item.reasons_size(), 0);
        for (const v1::ScoredReason& reason : item.reasons()) check(reason, reason.text());
        for (const v1::Decision& decision : item.decisions()) check(decision, decision.text());
        for (const v1::Intervention& effect : item.interventions()) check(effect, effect.finding());
        for (const v1::AgendaAction& action : item.actions()) check(action, action.text());
      }
    }
    for (const v1::NotListed& row : agenda.not_listed()) check(row, row.reason());
  }
}

// Its cases may stand in other sections too.
bool stands_beside(const v1::AgendaSection& section) {
  return section.kind() == "previous-actions" || section.kind() == "clocks";
}

TEST(TwoYears, ListNobodyTwiceButForAnActionOrAClock) {
  const Casebook casebook = casebook_of(published(the_years()));
  for (int month = 1; month <= kMonths; ++month) {
    std::set<std::string> listed;
    const v1::Agenda agenda = agenda_of(casebook, plus_months(kFirst, month));
    for (const v1::AgendaSection& section : agenda.sections())
      for (const v1::AgendaItem& item : section.items())
        EXPECT_TRUE(stands_beside(section) || listed.insert(item.case_()).second) << item.case_();
    for (const v1::NotListed& row : agenda.not_listed()) EXPECT_FALSE(listed.contains(row.case_())) << row.reason();
  }
}

std::set<std::string> cases_in(const v1::Agenda& agenda) {
  std::set<std::string> cases;
  for (const v1::AgendaSection& section : agenda.sections())
    for (const v1::AgendaItem& item : section.items()) cases.insert(item.case_());
  for (const v1::NotListed& row : agenda.not_listed()) cases.insert(row.case_());
  return cases;
}

TEST(TwoYears, LoseNobodyToALimitOrToTheTime) {
  const Casebook casebook = casebook_of(published(the_years()));
  const Board limited = every_section("score_min = 12\nat_most = 2\nat_least = 1\n");
  std::map<std::string, int> seen;
  for (int month = 1; month <= kMonths; ++month) {
    const Date on = plus_months(kFirst, month);
    const v1::Agenda all = agenda_of(casebook, on);
    const v1::Agenda some = agenda_of(casebook, on, limited);
    EXPECT_EQ(cases_in(some), cases_in(all)) << to_iso(on);
    for (const v1::AgendaSection& section : some.sections())
      EXPECT_LE(section.kind() == "previous-actions" ? 0 : section.items_size(), 2) << section.id();
    for (const v1::NotListed& row : some.not_listed())
      for (const v1::WhyNot& why : row.why()) seen["claimed"] += why.claimed() ? 1 : 0;
    for (const v1::AgendaSection& section : all.sections())
      for (const v1::AgendaItem& item : section.items()) {
        ++seen[item.listed_for()];
        EXPECT_EQ(item.listed_for() == "noting", !item.noted_because().empty()) << item.case_();
      }
  }
  EXPECT_EQ(seen.count(""), 0u) << "an item is neither for discussion nor for noting";
  for (const char* what : {"claimed", "discussion", "noting"}) EXPECT_GT(seen[what], 0) << what;
}

}  // namespace
}  // namespace moot
