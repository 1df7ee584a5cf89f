#include "tests/end_to_end/demonstration_months.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "consumers/agenda/agenda.h"
#include "consumers/callers/caller_list.h"
#include "deploy/documents.h"
#include "deploy/reach.h"

namespace moot {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

const fs::path kDemonstration = fs::path(MOOT_SOURCE_DIR) / "deploy/south-and-vale";
constexpr const char* kBoard = "jtm";
constexpr const char* kFormats[] = {"html", "md", "json"};

std::vector<std::string> meetings_in_the_minutes() {
  std::vector<std::string> meetings;
  for (const std::string& line : lines_of_text(read_text(kDemonstration / "community-safety/jtm.jsonl"))) {
    const json::object event = json_of(line);
    if (event.at("type").as_string() != "uk.csp.meeting.held.v1") continue;
    const json::object& meeting = event.at("data").at("facts").at("meeting").as_object();
    if (meeting.at("board").as_string() == kBoard) meetings.emplace_back(meeting.at("on").as_string().c_str());
  }
  std::sort(meetings.begin(), meetings.end());
  return meetings;
}

std::string orders_of(const std::vector<std::string>& meetings) {
  std::string text;
  for (const std::string& on : meetings) {
    text += "[[document]]\nname = \"agenda-" + on + "\"\nkind = \"agenda\"\nboard = \"" + kBoard + "\"\non = " + on +
            "\n\n";
    text += "[[document]]\nname = \"callers-" + on + "\"\nkind = \"callers\"\non = " + on + "\n\n";
  }
  return text;
}

template <typename T>
T must(Result<T> result) {
  MOOT_CHECK_OK(result.status());
  return std::move(*result);
}

}  // namespace

DemonstrationMonths::DemonstrationMonths(fs::path folder)
    : folder_(std::move(folder)), meetings_(meetings_in_the_minutes()) {
  fs::create_directories(folder_);
  for (const auto& entry : fs::directory_iterator(kDemonstration))
    if (entry.path().filename() != config().filename())
      fs::create_symlink(entry.path(), folder_ / entry.path().filename());
  const std::string text = read_text(kDemonstration / config().filename());
  write_text(config(), text.substr(0, text.find("[[document]]")) + orders_of(meetings_));
  partnership_ = must(load_partnership_folder(config()));
}

std::vector<Words> DemonstrationMonths::publications() const {
  std::vector<Words> all;
  for (const Feed& feed : partnership_.feeds) {
    for (const fs::path& file : must(files_of(feed))) {
      Words words = {"publish", file.string(), "--as", feed.agency, "--format", feed.format};
      if (!feed.mapping.empty()) words.insert(words.end(), {"--mapping", feed.mapping.string()});
      if (feed.backfill) words.emplace_back("--backfill");
      all.push_back(std::move(words));
    }
  }
  return all;
}

FileTexts DemonstrationMonths::documents(const Installation& here) const {
  Options options;
  options.config = config();
  options.data = here.data();
  options.keys = here.keys();
  const Result<Reach> reach = Reach::open(options, partnership_);
  MOOT_CHECK_OK(reach.status());
  const Result<std::unique_ptr<Documents>> opened = Documents::open(options, *reach);
  MOOT_CHECK_OK(opened.status());
  MOOT_CHECK_OK((*opened)->catch_up(options.timeout_ms()));
  const Casebook& casebook = (*opened)->casebook();
  FileTexts texts;
  const auto write = [&](const std::string& name, const google::protobuf::Message& document) {
    for (const char* format : kFormats)
      texts[name + "." + format] = must(write_document(document, partnership_.partnership, format));
  };
  for (const std::string& day : meetings_) {
    const Date on = must(parse_date(day));
    write("agenda-" + day,
          must(make_agenda(casebook, partnership_.partnership, partnership_.callers, *partnership_.find_board(kBoard),
                           AgendaQuery{on, {}, {}, "", partnership_.rules_in_force(), partnership_.every_board()})));
    write("callers-" + day, must(make_caller_list(casebook, partnership_.partnership, partnership_.callers,
                                                  CallerQuery{on, {}, {}, {}, partnership_.every_board()})));
  }
  return texts;
}

Words DemonstrationMonths::command_of(const std::string& document) {
  const std::size_t dash = document.find('-'), dot = document.find('.');
  const std::string kind = document.substr(0, dash), on = document.substr(dash + 1, dot - dash - 1);
  Words words = {kind};
  if (kind == "agenda") words.emplace_back(kBoard);
  words.insert(words.end(), {"--on", on, "--format", document.substr(dot + 1)});
  return words;
}

}  // namespace moot
