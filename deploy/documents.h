// The casebook of a data directory, kept up to date over the bus, and the documents made from it.
// Thread: one, the caller's.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "broker/core/status.h"
#include "consumers/casebook/casebook.h"
#include "deploy/options.h"
#include "deploy/partnership_folder.h"
#include "deploy/reach.h"
#include "deploy/reader_view.h"

namespace moot {

class Documents {
 public:
  // Of the events that the sharing agreements of today let the casebook read or, with --as, that agency.
  static Result<std::unique_ptr<Documents>> open(const Options& options, const Reach& reach);

  // Folds everything the log holds by now; saves the snapshot where this process may.
  Status catch_up(std::int64_t timeout_ms) { return view_->catch_up(timeout_ms); }
  // For a process that stays: waits at most wait_ms for something new. Tells whether there was something.
  Result<bool> step(std::int64_t wait_ms) { return view_->step(wait_ms); }
  Status save() { return view_->save(); }
  const Casebook& casebook() const { return casebook_; }
  // By the agreements of today, for whom these documents are made and what for.
  Result<std::set<std::string>> may_not_say(const Options& options, const Reach& reach,
                                            const Partnership& partnership) const;

 private:
  explicit Documents(const Key& secret) : casebook_(secret) {}
  Casebook casebook_;
  std::unique_ptr<ReaderView> view_;
};

bool is_document_format(std::string_view format);
// A document as "html", "odt", "pdf", "md" (Markdown), "csv" or "json": the bytes of its file. kUsage for another
// format; of "pdf" also what to_pdf returns.
Result<std::string> write_document(const google::protobuf::Message& document, const Partnership& partnership,
                                   const std::string& format);

}  // namespace moot
