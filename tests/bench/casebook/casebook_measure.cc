#include "tests/bench/casebook/casebook_measure.h"

#include <unistd.h>

#include <chrono>
#include <ctime>

#include "broker/client/consuming.h"
#include "consumers/agenda/agenda.h"
#include "consumers/document/json.h"
#include "deploy/bench/server.h"

namespace moot::bench {
namespace {

constexpr std::uint64_t kInBatch = 1000;

const char* const kMeasures = R"(id = "bench"
title = "Bench"
version = "1"
[[measure]]
id = "calls"
title = "Calls"
unit = "calls"
by = "channel"
[measure.where]
type = "contact.received"
[[measure]]
id = "incidents"
title = "Incidents"
unit = "incidents"
by = "category"
[measure.where]
type = "incident"
)";

}  // namespace

Spent Watch::now() {
  timespec cpu{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
  const auto wall = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration<double>(wall).count(),
          static_cast<double>(cpu.tv_sec) + 1e-9 * static_cast<double>(cpu.tv_nsec)};
}

Spent Watch::spent() const {
  const Spent end = now();
  return {end.wall - begun_.wall, end.cpu - begun_.cpu};
}

CasebookMeasure::CasebookMeasure(const PartnershipFolder& folder, const MadeUpHistory& history, std::string board)
    : folder_(folder), history_(history), board_(std::move(board)), casebook_(Key{}) {}

Date CasebookMeasure::on() const { return plus_days(local_date(history_.recorded(events_)), 1); }

Status CasebookMeasure::fold(std::uint64_t events, CasebookCost& cost) {
  const double before = static_cast<double>(memory_bytes({::getpid()}));
  Consuming reader{ConsumerOptions{}};
  reader.asked(1);
  cost.events = events;
  while (events_ < events) {
    std::vector<std::string> frames;
    for (std::uint64_t i = 0; i < kInBatch && events_ < events; ++i)
      frames.push_back(history_.event(events_++).SerializeAsString());
    for (const std::string& frame : frames) cost.frame_bytes += static_cast<double>(frame.size());
    v1::Reply reply;
    reply.set_number(1);
    reply.mutable_batch()->set_through_offset(events_);
    const Watch watch;
    {
      const Result<Delivery> delivery = reader.take(reply, frames);
      if (!delivery.ok()) return delivery.status();
      for (const v1::Event& event : delivery->events) casebook_.apply(event);
    }  // letting go of what was read is a part of it
    cost.folding.wall += watch.spent().wall;
    cost.folding.cpu += watch.spent().cpu;
  }
  cost.frame_bytes /= static_cast<double>(events);
  cost.resident_bytes = (static_cast<double>(memory_bytes({::getpid()})) - before) / static_cast<double>(events);
  const Result<CallerRule> rule = folder_.callers.rule_on(on());
  if (!rule.ok()) return rule.status();
  rule_ = *rule;
  return {};
}

Result<v1::CallerList> CasebookMeasure::make_callers(const Casebook& casebook) const {
  return make_caller_list(casebook, folder_.partnership, folder_.callers,
                          CallerQuery{on(), {}, {}, {}, folder_.every_board()});
}

Result<v1::Agenda> CasebookMeasure::make_agenda_of_day(const Casebook& casebook) const {
  return make_agenda(casebook, folder_.partnership, folder_.callers, *folder_.find_board(board_),
                     {on(), std::nullopt, {}, "", folder_.rules_in_force(), folder_.every_board()});
}

// The next event that names anybody: the documents of the next day count it.
void CasebookMeasure::apply_somebody() {
  for (;;) {
    const v1::Event event = history_.event(events_++);
    casebook_.apply(event);
    if (event.personal().people_size() > 0) return;
  }
}

Status CasebookMeasure::make_documents(int repetitions, CasebookCost& cost) {
  for (int i = 0; i < repetitions; ++i) {
    if (i > 0) apply_somebody();
    const Watch first;
    const Result<v1::CallerList> callers = make_callers(casebook_);
    cost.callers.push_back(first.spent());
    if (!callers.ok()) return callers.status();
    if (i == 0) callers_ = *callers;
    apply_somebody();  // so that an agenda is made of what it would find anew
    const Watch second;
    const Result<v1::Agenda> agenda = make_agenda_of_day(casebook_);
    cost.agenda.push_back(second.spent());
    if (!agenda.ok()) return agenda.status();
    const Watch third;
    if (!make_callers(casebook_).ok() || !make_agenda_of_day(casebook_).ok())
      return Status(Code::kInvalid, "not made again");
    cost.again.push_back(third.spent());
    cost.agenda_bytes = agenda->ByteSizeLong();
    cost.agenda_not_listed = static_cast<std::size_t>(agenda->not_listed_size());
    cost.agenda_items = 0;
    for (const v1::AgendaSection& section : agenda->sections())
      cost.agenda_items += static_cast<std::size_t>(section.items_size());
  }
  return {};
}

Status CasebookMeasure::check_documents() const {
  Casebook at_once(Key{});
  for (std::uint64_t i = 0; i < events_; ++i) at_once.apply(history_.event(i));
  const Result<v1::Agenda> agenda = make_agenda_of_day(casebook_), new_agenda = make_agenda_of_day(at_once);
  const Result<v1::CallerList> callers = make_callers(casebook_), new_callers = make_callers(at_once);
  for (const Status& status : {agenda.status(), new_agenda.status(), callers.status(), new_callers.status()})
    MOOT_RETURN_IF_ERROR(status);
  if (to_json(*agenda) != to_json(*new_agenda) || to_json(*callers) != to_json(*new_callers))
    return Status(Code::kInvalid, "the documents of a casebook that lives are not those of one made at once");
  return {};
}

Status CasebookMeasure::make_measures(int repetitions, CasebookCost& cost) {
  const Result<ReportDefinition> definition = ReportDefinition::parse(kMeasures, "measures");
  if (!definition.ok()) return definition.status();
  RecordBook book;
  for (std::uint64_t i = 0; i < cost.events; ++i) book.apply(history_.event(i));
  for (int i = 0; i < repetitions; ++i) {
    const Watch watch;
    report_ = make_report(book, folder_.partnership, *definition, year());
    cost.measures.push_back(watch.spent());
  }
  return {};
}

}  // namespace moot::bench
