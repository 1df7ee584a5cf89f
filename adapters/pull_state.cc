#include "adapters/pull_state.h"

#include <algorithm>
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

// What a file says.
struct Told {
  json::object of;
  PullState state;
};

Result<Told> told_by(const std::string& text) {
  const Status damaged(Code::kCorrupt, "is damaged");
  const Result<json::value> document = parse_json_document(text, 4);
  if (!document.ok() || !document->is_object()) return damaged;
  const json::object* of = object_in(document->as_object(), "of");
  const std::optional<std::string> began = said(document->as_object(), "began");
  const std::optional<std::string> through = said(document->as_object(), "through");
  if (of == nullptr || !began || !through) return damaged;
  const Result<Instant> began_at = parse_rfc3339(*began), through_at = parse_rfc3339(*through);
  if (!began_at.ok() || !through_at.ok()) return damaged;
  return Told{*of, {*began_at, *through_at}};
}

}  // namespace

Result<PullState> read_pull_state(const std::filesystem::path& file, const Open311Source& source,
                                  const std::string& log_id, Instant now) {
  const PullState fresh{now, pull_start(source)};
  const Result<std::string> text = read_whole_file(file);
  if (!text.ok() && text.status().code() == Code::kMissing) return fresh;
  if (!text.ok()) return text.status();
  const Result<Told> told = told_by(*text);
  const auto damaged = [&](const std::string& why) {
    return Status(Code::kCorrupt, file.string() + ": " + why +
                                      "; nothing is pulled. Remove it, and the pull begins again at its `since`: what "
                                      "is there already is recognised");
  };
  if (!told.ok()) return damaged(told.status().message());
  if (told->of != identity_of(source, log_id)) return fresh;
  if (told->state.through.us > now.us + kClockSlackUs)
    return damaged("has got further than this machine's clock says it is, so the clock is or was wrong");
  return told->state;
}

Status write_pull_state(const std::filesystem::path& file, const Open311Source& source, const std::string& log_id,
                        const PullState& state) {
  const json::object document = {
      {"of", identity_of(source, log_id)}, {"began", to_rfc3339(state.began)}, {"through", to_rfc3339(state.through)}};
  return write_whole_file(file, json::serialize(document) + "\n");
}

std::vector<std::pair<std::string, Result<Instant>>> pulled_through(const std::filesystem::path& folder) {
  std::vector<std::pair<std::string, Result<Instant>>> pulls;
  std::error_code none;  // nothing was ever pulled
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    if (entry.path().extension() != ".json") continue;
    const Result<std::string> text = read_whole_file(entry.path());
    const Result<Told> told = text.ok() ? told_by(*text) : Result<Told>(text.status());
    Result<Instant> through =
        told.ok() ? Result<Instant>(told->state.through) : Result<Instant>(told.status().with(entry.path().string()));
    pulls.emplace_back(entry.path().stem().string(), std::move(through));
  }
  std::sort(pulls.begin(), pulls.end(), [](const auto& one, const auto& other) { return one.first < other.first; });
  return pulls;
}

}  // namespace moot
