#include "deploy/calendar_command.h"

#include <boost/json.hpp>

#include "consumers/agenda/board_calendar.h"
#include "deploy/audit_command.h"
#include "deploy/command.h"
#include "deploy/document_delivery.h"

namespace moot {
namespace {

constexpr int kYearDays = 366;
constexpr int kDaysMost = 3660;
constexpr int kMonthDays = 31;

struct Wanted {
  std::string board, owner;  // empty = all
  Date from, to;
  Instant as_at;
};

struct Calendar {
  std::string name;
  std::vector<CalendarEntry> entries;
};

Calendar calendar_of(const Casebook& casebook, const PartnershipFolder& folder, const Wanted& wanted) {
  static const WorkingDays weekdays;
  const RulePack* pack = folder.rules_in_force();
  const WorkingDays& working_days = pack == nullptr ? weekdays : pack->working_days;
  Calendar calendar{folder.partnership.name, {}};
  for (const auto& [id, board] : folder.boards) {
    if (!wanted.board.empty() && id != wanted.board) continue;
    if (!wanted.board.empty()) calendar.name = board.title;
    const std::shared_ptr<const CaseSet> cases = casebook.cases_at(wanted.as_at, board.compartments);
    const std::vector<std::string> areas = board.each_area ? board.areas : std::vector<std::string>{""};
    for (const std::string& area : areas)
      for (CalendarEntry& entry : board_calendar(*cases, folder.partnership, board, working_days,
                                                 {wanted.from, wanted.to, area, wanted.owner}))
        calendar.entries.push_back(std::move(entry));
  }
  return calendar;
}

// For programs that read no calendars.
std::string calendar_as_json(const Calendar& calendar, Instant as_at) {
  boost::json::array entries;
  for (const CalendarEntry& entry : calendar.entries) {
    boost::json::object one{{"uid", entry.uid},         {"kind", entry.kind},
                            {"summary", entry.summary}, {"description", entry.description},
                            {"day", to_iso(entry.day)}, {"certain", entry.certain}};
    one["starts"] = nullptr;  // all day
    if (entry.starts)
      one["starts"] = to_local_rfc3339(Zone::london().instant({entry.day, *entry.starts / 60, *entry.starts % 60, 0}));
    one["minutes"] = entry.minutes;
    entries.push_back(std::move(one));
  }
  return boost::json::serialize(boost::json::object{
             {"name", calendar.name}, {"as_at", to_local_rfc3339(as_at)}, {"entries", std::move(entries)}}) +
         "\n";
}

Result<Wanted> read_words(const CalendarOrder& order, const PartnershipFolder& folder, const Casebook& casebook) {
  Wanted wanted{order.board, order.owner, local_date(SystemClock().now()), {}, casebook.last_instant()};
  if (!order.board.empty() && folder.find_board(order.board) == nullptr)
    return Status(Code::kUsage, "there is no board \"" + order.board + "\" in the configuration");
  if (!order.from.empty()) {
    const Result<Date> from = parse_date(order.from);
    if (!from.ok()) return Status(Code::kUsage, "--from: " + from.status().message());
    wanted.from = *from;
  }
  wanted.to = plus_days(wanted.from, kYearDays);
  if (!order.to.empty()) {
    const Result<Date> to = parse_date(order.to);
    if (!to.ok()) return Status(Code::kUsage, "--to: " + to.status().message());
    wanted.to = *to;
  }
  if (wanted.to <= wanted.from || wanted.to > plus_days(wanted.from, kDaysMost))
    return Status(Code::kUsage, "--to must be later than --from, and at most ten years");
  if (!order.owner.empty() && folder.partnership.find_agency(order.owner) == nullptr)
    return Status(Code::kUsage, "--owner: there is no agency \"" + order.owner + "\" in the configuration");
  if (order.as_at.empty()) return wanted;
  const Result<Instant> as_at = parse_date_or_instant(order.as_at);
  if (!as_at.ok()) return Status(Code::kUsage, "--as-at: " + as_at.status().message());
  wanted.as_at = *as_at;
  return wanted;
}

Status run_calendar(const Options& options, const CalendarOrder& order) {
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return folder.status();
  if (!options.key.empty())
    return Status(Code::kUsage, "calendars are made beside the data directory: give --as AGENCY, not --key FILE");
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return reach.status();
  const Result<std::unique_ptr<Documents>> documents = Documents::open(options, *reach);
  if (!documents.ok()) return documents.status();
  MOOT_RETURN_IF_ERROR((*documents)->catch_up(options.timeout_ms()));
  const Result<Wanted> wanted = read_words(order, *folder, (*documents)->casebook());
  if (!wanted.ok()) return wanted.status();
  MOOT_RETURN_IF_ERROR(audit_shown(
      *reach, options,
      {"document", "calendar" + (order.board.empty() ? "" : "/" + order.board), to_iso(wanted->from), 0, {}}));
  const Calendar calendar = calendar_of((*documents)->casebook(), *folder, *wanted);
  return write_out(options.json ? calendar_as_json(calendar, wanted->as_at)
                                : to_icalendar(calendar.name, calendar.entries, wanted->as_at),
                   order.output);
}

}  // namespace

std::string rolling_calendar(const Casebook& casebook, const PartnershipFolder& folder, const std::string& board,
                             const std::string& owner) {
  const Date day = local_date(casebook.last_instant());
  const Calendar calendar =
      calendar_of(casebook, folder,
                  {board, owner, plus_days(day, -kMonthDays), plus_days(day, kYearDays), casebook.last_instant()});
  return to_icalendar(calendar.name, calendar.entries, casebook.last_instant());
}

void add_calendar(CLI::App& app, const Options& options, CalendarOrder& order, std::function<int()>& run) {
  CLI::App* command = app.add_subcommand("calendar", "Meetings, papers and actions due, as an iCalendar file");
  command->add_option("board", order.board, "Only of this board");
  command->add_option("--owner", order.owner, "Only this agency's actions");
  command->add_option("--from", order.from, "From this day on (default: today)");
  command->add_option("--to", order.to, "Before this day (default: a year later)");
  command->add_option("--as-at", order.as_at, "What was known then: a date (its midnight) or a time with its offset");
  command->add_option("--output", order.output, "Write to this file instead of standard output");
  command->callback([&] { run = [&] { return tell(run_calendar(options, order)); }; });
}

}  // namespace moot
