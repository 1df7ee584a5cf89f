// Actions of a board whose secretary is North Police, what others say of them, and how an agenda has them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "consumers/agenda/board_action.h"
#include "tests/consumers/case_events.h"

namespace moot {

inline constexpr Date kOn{2021, 4, 13};
using Texts = std::vector<std::string>;

// Whose secretary is North Police.
inline Board board_with_secretary(bool each_area = false) {
  Board board = test_board();
  board.secretaries = always("north-police");
  board.each_area = each_area;
  return board;
}

// Of North Homes, set on 9 March and due at the end of April.
inline v1::Event said_by(const std::string& agency, const std::string& id, const std::string& stage,
                         const std::string& time, const std::string& set_on = "2021-03-09") {
  v1::Event event = action(id, stage, time, set_on, "2021-04-30", {});
  event.mutable_envelope()->set_agency(agency);
  event.mutable_envelope()->set_source("/" + agency + "/records");
  return event;
}

inline v1::Event said_of(const v1::Event& target, const std::string& rel, v1::Event event) {
  add_link(event, rel, target);
  return event;
}

inline v1::Event word(const v1::Event& target, const std::string& id, const std::string& stage, const std::string& time,
                      const std::string& agency = "north-homes") {
  return said_of(target, "outcome-of", said_by(agency, id, stage, time));
}

inline v1::Event take_up(const v1::Event& target, const std::string& id, const std::string& time,
                         const std::string& stage = "set", const std::string& agency = "north-police") {
  return said_of(target, "takes-up", said_by(agency, id, stage, time));
}

inline v1::Event recorded_at(v1::Event event, const std::string& time) {
  *event.mutable_envelope()->mutable_recorded_time() = to_proto(london(time));
  return event;
}

inline v1::Event held(const std::string& day) { return of_meeting("M" + day, "held", day); }

// "A1: done, green; done, as its owner said on 10 March 2021", the same whatever order the events came in.
inline Texts actions_of(std::vector<v1::Event> events, const Board& board = board_with_secretary(),
                        const std::string& area = "") {
  std::optional<Texts> told;
  for (int turn = 0; turn < 2; ++turn, std::reverse(events.begin(), events.end())) {
    const CaseSet set = casebook_of(events).as_at(london("2021-04-13"));
    Texts texts;
    for (const BoardAction& action : board_actions(set, board, kOn, area)) {
      const v1::AgendaAction document = to_document(action, test_partnership());
      std::string text = document.action() + ": " + document.state();
      if (!document.rag().empty()) text += ", " + document.rag();
      for (const v1::Evidence& evidence : document.evidence()) text += "; " + evidence.text();
      texts.push_back(text);
    }
    if (told) {
      EXPECT_EQ(*told, texts) << "the order of arrival tells";
    }
    told = texts;
  }
  return *told;
}

}  // namespace moot
