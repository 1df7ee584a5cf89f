// Files that agencies upload, each published by a thread of its own while it arrives: a row is read, checked and sent
// before the next piece of the file is asked for. Nothing of a file rests here, on disk or in memory, beyond one piece
// of 64 KiB and what the broker has not acknowledged, but for rows that the courier keeps, sealed, while the broker is
// away; a file that breaks off is published up to there, says so in the
// inbox, and adds what is missing when it is sent again.
//
// Thread: begin() and the sinks are called by the http thread.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <thread>

#include "adapters/courier.h"
#include "adapters/file_publisher.h"
#include "adapters/given_mapping.h"
#include "broker/core/instant.h"
#include "broker/http/http_server.h"
#include "broker/wire/key_file.h"

namespace moot {

// A mapping by the name that uploads call it.
struct NamedMapping {
  std::filesystem::path file;
  GivenMapping mapping;
};

struct UploadOrder {
  std::string name;  // of the file: what origins and sentences call it
  FileFormat format = FileFormat::kAuto;
  std::shared_ptr<const NamedMapping> mapping;  // may be null
  KeyFile key;
  Courier* courier = nullptr;  // borrowed: the agency's; not needed in a trial
  bool trial = false;     // check everything, keep nothing
  bool backfill = false;  // history, loaded later than it happened
  Instant now;
  std::int64_t patience_ms = 10'000;  // with an absent broker
  Limits limits;
};

class Uploads {
 public:
  // Of one agency at most half of them.
  explicit Uploads(std::size_t at_once_max) : at_once_max_(at_once_max) {}
  ~Uploads();  // waits for those under way; their bodies must have ended

  // What takes the file's body; nothing when so many are under way already.
  std::shared_ptr<BodySink> begin(UploadOrder order);

 private:
  struct Running;
  const std::size_t at_once_max_;
  void end_finished();
  std::list<std::shared_ptr<Running>> running_;
};

}  // namespace moot
