#include "adapters/byte_source.h"

namespace moot {

// Without it a stream keeps to itself what its buffer threw.
ByteSource::ByteSource(std::unique_ptr<std::istream> stream) : stream_(std::move(stream)) {
  stream_->exceptions(std::ios_base::badbit);
}

bool ByteSource::fill() {
  before_buffer_ += size_;
  position_ = size_ = 0;
  try {
    stream_->read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  } catch (const std::ios_base::failure& failure) {
    failed_ = true;
    if (const auto* broken = dynamic_cast<const BrokenStream*>(&failure)) why_failed_ = ": " + broken->why();
    return false;
  }
  size_ = static_cast<std::size_t>(stream_->gcount());
  return size_ > 0;
}

bool ByteSource::starts_with(std::string_view start) { return at_hand().starts_with(start); }

bool ByteSource::skip_if_starts_with(std::string_view start) {
  if (!starts_with(start)) return false;
  position_ += start.size();
  return true;
}

}  // namespace moot
