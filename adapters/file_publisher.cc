#include "adapters/file_publisher.h"

#include <cctype>
#include <fstream>
#include <map>

#include "adapters/cloudevents_reader.h"
#include "adapters/csv_cells.h"
#include "adapters/csv_reader.h"
#include "adapters/document_reader.h"
#include "adapters/encoding.h"
#include "adapters/fhir.h"
#include "adapters/file_kind.h"
#include "adapters/ihub.h"
#include "adapters/open311.h"
#include "adapters/police_uk.h"
#include "adapters/workbook.h"

namespace moot {

namespace {

std::string name_of(const std::filesystem::path& file, const FileOptions& options) {
  return shown_name(options.name.empty() ? file.filename().string() : options.name);
}

std::string lower_extension(const std::filesystem::path& file) {
  std::string extension = file.extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return extension;
}

// Its first bytes: what is not text is told before it is asked how the text is to be read. A pipe is left alone, since
// it cannot be wound back.
std::string start_of(const std::filesystem::path& file, std::istream& stream) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return "";
  std::string start(512, '\0');
  stream.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(stream.gcount()));
  stream.clear();
  stream.seekg(0);
  return start;
}

// Of a stream that cannot be wound back: its first four bytes, which it gives again. Its buffer has them in one piece.
std::string first_bytes(std::istream& stream) {
  std::string start(4, '\0');
  try {
    start.resize(static_cast<std::size_t>(stream.rdbuf()->sgetn(start.data(), 4)));
    for (std::size_t i = 0; i < start.size(); ++i) stream.rdbuf()->sungetc();
  } catch (const std::ios_base::failure&) {
    return "";  // who reads it is told
  }
  return start;
}

// Whether the file begins with the header of a file of data.police.uk.
bool has_police_uk_header(std::istream& stream) {
  std::string start(1024, '\0');
  stream.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(stream.gcount()));
  stream.clear();
  stream.seekg(0);
  if (start.starts_with(kUtf8Mark)) start.erase(0, kUtf8Mark.size());
  start.erase(0, start.find_first_not_of("\r\n"));  // as blank lines are skipped
  const std::optional<std::vector<std::string>> cells =
      split_csv_record(start.substr(0, start.find_first_of("\r\n")), ',');
  return cells && is_police_uk_header(*cells);
}

// By its name, else by its first character that is not blank; of JSON, by the members that each format has.
FileFormat guess_by_name_or_start(const std::filesystem::path& file, std::istream& stream) {
  const std::string extension = lower_extension(file);
  if (extension == ".csv") return FileFormat::kCsv;
  std::string start(64 * 1024, '\0');
  stream.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(stream.gcount()));
  stream.clear();
  stream.seekg(0);
  if (start.starts_with(kUtf8Mark)) start.erase(0, kUtf8Mark.size());
  const std::size_t first = start.find_first_not_of(" \t\r\n");
  const char c = first == std::string::npos ? ' ' : start[first];
  if (extension == ".xml" || c == '<') return FileFormat::kOpen311;
  const bool named_json = extension == ".json" || extension == ".jsonl" || extension == ".ndjson";
  if (!named_json && c != '{' && c != '[') return FileFormat::kCsv;
  const auto has = [&](std::string_view member) { return start.find(member) != std::string::npos; };
  if (has("\"specversion\"")) return FileFormat::kCloudEvents;
  if (has("\"resourceType\"")) return FileFormat::kFhir;
  if (has("\"service_request_id\"") || has("\"service_requests\"")) return FileFormat::kOpen311;
  return has("\"attributes\"") && has("\"data\"") ? FileFormat::kIhub : FileFormat::kCloudEvents;
}

// A mapping that was given says what the file is.
FileFormat guess_format(const std::filesystem::path& file, std::istream& stream, const FileOptions& options) {
  if (options.police_uk != nullptr) return FileFormat::kPoliceUk;
  const FileFormat guess = guess_by_name_or_start(name_of(file, options), stream);
  const bool csv_without_mapping = guess == FileFormat::kCsv && options.mapping == nullptr;
  return csv_without_mapping && has_police_uk_header(stream) ? FileFormat::kPoliceUk : guess;
}

Result<std::unique_ptr<Reader>> open_police_uk_file(std::unique_ptr<std::istream> stream, const std::string& name,
                                                    const FileOptions& options) {
  static const PoliceUkMapping kNone;
  if (options.mapping != nullptr)
    return Status(Code::kUsage, name + ": the mapping is for CSV files; this one is to be read as police-uk");
  if (!options.publisher)
    return Status(Code::kUsage, name + ": a file of data.police.uk needs to know which agency publishes it");
  return open_police_uk(std::move(stream), name, *options.publisher, options.police_uk ? *options.police_uk : kNone,
                        options.limits);
}

