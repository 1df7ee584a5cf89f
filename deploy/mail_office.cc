#include "deploy/mail_office.h"

namespace moot {

Result<std::unique_ptr<MailOffice>> MailOffice::open(const Options& options) {
  if (!options.as.empty() || !options.key.empty())
    return Status(Code::kUsage, "what goes out by e-mail is the operator's to send: leave --as and --key out");
  Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return folder.status();
  if (!folder->mailings)
    return Status(Code::kUsage, "this partnership sends nothing by e-mail: partnership.toml names no `mailings`");
  std::unique_ptr<MailOffice> office(new MailOffice(options, std::move(*folder)));
  Result<Reach> reach = Reach::open(options, office->folder_);
  if (!reach.ok()) return reach.status();
  office->reach_ = std::make_unique<Reach>(std::move(*reach));
  Result<std::unique_ptr<Documents>> documents = Documents::open(options, *office->reach_);
  if (!documents.ok()) return documents.status();
  office->documents_ = std::move(*documents);
  MOOT_RETURN_IF_ERROR(office->documents_->catch_up(options.timeout_ms()));
  Result<std::unique_ptr<MailDesk>> desk = MailDesk::open(office->source(), office->clock_);
  if (!desk.ok()) return desk.status();
  office->desk_ = std::move(*desk);
  return office;
}

}  // namespace moot
