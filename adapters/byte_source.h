// The bytes of a stream, one after the other, through one fixed buffer: a line of any length takes no memory here.
// Thread: one, the caller's. Owns the stream.
#pragma once

#include <array>
#include <cstdint>
#include <ios>
#include <istream>
#include <memory>
#include <string>
#include <string_view>

namespace moot {

// What a stream's buffer throws that can go no further and knows why: the rest of a sentence about the file.
class BrokenStream : public std::ios_base::failure {
 public:
  explicit BrokenStream(std::string why) : std::ios_base::failure("the stream is broken"), why_(std::move(why)) {}
  const std::string& why() const { return why_; }

 private:
  std::string why_;
};

class ByteSource {
 public:
  static constexpr int kEnd = -1;

  explicit ByteSource(std::unique_ptr<std::istream> stream);

  // 0..255, or kEnd.
  int next() {
    if (position_ == size_ && !fill()) return kEnd;
    return static_cast<unsigned char>(buffer_[position_++]);
  }
  // The same byte again the next time.
  int peek() {
    if (position_ == size_ && !fill()) return kEnd;
    return static_cast<unsigned char>(buffer_[position_]);
  }
  // Takes `start` off when the source begins with it; only before anything was read.
  bool skip_if_starts_with(std::string_view start);
  bool starts_with(std::string_view start);
  // The bytes that come next, as many as are at hand: at the beginning of a file, its first 64 KiB or all of it.
  std::string_view at_hand() {
    peek();
    return {buffer_.data() + position_, size_ - position_};
  }

  // So many of those at hand are read.
  void pass(std::size_t bytes) { position_ += bytes; }

  std::uint64_t bytes_read() const { return before_buffer_ + position_; }
  // The disk, not the end of the file, ended the reading.
  bool failed() const { return stream_->bad() || failed_; }
  // ": " and why it did, where that is known.
  const std::string& why_failed() const { return why_failed_; }

 private:
  bool fill();

  std::unique_ptr<std::istream> stream_;
  std::array<char, 64 * 1024> buffer_;
  std::size_t position_ = 0;
  std::size_t size_ = 0;
  std::uint64_t before_buffer_ = 0;
  bool failed_ = false;
  std::string why_failed_;
};

}  // namespace moot
