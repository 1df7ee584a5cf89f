#include "deploy/pull_definition.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace moot {

namespace {

bool is_header_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c < 128 && (std::isalnum(c) != 0 || c == '-');
  });
}

void read_address(Definition& row, Open311Source& source) {
  source.url = row.text("url");
  while (source.url.ends_with('/')) source.url.pop_back();
  const Status address = check_open311_url(source.url);
  if (!address.ok()) row.mistake("url", address.message());
  source.jurisdiction_id = row.text_or("jurisdiction_id", "");
  const std::string format = row.text_or("format", "xml");
  source.json = format == "json";
  if (format != "json" && format != "xml") row.mistake("format", "expected \"json\" or \"xml\"");
}

void read_secrets(Definition& row, const std::filesystem::path& folder, Open311Source& source) {
  if (const std::string file = row.text_or("api_key_file", ""); !file.empty()) source.api_key_file = folder / file;
  source.api_key_header = row.text_or("api_key_header", "X-API-Key");
  if (!is_header_name(source.api_key_header))
    row.mistake("api_key_header", "expected the name of a header, of letters, digits and -");
  if (row.has("api_key_header") && source.api_key_file.empty())
    row.mistake("api_key_header", "is for a key: api_key_file is missing");
  if (const std::string file = row.text_or("certificates", ""); !file.empty()) source.certificates = folder / file;
}

void read_times(Definition& row, Open311Source& source) {
  if (const std::optional<Date> since = row.date("since"))
    source.since = *since;
  else
    row.mistake("since", "is required, a date such as 2021-03-02: from when on requests are wanted");
  const std::string by = row.text_or("by", "updated");
  source.by_requested = by == "requested";
  if (by != "updated" && by != "requested") row.mistake("by", "expected \"updated\" or \"requested\"");
  const auto number = [&](std::string_view key, int& value, int at_least, int at_most) {
    value = static_cast<int>(row.integer_or(key, value, at_least, at_most));
  };
  number("every_minutes", source.every_minutes, 1, 1440);
  number("window_days", source.window_days, 1, 90);
  number("overlap_minutes", source.overlap_minutes, 1, 1440);
  number("page_size", source.page_size, 0, 1000);
  number("timeout_seconds", source.timeout_seconds, 1, 600);
  if (row.has("look_back_days") && !source.by_requested)
    row.mistake("look_back_days", "is for by = \"requested\": who asks for what changed need not look back");
  number("look_back_days", source.look_back_days, 1, 3660);
  source.backfill = row.flag_or("backfill", false);
}

}  // namespace

std::vector<Open311Source> read_pulls(Definition& root, const std::filesystem::path& folder,
                                      const Partnership& partnership) {
  std::vector<Open311Source> pulls;
  std::set<std::string> seen;
  for (Definition& row : root.tables("pull")) {
    Open311Source source;
    source.agency = row.text("agency");
    if (partnership.find_agency(source.agency) == nullptr)
      row.mistake("agency", "expected an id of one of the [[agency]]s");
    else if (!seen.insert(source.agency).second)
      row.mistake("agency", "has a pull already: two servers may give different requests the same id");
    read_address(row, source);
    read_secrets(row, folder, source);
    read_times(row, source);
    pulls.push_back(std::move(source));
  }
  return pulls;
}

}  // namespace moot
