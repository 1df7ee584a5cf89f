// Reports for tests: a definition from its measures and checks, and what it comes to for some events.
#pragma once

#include <string>
#include <vector>

#include "consumers/report/report.h"
#include "tests/consumers/case_events.h"

namespace moot {

inline Result<ReportDefinition> try_definition(const std::string& toml) {
  return ReportDefinition::parse("id = \"r\"\ntitle = \"R\"\nversion = \"1\"\n" + toml, "r.toml");
}

inline ReportDefinition definition_of(const std::string& toml) {
  Result<ReportDefinition> definition = try_definition(toml);
  MOOT_CHECK_OK(definition.status());
  return std::move(*definition);
}

inline std::string measure_of(const std::string& id, const std::string& keys, const std::string& where = "") {
  return "[[measure]]\nid = \"" + id + "\"\ntitle = \"" + id + "\"\n" + keys +
         (where.empty() ? "" : "\n[measure.where]\n" + where) + "\n";
}

inline Partnership reporting_partnership() {
  Partnership partnership;
  partnership.name = "Fellside";
  partnership.agencies = {Agency{*AgencyId::parse("north-homes"), "North Homes", 0}};
  partnership.areas = {{"low-fell", "Low Fell and Beck", {"Low Fell", "Beck"}}, {"high-fell", "High Fell", {}}};
  return partnership;
}

inline RecordBook book_of(const std::vector<v1::Event>& events) {
  RecordBook book;
  for (const v1::Event& event : events) book.apply(event);
  return book;
}

inline Report report_on(const std::vector<v1::Event>& events, const std::string& toml,
                        const std::string& period = "2020-21", const std::string& as_at = "2030-01-01") {
  return make_report(book_of(events), reporting_partnership(), definition_of(toml), *parse_period(period),
                     london(as_at));
}

inline const ReportLine& line_of(const Report& report, const std::string& id) {
  for (const ReportLine& line : report.lines)
    if (line.id == id) return line;
  MOOT_CHECK(false);
  return report.lines.front();
}

inline std::string parts_of(const ReportLine& line) {
  std::string text;
  for (const FigurePart& part : line.figure.parts)
    text += (text.empty() ? "" : ", ") + part.key + " " + (part.value ? std::to_string(std::lround(*part.value)) : "?");
  return text;
}

inline v1::Event in_area(v1::Event event, const std::string& area) {
  event.mutable_envelope()->set_area(area);
  return event;
}

inline v1::Event version_of(v1::Event event, const std::string& record, std::uint64_t revision) {
  event.mutable_envelope()->set_record(record);
  event.mutable_envelope()->set_revision(revision);
  return event;
}

inline v1::Event linked_to(v1::Event event, const std::string& rel, const v1::Event& to) {
  v1::Link& link = *event.mutable_envelope()->add_links();
  link.set_rel(rel);
  link.set_source(to.envelope().source());
  link.set_id(to.envelope().id());
  return event;
}

inline v1::Event order(const std::string& id, const std::string& stage, const std::string& day,
                       const std::string& power) {
  v1::Event event = make_event("uk.csp.order." + stage + ".v1", "fell-council", id, day);
  event.mutable_facts()->mutable_order()->set_power(power);
  return event;
}

inline v1::Event figure_event(const std::string& id, const std::string& measure, double value,
                              const std::string& day = "2021-03-01") {
  v1::Event event = make_event("uk.csp.measure.reported.v1", "fell-council", id, day);
  event.mutable_facts()->mutable_measure()->set_measure(measure);
  event.mutable_facts()->mutable_measure()->set_value(value);
  return event;
}

}  // namespace moot
