// Items by a number below a bound, those of one number in the order they came: what a stable sort does, in one pass.
// Thread: a value.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace moot {

template <typename Item>
class InBuckets {
 public:
  // `parts`: vectors of items, emptied as they are read.
  template <typename BucketOf>
  InBuckets(std::vector<std::vector<Item>> parts, std::size_t buckets, BucketOf bucket_of) : begins_(buckets + 1, 0) {
    std::size_t all = 0;
    for (const std::vector<Item>& part : parts) {
      all += part.size();
      for (const Item& item : part) ++begins_[bucket_of(item) + 1];
    }
    for (std::size_t bucket = 0; bucket < buckets; ++bucket) begins_[bucket + 1] += begins_[bucket];
    items_.resize(all);
    std::vector<std::size_t> next(begins_.begin(), begins_.end() - 1);
    for (std::vector<Item>& part : parts) {
      for (Item& item : part) items_[next[bucket_of(item)]++] = item;
      std::vector<Item>().swap(part);
    }
  }

  std::span<Item> bucket(std::size_t number) {
    return std::span(items_).subspan(begins_[number], begins_[number + 1] - begins_[number]);
  }
  std::span<const Item> bucket(std::size_t number) const {
    return std::span(items_).subspan(begins_[number], begins_[number + 1] - begins_[number]);
  }
  std::vector<Item> take() && { return std::move(items_); }

 private:
  std::vector<std::size_t> begins_;  // by bucket
  std::vector<Item> items_;
};

}  // namespace moot
