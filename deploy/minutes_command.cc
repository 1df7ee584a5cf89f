#include "deploy/minutes_command.h"

#include "consumers/agenda/minutes.h"
#include "deploy/audit_command.h"
#include "deploy/command.h"
#include "deploy/document_delivery.h"
#include "deploy/documents.h"
#include "deploy/issued_documents.h"

namespace moot {
namespace {

Result<std::string> format_of(const Options& options, const MeetingOrder& order) {
  std::string format = options.json ? "json" : order.format;
  const std::string extension = order.output.extension().string();
  if (format.empty())
    format = extension.size() > 1 && is_document_format(extension.substr(1)) ? extension.substr(1) : "json";
  if (!is_document_format(format))
    return Status(Code::kUsage, "--format: this version writes html, odt, pdf, md (Markdown), csv and json");
  return format;
}

// Minutes are written after the meeting: everything that is known by now, unless it is said otherwise.
Result<MinutesQuery> query_of(const MeetingOrder& order, const Casebook& casebook) {
  const Result<Date> on = parse_date(order.on);
  if (!on.ok()) return Status(Code::kUsage, "--on: " + on.status().message());
  MinutesQuery query{*on, casebook.last_instant(), order.area};
  if (order.as_at.empty()) return query;
  const Result<Instant> as_at = parse_date_or_instant(order.as_at);
  if (!as_at.ok()) return Status(Code::kUsage, "--as-at: " + as_at.status().message());
  query.as_at = *as_at;
  return query;
}

Status run_minutes(const Options& options, const MeetingOrder& order) {
  const Result<std::string> format = format_of(options, order);
  if (!format.ok()) return format.status();
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return folder.status();
  const Board* board = folder->find_board(order.board);
  if (board == nullptr) return Status(Code::kUsage, "there is no board \"" + order.board + "\" in the configuration");
  if (!options.key.empty())
    return Status(Code::kUsage, "documents are made beside the data directory: give --as AGENCY, not --key FILE");
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return reach.status();
  const Result<std::unique_ptr<Documents>> documents = Documents::open(options, *reach);
  if (!documents.ok()) return documents.status();
  MOOT_RETURN_IF_ERROR((*documents)->catch_up(options.timeout_ms()));
  const Result<MinutesQuery> query = query_of(order, (*documents)->casebook());
  if (!query.ok()) return query.status();
  if (!order.as_at.empty()) tell_if_to_come(query->as_at);
  const WorkingDays weekdays;
  const RulePack* pack = folder->rules_in_force();
  Result<v1::Minutes> minutes = make_minutes((*documents)->casebook(), folder->partnership, *board,
                                             pack == nullptr ? weekdays : pack->working_days, *query);
  if (!minutes.ok()) return minutes.status();
  const std::string definition = "minutes/" + board->id + (order.area.empty() ? "" : "/" + order.area);
  MOOT_RETURN_IF_ERROR(
      audit_shown(*reach, options, {"document", definition, minutes->on(), 0, recipients_or_none(order.to_whom)}));
  const DocumentDelivery delivery{definition, minutes->on(), *format, order.issue, order.to_whom, order.output, {}};
  return deliver_document(options, *reach, *folder, delivery,
                          [&](const Partnership& marked, const v1::IssuedCopy* copy) {
                            if (copy != nullptr) *minutes->mutable_copy() = *copy;
                            return write_document(*minutes, marked, *format);
                          });
}

}  // namespace

int minutes_command(const Options& options, const MeetingOrder& order) { return tell(run_minutes(options, order)); }

}  // namespace moot
