// Where a document goes when it is made: to a file or standard output, as it is or as numbered copies that are put on
// record. Errors: kUsage; those of the bus; kDisk. Thread: the main thread.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "broker/core/instant.h"
#include "broker/core/partnership.h"
#include "broker/core/status.h"
#include "deploy/options.h"
#include "deploy/partnership_folder.h"
#include "deploy/reach.h"
#include "proto/document.pb.h"

namespace moot {

// Which document it is, and what is to become of it.
struct DocumentDelivery {
  std::string definition;  // "agenda/jtm"
  std::string on;          // the day it is for, or the first of its period
  std::string format;      // "html", "odt", "pdf", "md", "csv", "json"
  bool issue = false;
  std::string to;                // recipients' codes with commas between them; empty = nobody in particular
  std::filesystem::path output;  // empty = standard output
  Instant known_by;              // the instant it is as at, where Moot can make it again; else 0
};

// The bytes of one copy. `marked`: the partnership, with the copy's number and recipient in the marking that stands on
// every page; `copy` is nullptr where the document is not issued.
using WriteCopy = std::function<Result<std::string>(const Partnership& marked, const v1::IssuedCopy* copy)>;

// Each recipient's copy is put on record before it is written, so that there is none that nobody knows of. Several go
// to files named OUTPUT-copy-N.
Status deliver_document(const Options& options, const Reach& reach, const PartnershipFolder& folder,
                        const DocumentDelivery& order, const WriteCopy& write);
// A note where the instant that a document is to be as at is still to come: more may be known by then.
void tell_if_to_come(Instant as_at);
// To the file, or standard output where there is none.
Status write_out(const std::string& text, const std::filesystem::path& output);

}  // namespace moot
