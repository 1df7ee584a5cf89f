#include "adapters/csv_cells.h"

#include <csv.h>

namespace moot {

namespace {

struct Collected {
  std::vector<std::string> cells;
  int records = 0;
};

// libcsv's parser is a C struct with an init and a free.
class Parser {
 public:
  explicit Parser(char delimiter) : ok_(csv_init(&parser_, CSV_STRICT_FINI) == 0) {
    if (ok_) csv_set_delim(&parser_, static_cast<unsigned char>(delimiter));
  }
  ~Parser() {
    if (ok_) csv_free(&parser_);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  bool parse(std::string_view record, Collected& into) {
    return ok_ && csv_parse(&parser_, record.data(), record.size(), on_cell, on_record, &into) == record.size() &&
           csv_fini(&parser_, on_cell, on_record, &into) == 0;
  }

 private:
  static void on_cell(void* bytes, std::size_t size, void* into) {
    static_cast<Collected*>(into)->cells.emplace_back(static_cast<const char*>(bytes), size);
  }
  static void on_record(int, void* into) { ++static_cast<Collected*>(into)->records; }

  csv_parser parser_{};
  bool ok_;
};

}  // namespace

std::optional<std::vector<std::string>> split_csv_record(std::string_view record, char delimiter) {
  Collected collected;
  if (!Parser(delimiter).parse(record, collected) || collected.records != 1) return std::nullopt;
  return std::move(collected.cells);
}

std::string_view trimmed(std::string_view cell) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t start = cell.find_first_not_of(kBlank);
  if (start == std::string_view::npos) return {};
  return cell.substr(start, cell.find_last_not_of(kBlank) - start + 1);
}

}  // namespace moot
