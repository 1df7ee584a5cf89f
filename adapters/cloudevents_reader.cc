#include "adapters/cloudevents_reader.h"

#include "adapters/cloudevents.h"
#include "adapters/json_record_scanner.h"

namespace moot {

namespace {

class CloudEventsReader final : public Reader {
 public:
  CloudEventsReader(std::unique_ptr<std::istream> stream, std::string file_name, const Limits& limits)
      : file_name_(std::move(file_name)),
        limits_(limits),
        source_(std::move(stream)),
        scanner_(source_, limits.message_bytes_max) {}

  Result<std::optional<InputRecord>> next() override;
  std::string_view format() const override { return "cloudevents"; }
  std::uint64_t bytes_read() const override { return source_.bytes_read(); }

 private:
  Result<v1::Event> read(const RawJson& raw) const;

  const std::string file_name_;
  const Limits limits_;
  ByteSource source_;
  JsonRecordScanner scanner_;
};

Result<v1::Event> CloudEventsReader::read(const RawJson& raw) const {
  if (raw.too_large)
    return Status(Code::kTooLarge, "the event is over " + std::to_string(limits_.message_bytes_max) + " bytes");
  if (raw.unfinished)
    return Status(Code::kUnreadable, "the file ends in the middle of its list or of this event; it seems cut off");
  return event_from_cloudevent(raw.bytes);
}

Result<std::optional<InputRecord>> CloudEventsReader::next() {
  const std::optional<RawJson> raw = scanner_.next();
  if (source_.failed()) return Status(Code::kUnreadable, file_name_ + ": cannot be read any further");
  if (!raw) return std::optional<InputRecord>();
  v1::Origin origin;
  origin.set_file(file_name_);
  origin.set_row(raw->row);
  Result<v1::Event> event = read(*raw);
  if (event.ok()) return std::optional(InputRecord{std::move(origin), std::move(*event)});
  Refusal refusal{"", event.status().code(), event.status().message()};
  return std::optional(refused_record(origin, std::move(refusal), raw->bytes, limits_));
}

}  // namespace

std::unique_ptr<Reader> open_cloudevents(std::unique_ptr<std::istream> stream, const std::string& file_name,
                                         const Limits& limits) {
  return std::make_unique<CloudEventsReader>(std::move(stream), file_name, limits);
}

}  // namespace moot
