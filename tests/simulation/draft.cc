#include "tests/simulation/draft.h"

#include <algorithm>

#include "tests/unit/example_event.h"

namespace moot::simulation {

namespace {

v1::Event drawn_event(people::Draw& draw, const std::string& agency, const std::string& id) {
  v1::Event event = example_event(id, "/" + agency + "/cases");
  event.mutable_personal()->mutable_people(0)->set_reference("P-" + std::to_string(draw.below(5)));
  v1::Text& text = *event.mutable_personal()->add_texts();
  text.set_field("description");
  text.set_text(std::string(1 + draw.below(draw.chance(0.1) ? 3'000 : 300), 'x'));
  if (draw.chance(0.3)) event.mutable_envelope()->set_record("R-" + std::to_string(draw.below(4)));
  return event;
}

v1::Event governance(const std::string& id, v1::Governance::Stage stage, const std::string& type) {
  v1::Event event = example_event(id, "/operator/agreements");
  event.clear_personal();
  event.mutable_envelope()->set_type("uk.csp.governance." + type + ".v1");
  event.mutable_facts()->mutable_governance()->set_stage(stage);
  return event;
}

v1::Event clause(const std::string& name, const std::string& reader, const std::vector<std::string>& providers,
                 const std::string& grade) {
  v1::Event event = governance(name + "/1/1", v1::Governance::AGREEMENT_SIGNED, "agreement-signed");
  v1::Governance& said = *event.mutable_facts()->mutable_governance();
  said.set_definition(name);
  said.set_version("1");
  said.set_clause(1);
  said.set_clauses(1);
  said.add_readers(reader);
  for (const std::string& provider : providers) said.add_providers(provider);
  said.set_grade(grade);
  said.set_starts("2021-03-01");
  return event;
}

}  // namespace

std::vector<Offered> draw_events(people::Draw& draw, const std::string& agency, const std::string& other, Span over) {
  std::vector<Offered> list;
  Span at{0};
  for (int i = 0, count = draw.between(8, 40); i < count; ++i) {
    Offered offered;
    offered.not_before = at;
    at += Span(static_cast<std::int64_t>(draw.share() * 2 * static_cast<double>(over.count()) / count));
    offered.event = drawn_event(draw, agency, "e" + std::to_string(i));
    if (!list.empty() && draw.chance(0.15)) {
      const Offered& before = list[list.size() - 1 - draw.below(std::min<std::size_t>(list.size(), 4))];
      if (before.kind == Offered::Kind::kNew) {
        offered.event = before.event;
        offered.kind = draw.chance(0.7) ? Offered::Kind::kRepeat : Offered::Kind::kConflict;
        if (offered.kind == Offered::Kind::kConflict)
          offered.event.mutable_facts()->mutable_contact()->set_channel("web");
      }
    } else if (draw.chance(0.03)) {
      offered.kind = Offered::Kind::kImpostor;
      offered.event.mutable_envelope()->set_source("/" + other + "/cases");
      offered.event.mutable_envelope()->set_id("impostor-" + std::to_string(i));
    }
    list.push_back(std::move(offered));
  }
  return list;
}

std::vector<Offered> draw_agreements(people::Draw& draw, Span over) {
  const std::vector<std::string> grades = {"existence", "identity", "content"};
  std::vector<v1::Event> clauses = {clause("district", "council", {"north", "south"}, draw.one_of(grades)),
                                    clause("safeguarding", "council", {"south"}, "content"),
                                    clause("casework", "casebook", {"north"}, draw.one_of(grades))};
  clauses[1].mutable_facts()->mutable_governance()->add_purposes("safeguarding");
  std::vector<Offered> list;
  for (v1::Event& signed_one : clauses) {
    if (draw.chance(0.25)) continue;
    v1::Governance& said = *signed_one.mutable_facts()->mutable_governance();
    if (draw.chance(0.2)) said.set_ends("2021-03-11");
    if (said.ends().empty() && draw.chance(0.1)) said.set_starts("2021-03-11");
    const Span from(static_cast<std::int64_t>(draw.share() * static_cast<double>(over.count()) / 2));
    list.push_back({Offered::Kind::kNew, signed_one, from});
    if (!draw.chance(0.4)) continue;
    v1::Event ended = governance(said.definition() + "/1/ended", v1::Governance::AGREEMENT_ENDED, "agreement-ended");
    v1::Governance& end = *ended.mutable_facts()->mutable_governance();
    end.set_definition(said.definition());
    end.set_version("1");
    end.set_ends(draw.chance(0.7) ? "2021-03-10" : "2021-03-11");
    list.push_back({Offered::Kind::kNew, ended, from + Span(draw.between(3'000'000, 20'000'000))});
  }
  std::stable_sort(list.begin(), list.end(),
                   [](const Offered& a, const Offered& b) { return a.not_before < b.not_before; });
  return list;
}

Reader::Habits draw_habits(people::Draw& draw, Span over, Planted planted) {
  Reader::Habits habits;
  habits.purpose = draw.chance(0.5) ? "meetings" : "safeguarding";
  if (draw.chance(0.25)) habits.filter.add_agencies(draw.chance(0.5) ? "north" : "south");
  habits.credit_bytes = static_cast<std::size_t>(draw.between(300, draw.chance(0.3) ? 64'000 : 6'000));
  if (draw.chance(0.4)) habits.handling = Span(draw.between(1'000, 900'000));
  if (draw.chance(0.3)) {
    habits.stopped_from = Span(static_cast<std::int64_t>(draw.share() * static_cast<double>(over.count())));
    habits.stopped_to = habits.stopped_from + Span(draw.between(1'000'000, 25'000'000));
  }
  habits.saves_cursor_first = planted == Planted::kCursorBeforeView;
  return habits;
}

}  // namespace moot::simulation
