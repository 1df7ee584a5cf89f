// Publishes a file: opens the reader of its format, gives every record to a sink and counts what became of each.
// Conservation: when it ends well, read = accepted + duplicate + superseding + refused.
// Thread: one, the caller's. Blocking.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/column_use.h"
#include "adapters/mapping.h"
#include "adapters/police_uk_mapping.h"
#include "adapters/publisher.h"
#include "adapters/reader.h"
#include "adapters/record_sink.h"
#include "adapters/source_state.h"
#include "broker/core/ids.h"
#include "broker/core/instant.h"
#include "broker/core/limits.h"
#include "broker/core/status.h"

namespace moot {

enum class FileFormat { kAuto, kCsv, kCloudEvents, kPoliceUk, kFhir, kIhub, kOpen311, kXlsx };

// "auto", "csv", "cloudevents", "police-uk", "fhir", "ihub", "open311", "xlsx"; else kUsage
Result<FileFormat> parse_file_format(std::string_view name);

struct FileProgress {
  std::uint64_t done_bytes = 0;
  std::uint64_t total_bytes = 0;  // 0 = not known
  std::uint64_t records = 0;
};

struct FileOptions {
  FileFormat format = FileFormat::kAuto;
  std::string name;                            // what origins and sentences call the file; empty = its own name
  const Mapping* mapping = nullptr;            // CSV and spreadsheets need one; borrowed
  const PoliceUkMapping* police_uk = nullptr;  // borrowed; police-uk may do without
  std::optional<Publisher> publisher;          // all but csv and cloudevents need one
  OwnEvents own_events;                        // of the publisher, for mappings that ask it; none = a trial
  std::string mapping_file;                    // what the inbox is told of the mapping: where it is
  Limits limits;
  std::function<void(const FileProgress&)> on_progress;  // after every record, and at the end; may be empty
  std::function<void(const Outcome&)> on_outcome;        // for every record, in order; may be empty
};

struct FileTotals {
  std::string file;  // its name without folder, as in origins: shown_name
  std::uint64_t read = 0;
  std::uint64_t accepted = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t superseding = 0;
  std::uint64_t refused = 0;
  std::uint64_t kept = 0;        // until the broker is back
  std::uint64_t withdrawn = 0;   // records that a complete export does not have any more; not among those read
  std::uint64_t unanswered = 0;  // given to a broker that did not answer any more; not 0 only when `status` says why
  std::optional<Offset> first_offset;  // of what was stored now: accepted and superseding
  std::optional<Offset> last_offset;
  std::uint64_t footer_rows = 0;      // not read: the mapping calls them a footer
  std::vector<std::string> notes;     // sentences: what was not done, and why
  std::vector<std::string> warnings;  // what was taken although it strays from its standard
  FileColumns layout;                 // of a file that has columns
  // Ok, or why the file as a whole could not be read (it then counts as one refused record, with row 0), or why
  // publishing ended early (kUnavailable and the like). kUsage: the file was not tried, and nothing is counted.
  Status status;

  void count(const Outcome& outcome);
};

// "7 read, 5 accepted, 1 there already, 0 superseding, 1 refused", and what is withdrawn where something is.
std::string in_words(const FileTotals& totals);

// kUsage when it takes a mapping or a publisher and there is none, or another format's mapping; any other error is the
// file's own.
Result<std::unique_ptr<Reader>> open_file(const std::filesystem::path& file, const FileOptions& options);

FileTotals publish_file(const std::filesystem::path& file, const FileOptions& options, RecordSink& sink);

// The same from a stream that cannot be wound back; origins and sentences call it `name`. The format must be given, or
// follow from the mapping.
FileTotals publish_stream(std::unique_ptr<std::istream> stream, const std::string& name, const FileOptions& options,
                          RecordSink& sink);

}  // namespace moot
