#include "deploy/waiting_input.h"

#include <boost/json.hpp>

#include "adapters/pull_state.h"
#include "broker/core/calendar.h"
#include "broker/data_folder.h"
#include "consumers/document/phrase.h"

namespace moot {

namespace {

namespace json = boost::json;

json::object row_of(const SpoolSeen& one) {
  json::object row = {{"agency", one.agency.value()}};
  if (one.figures.ok()) {
    row["events"] = one.figures->events;
    row["bytes"] = one.figures->bytes;
    row["oldest"] = to_rfc3339(one.figures->oldest);
  } else {
    row["problem"] = one.figures.status().message();
  }
  return row;
}

json::object row_of(const WaitingInput::Folder& one) {
  json::object row = {{"agency", one.agency}, {"folder", one.folder.string()}};
  if (one.files.ok()) {
    row["files"] = one.files->count;
    row["oldest"] = one.files->count == 0 ? json::value(nullptr) : json::value(to_rfc3339(one.files->oldest));
  } else {
    row["problem"] = one.files.status().message();
  }
  return row;
}

json::object row_of(const std::pair<std::string, Result<Instant>>& one) {
  const auto& [agency, through] = one;
  if (through.ok()) return {{"agency", agency}, {"through", to_rfc3339(*through)}};
  return {{"agency", agency}, {"problem", through.status().message()}};
}

template <typename Rows>
json::array rows_of(const Rows& rows) {
  json::array out;
  for (const auto& row : rows) out.push_back(row_of(row));
  return out;
}

}  // namespace

WaitingInput look_at_waiting(const Options& options, const PartnershipFolder& folder) {
  WaitingInput waiting;
  waiting.spools = look_at_spools(options.data);
  for (const WatchedFolder& one : folder.watched)
    waiting.folders.push_back({one.agency, one.folder, waiting_files(one.folder)});
  waiting.pulls = pulled_through(DataFolder::pulls(options.data));
  return waiting;
}

json::object waiting_json(const WaitingInput& waiting) {
  return {{"spool", rows_of(waiting.spools)}, {"folders", rows_of(waiting.folders)}, {"pulls", rows_of(waiting.pulls)}};
}

std::string waiting_words(const WaitingInput& waiting) {
  std::string words;
  for (const SpoolSeen& one : waiting.spools) {
    if (one.figures.ok())
      words += one.agency.value() + ": " + counted(one.figures->events, "event") +
               " kept at the gateway, the oldest since " + to_local_words(one.figures->oldest) + "\n";
    else
      words +=
          one.agency.value() + ": what waits at the gateway cannot be read: " + one.figures.status().message() + "\n";
  }
  for (const WaitingInput::Folder& one : waiting.folders) {
    if (!one.files.ok())
      words += one.agency + ": " + one.files.status().message() + "\n";
    else if (one.files->count > 0)
      words += one.agency + ": " + counted(one.files->count, "file") + " waiting in " + one.folder.string() +
               ", the oldest since " + to_local_words(one.files->oldest) + "\n";
  }
  for (const auto& [agency, through] : waiting.pulls) {
    if (through.ok())
      words += agency + ": pulled through " + to_local_words(*through) + "\n";
    else
      words += agency + ": how far it was pulled cannot be read: " + through.status().message() + "\n";
  }
  return words;
}

}  // namespace moot
