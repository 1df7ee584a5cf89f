// All that a command needs to work on mails: the partnership, its broker, the casebook with everything that is known by
// now, and the desk. Thread: one, the caller's.
#pragma once

#include <memory>

#include "broker/core/instant.h"
#include "deploy/documents.h"
#include "deploy/mail_desk.h"

namespace moot {

class MailOffice {
 public:
  // kUsage with --as or --key (mails are the operator's), and where the partnership has no mailings.
  static Result<std::unique_ptr<MailOffice>> open(const Options& options);

  const PartnershipFolder& folder() const { return folder_; }
  const Reach& reach() const { return *reach_; }
  const Documents& documents() const { return *documents_; }
  const Clock& clock() const { return clock_; }
  CopySource source() const { return {options_, *reach_, folder_, *documents_}; }
  MailDesk& desk() { return *desk_; }

 private:
  MailOffice(const Options& options, PartnershipFolder folder) : options_(options), folder_(std::move(folder)) {}
  const Options options_;
  const PartnershipFolder folder_;
  const SystemClock clock_;
  std::unique_ptr<Reach> reach_;
  std::unique_ptr<Documents> documents_;
  std::unique_ptr<MailDesk> desk_;
};

}  // namespace moot
