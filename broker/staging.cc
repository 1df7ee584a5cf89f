#include "broker/staging.h"

#include <utility>

#include "broker/core/whole_file.h"

namespace moot {

namespace fs = std::filesystem;

fs::path whole_path(const fs::path& path) {
  const fs::path whole = fs::absolute(path).lexically_normal();
  return whole.has_filename() ? whole : whole.parent_path();
}

bool is_vacant(const fs::path& folder) {
  std::error_code failed;
  if (!fs::exists(fs::symlink_status(folder, failed))) return true;
  return fs::is_directory(folder, failed) && fs::is_empty(folder, failed) && !failed;
}

Staging::Staging(const fs::path& target, std::string command, const std::string& doing)
    : folder_(target.string() + "." + doing), command_(std::move(command)), mark_("moot-" + doing) {}

Staging::~Staging() {
  if (ours_) (void)clear();  // what is left is ours, and the next one deletes it
}

Status Staging::begin() {
  if ((is_left_over() && !clear()) || !is_vacant(folder_))
    return Status(Code::kInvalid,
                  folder_.string() + ": is in the way, and not left by a " + command_ + "; move it away");
  MOOT_RETURN_IF_ERROR(make_folder(folder_));
  ours_ = true;
  MOOT_RETURN_IF_ERROR(
      write_whole_file(folder_ / mark_, "what is here is of an unfinished " + command_ + " and can be deleted\n"));
  return make_folder(whole());
}

// Of one that was interrupted, be it while the mark was being written.
bool Staging::is_left_over() const {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder_, failed))
    if (entry.path().filename().string().starts_with(mark_)) return true;
  return false;
}

// The mark goes last: interrupted here too, what is left is known to be ours.
bool Staging::clear() const {
  std::error_code failed;
  fs::remove_all(whole(), failed);
  if (!failed) fs::remove_all(folder_, failed);
  return !failed;
}

}  // namespace moot