Result<std::unique_ptr<Reader>> open_document_as(FileFormat format, std::unique_ptr<std::istream> stream,
                                                 const std::string& name, const FileOptions& options) {
  if (options.mapping != nullptr || options.police_uk != nullptr)
    return Status(Code::kUsage, name + ": the mapping is for CSV files; this one is to be read without");
  if (!options.publisher) return Status(Code::kUsage, name + ": it is to be known which agency publishes it");
  const Publisher publisher = *options.publisher;
  const Limits limits = options.limits;
  if (format == FileFormat::kFhir)
    return open_document(std::move(stream), name, "fhir", [=](std::string_view text, auto& warnings) {
      return read_fhir(text, publisher, limits, warnings);
    });
  if (format == FileFormat::kIhub)
    return open_document(std::move(stream), name, "ihub",
                         [=](std::string_view text, auto&) { return read_ihub(text, publisher, limits); });
  return open_document(std::move(stream), name, "open311",
                       [=](std::string_view text, auto&) { return read_open311(text, publisher, limits); });
}

// Without a publisher, as in checks of a mapping, ids are of no use anywhere else.
Key id_secret_of(const FileOptions& options) { return options.publisher ? options.publisher->id_secret : Key{}; }

Result<std::unique_ptr<Reader>> open_as(FileFormat format, std::unique_ptr<std::istream> stream,
                                        const std::string& name, const FileOptions& options) {
  if (format == FileFormat::kPoliceUk) return open_police_uk_file(std::move(stream), name, options);
  if (format == FileFormat::kCloudEvents) return open_cloudevents(std::move(stream), name, options.limits);
  if (format == FileFormat::kXlsx) {
    if (options.mapping == nullptr) return Status(Code::kUsage, name + ": a spreadsheet needs a mapping");
    return open_workbook(std::move(stream), name, *options.mapping, options.limits, id_secret_of(options));
  }
  if (format != FileFormat::kCsv && format != FileFormat::kAuto)
    return open_document_as(format, std::move(stream), name, options);
  if (options.mapping == nullptr) return Status(Code::kUsage, name + ": a CSV file needs a mapping");
  return open_csv(std::move(stream), name, *options.mapping, options.limits, CsvText::kFile, id_secret_of(options));
}

// One run of publish_file.
class FilePublisher {
 public:
  FilePublisher(const std::string& name, std::uint64_t total_bytes, const FileOptions& options, RecordSink& sink)
      : options_(options), sink_(sink), total_bytes_(total_bytes) {
    totals_.file = name;
  }

  FileTotals run(Result<std::unique_ptr<Reader>> reader);

 private:
  Status publish_all(Reader& reader);
  Status give(InputRecord record);
  Status read_state();
  Status withdraw_what_is_gone();
  void tell_withdrawal(const Outcome& outcome);
  std::uint64_t answered() const {
    return totals_.accepted + totals_.duplicate + totals_.superseding + totals_.refused + totals_.kept;
  }
  Status refuse_file(const Status& why);
  void tell_progress(std::uint64_t done_bytes) const;
  void add_layout(const Reader& reader);

  const FileOptions& options_;
  RecordSink& sink_;
  const std::uint64_t total_bytes_;
  FileTotals totals_;
  const Reader* reader_ = nullptr;  // once the file is open
  std::map<std::string, std::uint64_t> refused_by_column_;
  std::optional<SourceState> state_;  // where the mapping asks what is there already
  bool untried_ = false;              // the state could not be read: the file is as it was
  bool withdrawing_ = false;
  std::uint64_t conflicts_ = 0;
  std::uint64_t without_key_ = 0;  // rows refused that do not tell which record they are of
};

void FilePublisher::tell_progress(std::uint64_t done_bytes) const {
  if (options_.on_progress) options_.on_progress({done_bytes, total_bytes_, totals_.read});
}

Status FilePublisher::give(InputRecord record) {
  ++totals_.read;
  if (auto* event = std::get_if<v1::Event>(&record.content)) {
    if (state_) state_->number(*event);
    return sink_.publish(*event, record.origin);
  }
  auto& refused = std::get<v1::RefusedInput>(record.content);
  if (!refused.column().empty()) ++refused_by_column_[refused.column()];
  if (state_) state_->seen(refused.key());
  without_key_ += refused.key().empty() ? 1 : 0;
  // A file that cannot be read as a whole has no header to read a record again with.
  if (reader_ != nullptr && record.origin.row() > 0) {
    refused.set_format(std::string(reader_->format()));
    // As much as of the record itself: else one header could be more than a message holds.
    refused.set_header(std::string(reader_->header().substr(0, options_.limits.event_bytes_max)));
  }
  refused.set_mapping(options_.mapping_file);
  return sink_.refuse(refused);
}

