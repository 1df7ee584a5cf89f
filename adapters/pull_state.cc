#include "adapters/pull_state.h"

#include <boost/json.hpp>

#include "adapters/json_document.h"
#include "broker/core/whole_file.h"

namespace moot {

namespace {

namespace json = boost::json;

constexpr std::int64_t kClockSlackUs = 5 * 60 * kSecondUs;

json::object identity_of(const Open311Source& source, const std::string& log_id) {
  return {{"log", log_id},
          {"url", source.url},
          {"jurisdiction_id", source.jurisdiction_id},
          {"by", source.by_requested ? "requested" : "updated"},
          {"since", to_iso(source.since)}};
}

}  // namespace

Result<PullState> read_pull_state(const std::filesystem::path& file, const Open311Source& source,
                                  const std::string& log_id, Instant now) {
  const PullState fresh{now, pull_start(source)};
  const Result<std::string> text = read_whole_file(file);
  if (!text.ok() && text.status().code() == Code::kMissing) return fresh;
  if (!text.ok()) return text.status();
  const auto damaged = [&](const std::string& why) {
    return Status(Code::kCorrupt, file.string() + ": " + why +
                                      "; nothing is pulled. Remove it, and the pull begins again at its `since`: what "
                                      "is there already is recognised");
  };
  const Result<json::value> document = parse_json_document(*text, 4);
  if (!document.ok() || !document->is_object()) return damaged("is damaged");
  const json::object* of = object_in(document->as_object(), "of");
  const std::optional<std::string> began = said(document->as_object(), "began");
  const std::optional<std::string> through = said(document->as_object(), "through");
  if (of == nullptr || !began || !through) return damaged("is damaged");
  const Result<Instant> began_at = parse_rfc3339(*began), through_at = parse_rfc3339(*through);
  if (!began_at.ok() || !through_at.ok()) return damaged("is damaged");
  if (*of != identity_of(source, log_id)) return fresh;
  if (through_at->us > now.us + kClockSlackUs)
    return damaged("has got further than this machine's clock says it is, so the clock is or was wrong");
  return PullState{*began_at, *through_at};
}

Status write_pull_state(const std::filesystem::path& file, const Open311Source& source, const std::string& log_id,
                        const PullState& state) {
  const json::object document = {
      {"of", identity_of(source, log_id)}, {"began", to_rfc3339(state.began)}, {"through", to_rfc3339(state.through)}};
  return write_whole_file(file, json::serialize(document) + "\n");
}

}  // namespace moot
