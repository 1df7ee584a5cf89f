// A body that comes in pieces, as a stream for a reader that blocks: one piece is held, and the next is asked for when
// the reader has taken it. Nothing of it touches a disk.
//
// Thread: the http thread gives (give, finish), the reader's thread reads; each may come first or end first.
#pragma once

#include <condition_variable>
#include <functional>
#include <istream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "broker/core/status.h"

namespace moot {

class UploadPipe {
 public:
  // `taken(true)` once the reader has it, `taken(false)` when nobody reads any more.
  void give(std::string bytes, std::function<void(bool)> taken);
  // Nothing more comes. When `how` is not ok the reader finds the stream broken, not at its end.
  void finish(const Status& how);
  // The reader wants no more: what is given from now on is not taken.
  void abandon();

  Status how_it_ended();  // ok as long as finish() was not told otherwise

  // The reading end; the pipe must live as long. Once.
  std::unique_ptr<std::istream> reader();

  // The next piece, into `bytes`; false at the end. Throws std::ios_base::failure when the body has broken off, as a
  // stream buffer has to.
  bool take(std::string& bytes);

 private:
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::optional<std::string> held_;
  std::function<void(bool)> taken_;
  std::optional<Status> finished_;
  bool abandoned_ = false;
};

}  // namespace moot
