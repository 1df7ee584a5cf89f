// The personal values of input files: everything of theirs that must be sealed wherever it rests. Read from the files
// themselves by a parser of the tests' own, so that a mistake of the adapters is not made twice.
//
// Beside each value as it stands, the forms that a program makes of it are collected: a birth date in ISO form, the
// parts of a name, a postcode and a telephone number without blanks, the beginning and end of a long text. Values
// shorter than 5 characters, and such as also stand in the clear (codes, ids), cannot be told apart and are left out.
// Thread: a value.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace moot {

class PersonalValues {
 public:
  // The cells of `columns` are personal, all others stand in the clear. The header must have every one of them.
  void add_csv(const std::filesystem::path& file, const std::vector<std::string>& columns, char delimiter = ',');
  // Every text below data.personal but roles and field names is personal; what stands outside is in the clear.
  void add_cloudevents(const std::filesystem::path& file);

  std::set<std::string> values() const;

 private:
  void add_personal(const std::string& value);
  std::set<std::string> personal_;
  std::set<std::string> clear_;
};

// The rows of a CSV text, the header first; quoted cells may hold the delimiter, line ends and doubled quotes.
std::vector<std::vector<std::string>> csv_rows(const std::string& text, char delimiter = ',');

}  // namespace moot
