// A zip archive in memory, and what is in it, by libzip: never written to a file, never more of it unpacked than asked
// for. Errors: kUnreadable, kTooLarge, kMissing. Thread: one, the caller's.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "broker/core/status.h"

namespace moot {

// One file of an archive, unpacked as it is read. The archive must outlive it.
class ZipPart {
 public:
  ~ZipPart();
  ZipPart(const ZipPart&) = delete;
  // The next bytes, good until the next call; none at the end. What was changed on the way is found at the end.
  Result<std::string_view> next();

 private:
  friend class ZipArchive;
  struct Impl;
  explicit ZipPart(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class ZipArchive {
 public:
  static Result<std::unique_ptr<ZipArchive>> open(std::string bytes);
  ~ZipArchive();
  ZipArchive(const ZipArchive&) = delete;

  // Of names, capitals do not count, as the format of office documents has it.
  bool has(const std::string& name) const;
  // All of it, unpacked; kTooLarge beyond so many bytes, whatever it says of its size.
  Result<std::string> read(const std::string& name, std::uint64_t bytes_max) const;
  Result<std::unique_ptr<ZipPart>> stream(const std::string& name) const;

 private:
  struct Impl;
  explicit ZipArchive(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace moot
