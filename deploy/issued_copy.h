// The bytes of an issued copy, made from the log: an agenda, or one agency's open actions out of it, marked with its
// number and for whom it is. Made again later, from the same events and definitions, they are the same bytes; the
// digest on record tells. Errors: as of make_agenda and write_document; kUsage for a copy that cannot be made again.
// Thread: that of the documents.
#pragma once

#include <string>

#include "broker/core/partnership.h"
#include "broker/core/status.h"
#include "deploy/documents.h"
#include "deploy/issued_documents.h"
#include "proto/document.pb.h"

namespace moot {

// What copies are made from. All of it outlives the value.
struct CopySource {
  const Options& options;
  const Reach& reach;
  const PartnershipFolder& folder;
  const Documents& documents;
};

// "the Chair of the Joint Tasking Meeting" as the mailings call the recipient, else the agency's name, else the code.
std::string recipient_name(const PartnershipFolder& folder, const std::string& recipient);
// "copy 1, for Soha"
std::string for_whom(const PartnershipFolder& folder, const v1::IssuedCopy& copy);
// The partnership with the copy's number and recipient in the marking that stands on every page.
Partnership marked_for(const PartnershipFolder& folder, const v1::IssuedCopy& copy);

// The whole agenda that a definition ("agenda/jtm", "actions/jtm/didcot") is made from.
Result<v1::Agenda> whole_agenda(const CopySource& source, const std::string& definition, Date on, Instant as_at);
// Of the copy's definition, on, number, recipient, agency (of "actions/…": whose), known_by and format.
Result<std::string> bytes_of_copy(const CopySource& source, const IssuedDocument& copy);

}  // namespace moot
