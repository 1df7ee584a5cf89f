// The two years of the demonstration partnership: its agencies' files, the meetings they tell of, and an agenda and a
// frequent-caller list for each of those meetings. The partnership is the one of deploy/south-and-vale, with documents
// of every month in the place of its own.
//
// Documents are called KIND-DATE.FORMAT: "agenda-2021-01-12.html".
// Thread: one, the test's.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "deploy/partnership_folder.h"
#include "tests/end_to_end/installation.h"

namespace moot {

class DemonstrationMonths {
 public:
  // Writes the partnership's folder; the agencies' files in it are links to the repository's.
  explicit DemonstrationMonths(std::filesystem::path folder);

  std::filesystem::path config() const { return folder_ / "partnership.toml"; }
  // The dates of the board's meetings, in order, as its minutes have them.
  const std::vector<std::string>& meetings() const { return meetings_; }
  // The words after `moot` that publish each file as its agency, in the order of the feeds.
  std::vector<Words> publications() const;
  // Every document in HTML, Markdown and JSON, made in this process by what the commands use: 144 commands would take
  // minutes on a busy machine.
  FileTexts documents(const Installation& here) const;
  // The words after `moot` that print one of them.
  static Words command_of(const std::string& document);

 private:
  const std::filesystem::path folder_;
  std::vector<std::string> meetings_;
  PartnershipFolder partnership_;
};

}  // namespace moot
