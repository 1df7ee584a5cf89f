// How far the log was acknowledged, kept apart from the log: without it a log that lost its end looks like a shorter
// one.
//
// Format: two slots of 24 bytes, written in turn, so that a torn write leaves the other:
//   magic "moot mk2"  checksum:be64 (of the offset's bytes)  offset:be64
// Example, end offset 3:  6d 6f 6f 74 20 6d 6b 32  <checksum>  00 00 00 00 00 00 00 03
//
// The bus raises it when it is idle and at least every 50 ms: after a crash the loss of the last 50 ms' events by
// damage (not by the crash: they are synced in the log) could pass unnoticed. Thread: one owner, the bus thread.
#pragma once

#include <filesystem>

#include "broker/core/ids.h"
#include "broker/core/status.h"

namespace moot {

class Watermark {
 public:
  // An absent or empty file becomes a durable watermark of 0: from then on its absence is a loss, which the caller can
  // find with value_in before. kCorrupt when neither slot is whole.
  static Result<Watermark> open(const std::filesystem::path& file);
  // What a file holds, without touching it. kMissing when there is none, or nothing in it.
  static Result<Offset> value_in(const std::filesystem::path& file);
  Watermark(Watermark&& other) noexcept;
  Watermark& operator=(Watermark&&) = delete;
  ~Watermark();

  Offset value() const { return value_; }
  // Durable when it returns ok. Never goes back.
  Status raise(Offset end);

 private:
  Watermark(std::filesystem::path file, int fd) : file_(std::move(file)), fd_(fd) {}
  Status read();
  Status begin();
  Status write(Offset end);

  std::filesystem::path file_;
  int fd_ = -1;
  Offset value_;
  int next_slot_ = 0;
};

}  // namespace moot
