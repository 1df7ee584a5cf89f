#include "adapters/document_reader.h"

#include "adapters/encoding.h"

namespace moot {

namespace {

constexpr std::size_t kPartBytes = 64 * 1024;  // read at once: most documents are small

class DocumentReader final : public Reader {
 public:
  DocumentReader(std::unique_ptr<std::istream> stream, std::string file_name, std::string_view format,
                 DocumentParse parse)
      : stream_(std::move(stream)), file_name_(std::move(file_name)), format_(format), parse_(std::move(parse)) {}

  Result<std::optional<InputRecord>> next() override;
  std::string_view format() const override { return format_; }
  std::uint64_t bytes_read() const override { return bytes_read_; }
  const std::vector<std::string>& warnings() const override { return warnings_; }

 private:
  Status read();
  Status read_lines(std::string_view text);

  std::unique_ptr<std::istream> stream_;
  const std::string file_name_;
  const std::string format_;
  const DocumentParse parse_;
  bool is_read_ = false;
  std::uint64_t bytes_read_ = 0;
  std::vector<RequestItem> items_;
  std::vector<std::string> warnings_;
  std::size_t next_ = 0;
};

Status DocumentReader::read_lines(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    Result<std::vector<RequestItem>> items = parse_(line, warnings_);
    if (!items.ok()) {
      items_.emplace_back(refused_item(items.status(), line.substr(0, Limits().event_bytes_max), format_));
      continue;
    }
    for (RequestItem& item : *items) items_.push_back(std::move(item));
  }
  return {};
}

Status DocumentReader::read() {
  std::string text;
  for (std::string part(kPartBytes, '\0'); *stream_ && text.size() <= kDocumentBytesMax;) {
    stream_->read(part.data(), static_cast<std::streamsize>(part.size()));
    text.append(part, 0, static_cast<std::size_t>(stream_->gcount()));
  }
  bytes_read_ = text.size();
  if (stream_->bad()) return Status(Code::kUnreadable, file_name_ + ": cannot be read");
  if (text.size() > kDocumentBytesMax)
    return Status(Code::kTooLarge, file_name_ + ": is over " + std::to_string(kDocumentBytesMax) +
                                       " bytes; a document of this kind is read whole: split it");
  const std::string_view document = without_utf8_mark(text);
  Result<std::vector<RequestItem>> items = parse_(document, warnings_);
  if (items.ok()) {
    items_ = std::move(*items);
    return {};
  }
  // One document a line: the first line is one by itself.
  const std::string_view first = document.substr(0, std::min(document.find('\n'), document.size()));
  std::vector<std::string> unused;
  if (first.size() < document.size() && parse_(first, unused).ok()) return read_lines(document);
  return items.status().with(file_name_);
}

Result<std::optional<InputRecord>> DocumentReader::next() {
  if (!is_read_) {
    is_read_ = true;
    MOOT_RETURN_IF_ERROR(read());
  }
  if (next_ == items_.size()) return std::optional<InputRecord>();
  InputRecord record;
  record.origin.set_file(file_name_);
  record.origin.set_row(next_ + 1);
  RequestItem& item = items_[next_++];
  if (auto* event = std::get_if<v1::Event>(&item)) {
    record.content = std::move(*event);
  } else {
    auto& refused = std::get<v1::RefusedInput>(item);
    *refused.mutable_origin() = record.origin;
    record.content = std::move(refused);
  }
  return std::optional(std::move(record));
}

}  // namespace

std::unique_ptr<Reader> open_document(std::unique_ptr<std::istream> stream, const std::string& file_name,
                                      std::string_view format, DocumentParse parse) {
  return std::make_unique<DocumentReader>(std::move(stream), file_name, format, std::move(parse));
}

}  // namespace moot