// The file stands in the inbox as one record, row 0; publishing itself has not failed.
Status FilePublisher::refuse_file(const Status& why) {
  totals_.status = why;
  v1::Origin origin;
  origin.set_file(totals_.file);
  // An item names its file before its reason, which need not name it again.
  std::string_view reason = why.message();
  if (const std::string name = totals_.file + ": "; reason.starts_with(name)) reason.remove_prefix(name.size());
  return give(refused_record(origin, Refusal{"", why.code(), std::string(reason)}, "", options_.limits));
}

Status FilePublisher::publish_all(Reader& reader) {
  reader_ = &reader;
  MOOT_RETURN_IF_ERROR(read_state());
  while (true) {
    Result<std::optional<InputRecord>> record = reader.next();
    if (!record.ok()) return refuse_file(record.status());
    if (!record->has_value()) return withdraw_what_is_gone();
    MOOT_RETURN_IF_ERROR(give(std::move(**record)));
    tell_progress(reader.bytes_read());
  }
}

Status FilePublisher::read_state() {
  if (options_.mapping == nullptr || !options_.mapping->by_content) return {};
  const OwnEvents nothing = []() -> Result<std::vector<v1::Event>> { return std::vector<v1::Event>(); };
  Result<SourceState> state =
      SourceState::read(options_.mapping->source, options_.own_events ? options_.own_events : nothing);
  untried_ = !state.ok();
  if (!state.ok()) return state.status();
  state_.emplace(std::move(*state));
  return {};
}

// Only after a whole file in which every row tells which record it is of: a row that nobody could read may be of the
// very one that seems to be gone. Too many gone at once are told and left alone.
Status FilePublisher::withdraw_what_is_gone() {
  if (!state_ || !options_.mapping->complete || state_->gone() == 0) return {};
  const std::string gone = std::to_string(state_->gone()) + " records that were there are not in the file";
  if (without_key_ > 0) {
    totals_.notes.push_back(gone + "; none is withdrawn, since " + std::to_string(without_key_) +
                            " rows do not tell which record they are of");
    return {};
  }
  if (state_->gone() * 100 > state_->live() * static_cast<std::size_t>(options_.mapping->gone_percent_max)) {
    totals_.notes.push_back(gone + ", of " + std::to_string(state_->live()) +
                            ": more than gone_percent_max = " + std::to_string(options_.mapping->gone_percent_max) +
                            " allows; none is withdrawn. Is it cut off, or not a complete export?");
    return {};
  }
  withdrawing_ = true;
  v1::Origin origin;
  origin.set_file(totals_.file);
  for (const v1::Event& event : state_->withdrawals(SystemClock().now()))
    MOOT_RETURN_IF_ERROR(sink_.publish(event, origin));
  return {};
}

void FilePublisher::tell_withdrawal(const Outcome& outcome) {
  if (outcome.fate != Fate::kRefused) {
    ++totals_.withdrawn;
    if (!totals_.first_offset) totals_.first_offset = outcome.offset;
    totals_.last_offset = outcome.offset;
  } else {
    totals_.notes.push_back("a record that is gone could not be withdrawn: " + outcome.status.message());
  }
}

void FilePublisher::add_layout(const Reader& reader) {
  totals_.footer_rows = reader.footer_rows();
  totals_.layout = reader.columns();
  totals_.warnings = reader.warnings();
  for (ColumnUse& use : totals_.layout.columns) {
    const auto refused = refused_by_column_.find(use.column);
    if (refused != refused_by_column_.end()) use.refused = refused->second;
  }
}

FileTotals FilePublisher::run(Result<std::unique_ptr<Reader>> reader) {
  if (!reader.ok() && reader.status().code() == Code::kUsage) {
    totals_.status = reader.status();
    return totals_;
  }
  sink_.on_outcome([this](const Outcome& outcome) {
    // Outcomes come in order, and those of withdrawals after those of all that was read.
    if (withdrawing_ && answered() == totals_.read) return tell_withdrawal(outcome);
    totals_.count(outcome);
    conflicts_ += outcome.fate == Fate::kRefused && outcome.status.code() == Code::kConflict ? 1 : 0;
    if (options_.on_outcome) options_.on_outcome(outcome);
  });
  Status published = reader.ok() ? publish_all(**reader) : refuse_file(reader.status());
  if (published.ok()) published = sink_.flush();
  sink_.on_outcome([](const Outcome&) {});  // what was set must not outlive this run
  if (!sink_.stores()) totals_.first_offset = totals_.last_offset = std::nullopt;
  MOOT_CHECK(answered() <= totals_.read);
  MOOT_CHECK(!published.ok() || answered() == totals_.read);
  totals_.unanswered = totals_.read - answered() + (untried_ ? 1 : 0);
  if (!published.ok()) totals_.status = published;
  if (conflicts_ > 0 && options_.mapping != nullptr && !options_.mapping->revision && !options_.mapping->by_content)
    totals_.notes.push_back(
        std::to_string(conflicts_) +
        " of the records are there already, as they were before. If the export repeats records "
        "that have changed, let its mapping say revisions = \"by-content\", or which column numbers "
        "their versions (revision)");
  if (reader.ok()) add_layout(**reader);
  tell_progress(reader.ok() ? (*reader)->bytes_read() : total_bytes_);
  return totals_;
}

}  // namespace

