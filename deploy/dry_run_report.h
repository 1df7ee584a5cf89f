// What `moot publish --dry-run` tells of a file: what each column becomes, which rows would be refused and why, and
// what the events would be. It has no cell of the file in it but the header's. Thread: values, usable anywhere.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "adapters/dry_run_sink.h"
#include "adapters/file_publisher.h"

namespace moot {

// Added to the file's entry in --json: "columns", "missing", "types", "refused_rows", "refused_rows_left_out".
void add_dry_run(boost::json::object& entry, const FileTotals& totals, const DryRunReport& report);

// The same to read, each line ended.
std::string dry_run_words(const FileTotals& totals, const DryRunReport& report);

}  // namespace moot
