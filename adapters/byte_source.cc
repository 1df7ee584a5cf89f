#include "adapters/byte_source.h"

#include <ios>

namespace moot {

bool ByteSource::fill() {
  before_buffer_ += size_;
  position_ = size_ = 0;
  try {
    stream_->read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  } catch (const std::ios_base::failure&) {
    failed_ = true;
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