Result<FileFormat> parse_file_format(std::string_view name) {
  if (name == "auto") return FileFormat::kAuto;
  if (name == "csv") return FileFormat::kCsv;
  if (name == "cloudevents") return FileFormat::kCloudEvents;
  if (name == "police-uk") return FileFormat::kPoliceUk;
  if (name == "fhir") return FileFormat::kFhir;
  if (name == "ihub") return FileFormat::kIhub;
  if (name == "open311") return FileFormat::kOpen311;
  if (name == "xlsx") return FileFormat::kXlsx;
  return Status(Code::kUsage, "expected auto, csv, xlsx, cloudevents, police-uk, fhir, ihub or open311 as the format");
}

void FileTotals::count(const Outcome& outcome) {
  switch (outcome.fate) {
    case Fate::kAccepted:
      ++accepted;
      break;
    case Fate::kDuplicate:
      ++duplicate;
      return;
    case Fate::kSuperseding:
      ++superseding;
      break;
    case Fate::kRefused:
      ++refused;
      return;
    case Fate::kKept:
      ++kept;
      return;
  }
  if (!first_offset) first_offset = outcome.offset;
  last_offset = outcome.offset;
}

std::string in_words(const FileTotals& totals) {
  return std::to_string(totals.read) + " read, " + std::to_string(totals.accepted) + " accepted, " +
         std::to_string(totals.duplicate) + " there already, " + std::to_string(totals.superseding) + " superseding, " +
         std::to_string(totals.refused) + " refused" +
         (totals.withdrawn > 0 ? ", " + std::to_string(totals.withdrawn) + " no longer in it, withdrawn" : "");
}

Result<std::unique_ptr<Reader>> open_file(const std::filesystem::path& file, const FileOptions& options) {
  const std::string name = name_of(file, options);
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return Status(Code::kMissing, name + ": there is no such file");
  if (std::filesystem::is_directory(file, error))
    return Status(Code::kUnreadable, name + ": is a folder; expected a file");
  if (std::filesystem::is_regular_file(file, error) && std::filesystem::is_empty(file, error))
    return Status(Code::kMissing, name + ": is empty; there is not one record in it");
  auto stream = std::make_unique<std::ifstream>(file, std::ios::binary);
  if (!stream->is_open()) return Status(Code::kUnreadable, name + ": cannot be opened");
  const std::string start = start_of(file, *stream);
  const bool rows = options.format == FileFormat::kAuto || options.format == FileFormat::kCsv;
  if ((rows && may_be_workbook(start)) || options.format == FileFormat::kXlsx)
    return open_as(FileFormat::kXlsx, std::move(stream), name, options);
  if (const std::optional<std::string_view> what = what_is_not_text(start))
    return Status(Code::kUnreadable, name + ": " + std::string(*what));
  const FileFormat format = options.format == FileFormat::kAuto ? guess_format(file, *stream, options) : options.format;
  return open_as(format, std::move(stream), name, options);
}

FileTotals publish_file(const std::filesystem::path& file, const FileOptions& options, RecordSink& sink) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  return FilePublisher(name_of(file, options), error ? 0 : size, options, sink).run(open_file(file, options));
}

FileTotals publish_stream(std::unique_ptr<std::istream> stream, const std::string& given_name,
                          const FileOptions& options, RecordSink& sink) {
  const std::string name = shown_name(given_name);
  FileFormat format = options.format;
  if (format == FileFormat::kAuto) format = options.police_uk != nullptr ? FileFormat::kPoliceUk : FileFormat::kCsv;
  if (format == FileFormat::kCsv && may_be_workbook(first_bytes(*stream))) format = FileFormat::kXlsx;
  return FilePublisher(name, 0, options, sink).run(open_as(format, std::move(stream), name, options));
}

}  // namespace moot
