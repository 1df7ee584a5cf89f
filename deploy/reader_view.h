// A view of a data directory, kept up to date over the bus with what its reader may see. Thread: one, the caller's.
#pragma once

#include <memory>
#include <string>

#include "broker/core/status.h"
#include "consumers/runtime/view.h"
#include "deploy/options.h"
#include "deploy/reach.h"

namespace moot {

// What documents are made for, unless --purpose says otherwise.
inline const std::string kMeetings = "meetings";

class ReaderView {
 public:
  // Of the events that the sharing agreements of today let the casebook read or, with --as, that agency. `projection`
  // must outlive the view.
  static Result<std::unique_ptr<ReaderView>> open(Projection& projection, const Options& options, const Reach& reach);

  // Folds everything the log holds by now; saves the snapshot where this process may.
  Status catch_up(std::int64_t timeout_ms);
  // For a process that stays: waits at most wait_ms for something new. Tells whether there was something.
  Result<bool> step(std::int64_t wait_ms) { return view_->step(key_, wait_ms); }
  Status save() { return view_->may_save() ? view_->save() : Status(); }

 private:
  explicit ReaderView(const KeyFile& key) : key_(key) {}
  const KeyFile key_;
  std::unique_ptr<View> view_;
};

}  // namespace moot
