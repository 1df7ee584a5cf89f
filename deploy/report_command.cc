#include "deploy/report_command.h"

#include <algorithm>
#include <iostream>

#include "broker/core/whole_file.h"
#include "consumers/document/agenda_difference.h"
#include "consumers/document/json.h"
#include "consumers/document/odt.h"
#include "consumers/document/pdf.h"
#include "consumers/document/phrase.h"
#include "consumers/document/report_text.h"
#include "consumers/report/report_difference.h"
#include "deploy/audit_command.h"
#include "deploy/command.h"
#include "deploy/document_delivery.h"
#include "deploy/issued_documents.h"

namespace moot {

namespace {

constexpr std::string_view kFormats[] = {"html", "odt", "pdf", "md", "csv", "json"};

struct Words {
  Period period;
  std::optional<Instant> as_at;
  std::string format;
};

Result<Words> read_words(const Options& options, const ReportOrder& order) {
  Words words;
  const Result<Period> period = parse_period(order.period);
  if (!period.ok()) return Status(Code::kUsage, "--period: " + period.status().message());
  words.period = *period;
  if (!order.as_at.empty()) {
    const Result<Instant> as_at = parse_date_or_instant(order.as_at);
    if (!as_at.ok()) return Status(Code::kUsage, "--as-at: " + as_at.status().message());
    words.as_at = *as_at;
  }
  words.format = options.json ? "json" : order.format;
  if (!words.format.empty()) return words;
  const std::string extension = order.output.extension().string();
  const auto is_it = [&](std::string_view format) { return extension == "." + std::string(format); };
  const bool named = std::any_of(std::begin(kFormats), std::end(kFormats), is_it);
  words.format = named ? extension.substr(1) : "json";
  return words;
}

Result<const ReportDefinition*> find_definition(const PartnershipFolder& folder, const std::string& name) {
  if (const ReportDefinition* found = folder.find_report(name)) return found;
  std::vector<std::string> known;
  for (const auto& [id, report] : folder.reports) known.push_back(id);
  return Status(Code::kUsage, "there is no report \"" + name + "\" in the configuration; " +
                                  (known.empty() ? "it has none" : "it has " + in_list(known)));
}

// An empty report is right where nothing was known by then, and puzzling where everything was published today.
void tell_if_empty(const RecordBook& book, Instant as_at) {
  if (book.empty() || book.anything_by(as_at)) return;
  std::cerr << "moot: nothing in the log had been recorded by " << to_local_words(as_at)
            << ", the instant this report is as at. --as-at takes a later one; history is published with --backfill.\n";
}

// What changed since the report in the file, as text or JSON.
Result<std::string> since(const Options& options, const ReportOrder& order, const Report& report,
                          const RecordBook& book, const PartnershipFolder& folder, const ReportDefinition& definition) {
  if (!order.format.empty() && order.format != "json")
    return Status(Code::kUsage, "--diff: what changed is written as text, or with --json as JSON");
  const Result<std::string> text = read_whole_file(order.diff);
  if (!text.ok()) return text.status();
  const Result<boost::json::object> before = read_document(*text, "report", "a report");
  if (!before.ok()) return before.status().with(order.diff.string());
  const Result<boost::json::object> now = read_document(to_json(report), "report", "a report");
  const Result<boost::json::object> difference = report_difference(*before, *now, book, folder.partnership, definition);
  if (!difference.ok()) return difference.status();
  const bool as_json = options.json || order.format == "json";
  return as_json ? to_json(boost::json::value(*difference)) : report_difference_in_words(*difference);
}

// The copy's number and recipient in the JSON too, where there is no page to print them on.
Result<std::string> with_copy(std::string text, const std::string& format, const v1::IssuedCopy* copy) {
  if (copy == nullptr || format != "json") return text;
  boost::json::value value = boost::json::parse(text);
  value.as_object()["copy"] = boost::json::object{{"number", copy->number()}, {"recipient", copy->recipient()}};
  return to_json(value);
}

Status may_be_handed_out(const Report& report) {
  if (!is_told_by_a_quarters_lists(report)) return {};
  return Status(Code::kNotAllowed, "the report \"" + report.id + "\" withholds small numbers of " +
                                       in_words(report.period) +
                                       ", and the lists that it has of the quarters of the financial year would tell "
                                       "them, since their rows have dates; make it for a quarter, as at its end");
}

// The list in the place of the figures: rows of a table, which are no page.
Result<std::string> write_list(const Report& report, const std::string& id, const std::string& format) {
  const auto list =
      std::find_if(report.lists.begin(), report.lists.end(), [&](const auto& one) { return one.id == id; });
  if (list == report.lists.end()) {
    std::vector<std::string> known;
    for (const RecordList& one : report.lists) known.push_back(one.id);
    return Status(Code::kUsage, "--list: the report \"" + report.id + "\" has no list \"" + id + "\"; " +
                                    (known.empty() ? "it has none" : "it has " + in_list(known)));
  }
  if (format != "csv" && format != "json")
    return Status(Code::kUsage, "--format: a list of records is written as csv or json");
  if (list->across_quarters)
    return Status(Code::kNotAllowed,
                  "--list: a list is written for a quarter of the financial year, or a part of one, and " +
                      in_words(report.period) +
                      " has days of two: beside the lists of both its rows would tell what they withhold");
  if (list->too_long)
    return Status(Code::kNotAllowed,
                  "--list: a list is written for a quarter or less, not for " + in_words(report.period) +
                      ": its rows have dates, and would count by month what figures of a longer period withhold");
  if (list->withheld) return Status(Code::kNotAllowed, "the list is withheld, as the figure is that it is of");
  if (!list->supplied)
    return Status(Code::kNotFound, "nothing was supplied that the list \"" + id + "\" could have records of");
  return format == "csv" ? to_csv(*list) : to_json(report, *list);
}

Status deliver_report(const Options& options, const Reach& reach, const PartnershipFolder& folder,
                      const ReportOrder& order, const Report& report, const std::string& format) {
  const std::string document = "report/" + report.id + (order.list.empty() ? "" : "/" + order.list);
  const DocumentDelivery delivery{document, to_iso(report.period.from), format, order.issue, order.to, order.output,
                                  Instant{}};
  return deliver_document(options, reach, folder, delivery,
                          [&](const Partnership& marked, const v1::IssuedCopy* copy) -> Result<std::string> {
                            Result<std::string> text = order.list.empty() ? write_report(report, marked, format)
                                                                          : write_list(report, order.list, format);
                            if (!text.ok()) return text;
                            return with_copy(std::move(*text), format, copy);
                          });
}

Status run_report(const Options& options, const ReportOrder& order) {
  const Result<Words> words = read_words(options, order);
  if (!words.ok()) return words.status();
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return folder.status();
  const Result<const ReportDefinition*> definition = find_definition(*folder, order.report);
  if (!definition.ok()) return definition.status();
  if (!options.key.empty())
    return Status(Code::kUsage, "reports are made beside the data directory: give --as AGENCY, not --key FILE");
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return reach.status();
  const Result<std::unique_ptr<Records>> records = Records::open(options, *reach);
  if (!records.ok()) return records.status();
  MOOT_RETURN_IF_ERROR((*records)->view().catch_up(options.timeout_ms()));
  const RecordBook& book = (*records)->book();
  const Result<GivenRules> rules = rules_for(*folder, order.rules);
  if (!rules.ok()) return rules.status();
  if ((*definition)->asks_for_clocks() && rules->pack() == nullptr)
    return Status(Code::kDefinition, "the report \"" + order.report +
                                         "\" has figures of clocks, and no rule pack says what they are; name one as "
                                         "`rules` in partnership.toml, or with --rules");
  std::unique_ptr<Documents> documents;  // only where caller lists or clocks are asked for
  if (asks_for_cases(**definition)) {
    Result<std::unique_ptr<Documents>> opened = Documents::open(options, *reach);
    if (!opened.ok()) return opened.status();
    documents = std::move(*opened);
    MOOT_RETURN_IF_ERROR(documents->catch_up(options.timeout_ms()));
  }
  const Report report =
      report_of(book, documents.get(), *folder, **definition, words->period, words->as_at, rules->pack());
  MOOT_RETURN_IF_ERROR(may_be_handed_out(report));
  tell_if_empty(book, report.as_at);
  if (words->as_at) tell_if_to_come(*words->as_at);
  Result<std::string> changed = std::string();
  if (!order.diff.empty() && !order.list.empty())
    return Status(Code::kUsage, "--diff: what changed is told of figures, not of a --list");
  if (!order.diff.empty()) changed = since(options, order, report, book, *folder, **definition);
  if (!changed.ok()) return changed.status();
  MOOT_RETURN_IF_ERROR(audit_shown(
      *reach, options, {"document", "report/" + order.report, order.period, 0, recipients_or_none(order.to)}));
  if (!order.diff.empty()) return write_out(*changed, order.output);
  return deliver_report(options, *reach, *folder, order, report, words->format);
}

}  // namespace

Result<std::unique_ptr<Records>> Records::open(const Options& options, const Reach& reach) {
  auto records = std::make_unique<Records>();
  Result<std::unique_ptr<ReaderView>> view = ReaderView::open(records->book_, options, reach);
  if (!view.ok()) return view.status();
  records->view_ = std::move(*view);
  return records;
}

bool asks_for_cases(const ReportDefinition& definition) {
  return definition.asks_for_clocks() ||
         std::any_of(definition.measures.begin(), definition.measures.end(),
                     [](const Measure& measure) { return measure.kind == MeasureKind::kCallers; });
}

Report report_of(const RecordBook& book, const Documents* documents, const PartnershipFolder& folder,
                 const ReportDefinition& definition, const Period& period, std::optional<Instant> as_at,
                 const RulePack* rules) {
  if (documents == nullptr) return make_report(book, folder.partnership, definition, period, as_at);
  const CallerLists lists{documents->casebook(), folder.partnership, folder.callers, folder.every_board()};
  if (rules == nullptr) return make_report(book, folder.partnership, definition, period, as_at, {&lists, nullptr});
  const ClockSource clocks{documents->casebook(), folder.partnership, *rules};
  return make_report(book, folder.partnership, definition, period, as_at, {&lists, &clocks});
}

Result<std::string> write_report(const Report& report, const Partnership& partnership, const std::string& format) {
  MOOT_RETURN_IF_ERROR(may_be_handed_out(report));
  if (format == "json") return to_json(report);
  if (format == "csv") return to_csv(report);
  if (format == "md") return to_markdown(report, partnership);
  if (format == "html") return to_html(report, partnership);
  if (format == "odt") return to_odt(to_html(report, partnership));
  if (format == "pdf") return to_pdf(to_html(report, partnership));
  return Status(Code::kUsage, "--format: a report is written as html, odt, pdf, md (Markdown), csv or json");
}

int report_command(const Options& options, const ReportOrder& order) { return tell(run_report(options, order)); }

void add_report(CLI::App& app, const Options& options, ReportOrder& order, std::function<int()>& run) {
  CLI::App* command = app.add_subcommand("report", "A report of a period: its figures, with what cannot be right");
  command->add_option("name", order.report, "The report, for example annual")->required();
  command
      ->add_option("--period", order.period,
                   "2020-21 (financial year), 2020-21-q1, 2020-09, 2020, or FROM..TO, the second day not included")
      ->required();
  command->add_option("--as-at", order.as_at, "What was known then: a date (its midnight) or a time with its offset");
  command->add_option("--list", order.list, "In place of the figures a list of records that the report defines");
  command->add_option("--rules", order.rules, "Another rule pack: one of the partnership's by its id, or a file");
  command->add_option("--format", order.format, "html, odt, pdf, md (Markdown), csv or json");
  command->add_flag("--issue", order.issue, "Put on record that copies of it are given out");
  command->add_option("--to", order.to, "To whom it is issued: codes with commas between them");
  command->add_option("--diff", order.diff, "Only what changed since this one, written as JSON before");
  command->add_option("--output", order.output, "Write to this file instead of standard output");
  command->callback([&] { run = [&] { return report_command(options, order); }; });
}

}  // namespace moot
