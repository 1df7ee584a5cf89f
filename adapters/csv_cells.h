// Splits one whole CSV record into its cells. Thread: pure functions, usable anywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace moot {

// Nothing when the record is not one record (quotation marks that do not pair up).
std::optional<std::vector<std::string>> split_csv_record(std::string_view record, char delimiter);

// Without the blanks and line ends around it.
std::string_view trimmed(std::string_view cell);

}  // namespace moot
