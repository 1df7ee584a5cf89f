// Looks for any of a set of texts in bytes, whatever surrounds them; capitals and small letters of ASCII are taken as
// equal. Texts are at least kShortest bytes long. Thread: a value.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace moot {

class ByteScan {
 public:
  static constexpr std::size_t kShortest = 5;

  explicit ByteScan(const std::set<std::string>& texts);

  // The texts that occur.
  std::set<std::string> found_in(std::string_view bytes) const;

  struct Below {
    std::size_t files = 0;
    std::uint64_t bytes = 0;
    std::vector<std::string> findings;  // "FILE holds TEXT", one for each text of each file
  };
  // Every regular file below the folder, hidden ones included; a file that goes away meanwhile is passed over.
  Below found_below(const std::filesystem::path& folder) const;

 private:
  std::vector<std::string> texts_;                                        // as given
  std::vector<std::string> folded_;                                       // in small letters
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_start_;  // first kShortest bytes -> positions above
};

}  // namespace moot
