// A sequence that only grows, in chunks: an element never moves, and growing never has two copies of everything.
// Thread: its owner's.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace moot {

template <typename Element>
class Chunked {
 public:
  Element& push_back(Element element) {
    if (size_ == chunks_.size() * kInChunk) chunks_.emplace_back(new Element[kInChunk]);
    return (*this)[size_++] = std::move(element);
  }
  Element& operator[](std::size_t at) { return chunks_[at / kInChunk][at % kInChunk]; }
  const Element& operator[](std::size_t at) const { return chunks_[at / kInChunk][at % kInChunk]; }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kInChunk = 1024;
  std::vector<std::unique_ptr<Element[]>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace moot
