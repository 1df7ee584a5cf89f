#include "deploy/document_delivery.h"

#include <iostream>

#include "broker/core/calendar.h"
#include "broker/core/instant.h"
#include "broker/core/sha256.h"
#include "broker/core/whole_file.h"
#include "deploy/issued_copy.h"
#include "deploy/issued_documents.h"

namespace moot {
namespace {

// "agenda.html" as "agenda-copy-2.html".
std::filesystem::path file_of_copy(const std::filesystem::path& output, std::uint32_t number, bool several) {
  if (!several) return output;
  std::filesystem::path file = output;
  return file.replace_filename(output.stem().string() + "-copy-" + std::to_string(number) +
                               output.extension().string());
}

Status issue_one(const Options& options, const Reach& reach, const PartnershipFolder& folder,
                 const DocumentDelivery& order, const v1::IssuedCopy& copy, const std::filesystem::path& file,
                 const WriteCopy& write) {
  const Result<std::string> text = write(marked_for(folder, copy), &copy);
  if (!text.ok()) return text.status();
  IssuedDocument issued;
  issued.definition = order.definition;
  issued.on = order.on;
  issued.number = copy.number();
  issued.recipient = copy.recipient();
  issued.digest = sha256_hex(*text);
  issued.known_by = order.known_by;
  issued.format = order.known_by == Instant{} ? "" : order.format;
  MOOT_RETURN_IF_ERROR(record_issue(options, reach, issued));
  const Status written = write_out(*text, file);
  if (!written.ok()) return written.with("the copy was put on record, and could not be written");
  std::cerr << "Issued " << order.definition << ", " << for_whom(folder, copy) << ". SHA-256 " << issued.digest << "\n";
  return {};
}

}  // namespace

Status write_out(const std::string& text, const std::filesystem::path& output) {
  if (!output.empty()) {
    const Result<std::filesystem::path> file = file_to_write(output);
    return file.ok() ? write_whole_file(*file, text) : file.status();
  }
  std::cout << text << std::flush;
  return std::cout ? Status() : Status(Code::kDisk, "the output cannot be written");
}

void tell_if_to_come(Instant as_at) {
  if (as_at <= SystemClock().now()) return;
  std::cerr << "moot: " << to_local_words(as_at)
            << ", the instant this is to be as at, is still to come; it rests on what is known so far.\n";
}

Status deliver_document(const Options& options, const Reach& reach, const PartnershipFolder& folder,
                        const DocumentDelivery& order, const WriteCopy& write) {
  if (!order.issue && !order.to.empty())
    return Status(Code::kUsage, "--to says to whom a document is issued: give --issue too");
  if (!order.issue) {
    const Result<std::string> text = write(folder.partnership, nullptr);
    return text.ok() ? write_out(*text, order.output) : text.status();
  }
  if (order.format == "csv")
    return Status(Code::kUsage, "--issue: CSV has no place for a copy's number; issue html, odt, pdf, md or json");
  Result<std::vector<std::string>> recipients = recipients_in(order.to);
  if (!recipients.ok()) return recipients.status();
  if (recipients->empty()) recipients->emplace_back();
  const bool several = recipients->size() > 1;
  if (several && order.output.empty())
    return Status(Code::kUsage, "--issue: each recipient gets a copy of their own, so --output must name a file");
  const Result<std::vector<IssuedDocument>> issued = issued_documents(options, reach);
  if (!issued.ok()) return issued.status();
  std::uint32_t number = copies_of(*issued, order.definition, order.on);
  for (const std::string& recipient : *recipients) {
    v1::IssuedCopy copy;
    copy.set_number(++number);
    copy.set_recipient(recipient);
    MOOT_RETURN_IF_ERROR(
        issue_one(options, reach, folder, order, copy, file_of_copy(order.output, number, several), write));
  }
  return {};
}

}  // namespace moot
