// A new folder for a bench's data, gone at the end with all that is in it.
//
// Thread: one, its owner's.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace moot::bench {

class WorkFolder {
 public:
  // In `parent`, which is made where it is not there; path() is empty when that cannot be done.
  explicit WorkFolder(const std::filesystem::path& parent) {
    std::error_code fault;
    std::filesystem::create_directories(parent, fault);
    std::string name = (std::filesystem::absolute(parent, fault) / "moot-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return;
    path_ = name;
  }
  ~WorkFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace moot::bench
