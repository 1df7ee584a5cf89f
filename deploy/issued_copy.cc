#include "deploy/issued_copy.h"

#include "consumers/agenda/agenda.h"
#include "consumers/agenda/own_actions.h"

namespace moot {
namespace {

// "agenda/jtm/didcot" taken apart.
struct Meant {
  std::string kind, board, area;
};

Meant meant_by(const std::string& definition) {
  Meant meant;
  const std::size_t first = definition.find('/');
  meant.kind = definition.substr(0, first);
  if (first == std::string::npos) return meant;
  const std::size_t second = definition.find('/', first + 1);
  meant.board = definition.substr(first + 1, second == std::string::npos ? second : second - first - 1);
  if (second != std::string::npos) meant.area = definition.substr(second + 1);
  return meant;
}

}  // namespace

std::string recipient_name(const PartnershipFolder& folder, const std::string& recipient) {
  const MailRecipient* found = folder.mailings ? folder.mailings->find_recipient(recipient) : nullptr;
  return found == nullptr ? folder.partnership.agency_name(recipient) : "the " + found->role;
}

std::string for_whom(const PartnershipFolder& folder, const v1::IssuedCopy& copy) {
  return "copy " + std::to_string(copy.number()) +
         (copy.recipient().empty() ? std::string() : ", for " + recipient_name(folder, copy.recipient()));
}

Partnership marked_for(const PartnershipFolder& folder, const v1::IssuedCopy& copy) {
  Partnership marked = folder.partnership;
  marked.marking += " · " + for_whom(folder, copy);
  return marked;
}

Result<v1::Agenda> whole_agenda(const CopySource& source, const std::string& definition, Date on, Instant as_at) {
  const Meant meant = meant_by(definition);
  const Board* board = source.folder.find_board(meant.board);
  if ((meant.kind != "agenda" && meant.kind != "actions") || board == nullptr)
    return Status(Code::kUsage, "\"" + definition + "\" is no agenda of a board of the configuration");
  const auto closed = source.documents.may_not_say(source.options, source.reach, source.folder.partnership);
  if (!closed.ok()) return closed.status();
  return make_agenda(source.documents.casebook(), source.folder.partnership, source.folder.callers, *board,
                     {on, as_at, *closed, meant.area, source.folder.rules_in_force(), source.folder.every_board()});
}

Result<std::string> bytes_of_copy(const CopySource& source, const IssuedDocument& copy) {
  const Result<Date> on = parse_date(copy.on);
  if (!on.ok() || copy.known_by == Instant{} || copy.format.empty())
    return Status(Code::kUsage, "it is not on record what this copy of \"" + copy.definition +
                                    "\" was made from, so it cannot be made again; ask whoever issued it");
  Result<v1::Agenda> agenda = whole_agenda(source, copy.definition, *on, copy.known_by);
  if (!agenda.ok()) return agenda.status();
  if (copy.definition.starts_with("actions/"))
    *agenda = own_actions(*agenda, copy.agency, source.folder.partnership.agency_name(copy.agency));
  agenda->mutable_copy()->set_number(copy.number);
  agenda->mutable_copy()->set_recipient(copy.recipient);
  return write_document(*agenda, marked_for(source.folder, agenda->copy()), copy.format);
}

}  // namespace moot
