// Memory for tables that are looked into at random: of the large pages of the system, where it has them, so that a
// look does not first have to find out where the page is. A wish: where it is not granted everything is only slower.
//
// What is below kLeast comes from the usual memory. Thread: usable anywhere.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>

namespace moot {

template <typename Value>
class LargePages {
 public:
  using value_type = Value;
  static constexpr std::size_t kPage = 2 << 20;
  static constexpr std::size_t kLeast = 2 * kPage;

  LargePages() = default;
  template <typename Other>
  explicit(false) LargePages(const LargePages<Other>&) {}  // one allocator for all that a table is made of

  Value* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(Value);
    if (bytes < kLeast) return static_cast<Value*>(::operator new(bytes));
    void* const memory = ::operator new(bytes, std::align_val_t(kPage));
    ::madvise(memory, bytes, MADV_HUGEPAGE);
    return static_cast<Value*>(memory);
  }
  void deallocate(Value* memory, std::size_t count) {
    const std::size_t bytes = count * sizeof(Value);
    if (bytes < kLeast)
      ::operator delete(memory);
    else
      ::operator delete(memory, std::align_val_t(kPage));
  }
  template <typename Other>
  bool operator==(const LargePages<Other>&) const {
    return true;
  }
};

}  // namespace moot
