// Reading a definition (TOML) so that a mistake is told with file, line, key and what was expected (DESIGN §9).
//
// Ask for the values, then call finish(): it returns the first mistake — a value missing or of another type, or a key
// nobody asked for, which is how a misspelt key is found. Until then a wrong value reads as its default, so that
// loaders stay straight lines.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/status.h"

namespace moot {

// Where a table of a definition stands: for mistakes that show only beside another file, once this one is read. Of no
// file it says nothing. A value.
class DefinitionPlace {
 public:
  // kDefinition: "boards/jtm.toml, line 12, key "version.section.clocks": " and the sentence.
  Status mistake(std::string_view key, const std::string& sentence) const;

 private:
  friend class Definition;
  std::string file_, path_;
  std::uint32_t line_ = 0;                                   // of the table
  std::map<std::string, std::uint32_t, std::less<>> lines_;  // of its keys
};

class Definition {
 public:
  static Result<Definition> load(const std::filesystem::path& file);
  static Result<Definition> parse(std::string_view toml, std::string_view name);

  Definition(Definition&&) noexcept;
  Definition& operator=(Definition&&) noexcept;
  ~Definition();

  bool has(std::string_view key) const;
  std::vector<std::string> keys() const;  // in the order of the file

  std::string text(std::string_view key);  // required
  std::string text_or(std::string_view key, std::string_view otherwise);
  std::int64_t integer(std::string_view key, std::int64_t at_least, std::int64_t at_most);  // required
  std::int64_t integer_or(std::string_view key, std::int64_t otherwise, std::int64_t at_least, std::int64_t at_most);
  bool flag_or(std::string_view key, bool otherwise);
  std::optional<Date> date(std::string_view key);        // optional; a TOML date
  std::vector<std::string> texts(std::string_view key);  // optional; a list of texts
  // A text, or nothing where the value is of another type: for keys that may hold a text or a table.
  std::optional<std::string> text_if(std::string_view key);
  std::optional<Definition> table(std::string_view key);  // optional
  std::vector<Definition> tables(std::string_view key);   // optional; an array of tables

  // Records a mistake found by the caller, at the key's line.
  void mistake(std::string_view key, std::string_view expected);
  // The first mistake of the whole file, or ok. A key of any table handed out so far that was not asked for is a
  // mistake too: call it once, on the root, at the end.
  Status finish();
  DefinitionPlace place() const;
  // Where the file stands; relative paths in it are relative to its folder.
  const std::filesystem::path& file() const;
  const std::string& toml() const;  // the whole file, as it is written

 private:
  struct Document;
  struct Node;
  Definition(std::shared_ptr<Document> document, std::unique_ptr<Node> node);
  std::shared_ptr<Document> document_;
  std::unique_ptr<Node> node_;
};

}  // namespace moot
