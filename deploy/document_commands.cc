#include <charconv>
#include <iostream>

#include "broker/core/whole_file.h"
#include "consumers/agenda/agenda.h"
#include "consumers/callers/caller_list.h"
#include "consumers/document/agenda_difference.h"
#include "consumers/document/json.h"
#include "consumers/document/phrase.h"
#include "deploy/audit_command.h"
#include "deploy/command.h"
#include "deploy/document_delivery.h"
#include "deploy/documents.h"
#include "deploy/issued_documents.h"

namespace moot {

namespace {

struct Words {
  Date on;
  std::optional<Instant> as_at;
  std::string format;
  std::string format_given;  // on the command line; empty = none
};

Result<Words> read_words(const Options& options, const DocumentRequest& request) {
  Words words;
  const Result<Date> on = parse_date(request.on);
  if (!on.ok()) return Status(Code::kUsage, "--on: " + on.status().message());
  words.on = *on;
  if (!request.as_at.empty()) {
    const Result<Instant> as_at = parse_date_or_instant(request.as_at);
    if (!as_at.ok()) return Status(Code::kUsage, "--as-at: " + as_at.status().message());
    words.as_at = *as_at;
  }
  words.format = request.format;
  if (options.json) words.format = "json";
  words.format_given = words.format;
  const std::string extension = request.output.extension().string();
  if (words.format.empty())
    words.format = extension.size() > 1 && is_document_format(extension.substr(1)) ? extension.substr(1) : "json";
  if (!is_document_format(words.format))
    return Status(Code::kUsage, "--format: this version writes html, odt, pdf, md (Markdown), csv and json");
  return words;
}

// "90d" or "90": whole days.
Result<int> read_window(const std::string& text) {
  int days = 0;
  const std::size_t length = !text.empty() && text.back() == 'd' ? text.size() - 1 : text.size();
  const auto read = std::from_chars(text.data(), text.data() + length, days);
  if (read.ec != std::errc() || read.ptr != text.data() + length || days < 1 || days > 3660)
    return Status(Code::kUsage, "--window takes 1 to 3660 whole days, as 90d");
  return days;
}

// An empty document is right where nothing was known by then, and puzzling where everything was published today.
void tell_if_empty(const Casebook& casebook, const Words& words) {
  const Instant as_at = words.as_at.value_or(casebook.default_as_at(words.on));
  if (casebook.version_count() == 0 || casebook.anything_by(as_at)) return;
  std::cerr
      << "moot: nothing in the log had been recorded by " << to_local_words(as_at)
      << ", the instant this document is as at. --as-at takes a later one; history is published with --backfill.\n";
}

// What a document is made from.
struct Made {
  const Documents& documents;
  const Reach& reach;
  const PartnershipFolder& folder;
  const Words& words;
};

// The instant it is as at, of an agenda that Moot can make again: by the partnership's own rules, for its own eyes.
Instant known_by(const Made& made, const Options& options, const DocumentRequest& request) {
  if (request.board.empty() || !request.rules.empty() || !options.as.empty() || !options.purpose.empty()) return {};
  return made.words.as_at.value_or(made.documents.casebook().default_as_at(made.words.on));
}

std::string definition_of(const v1::Agenda& agenda) {
  return "agenda/" + agenda.board() + (agenda.area().empty() ? "" : "/" + agenda.area());
}
std::string definition_of(const v1::CallerList& list) {
  return "callers/" + list.policy().substr(0, list.policy().find(' '));
}

// What changed since the document in the file, as text or JSON.
Result<std::string> since(const std::filesystem::path& file, const Words& words, const v1::Agenda& agenda) {
  if (!words.format_given.empty() && words.format_given != "json")
    return Status(Code::kUsage, "--diff: what changed is written as text, or with --json as JSON");
  const Result<std::string> text = read_whole_file(file);
  if (!text.ok()) return text.status();
  const Result<boost::json::object> before = read_document(*text, "board", "an agenda");
  if (!before.ok()) return before.status().with(file.string());
  const Result<boost::json::object> now = read_document(to_json(agenda), "board", "an agenda");
  const Result<boost::json::object> difference = agenda_difference(*before, *now);
  if (!difference.ok()) return difference.status();
  return words.format_given == "json" ? to_json(boost::json::value(*difference)) : difference_in_words(*difference);
}
Result<std::string> since(const std::filesystem::path&, const Words&, const v1::CallerList&) {
  return Status(Code::kUsage, "--diff is of agendas and reports");
}

// What both commands do around making their document. `make`: (Made) -> Result<document>.
// `what`: names the document in the audit log.
template <typename Make>
int document_command(const Options& options, const DocumentRequest& request, const std::string& what,
                     const Make& make) {
  const Result<Words> words = read_words(options, request);
  if (!words.ok()) return tell(words.status());
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return tell(folder.status());
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return tell(reach.status());
  if (!options.key.empty())
    return tell(Status(Code::kUsage, "documents are made beside the data directory: give --as AGENCY, not --key FILE"));
  Result<std::unique_ptr<Documents>> documents = Documents::open(options, *reach);
  if (!documents.ok()) return tell(documents.status());
  const Status caught_up = (*documents)->catch_up(options.timeout_ms());
  if (!caught_up.ok()) return tell(caught_up);
  tell_if_empty((*documents)->casebook(), *words);
  if (words->as_at) tell_if_to_come(*words->as_at);
  const Made made{**documents, *reach, *folder, *words};
  auto document = make(made);
  if (!document.ok()) return tell(document.status());
  Result<std::string> changed = std::string();
  if (!request.diff.empty()) changed = since(request.diff, *words, *document);
  if (!changed.ok()) return tell(changed.status());
  const Status noted =
      audit_shown(*reach, options, {"document", what, to_iso(words->on), 0, recipients_or_none(request.to)});
  if (!noted.ok()) return tell(noted);
  if (!request.diff.empty()) return tell(write_out(*changed, request.output));
  const DocumentDelivery delivery{
      definition_of(*document),        to_iso(words->on), words->format, request.issue, request.to, request.output,
      known_by(made, options, request)};
  return tell(
      deliver_document(options, *reach, *folder, delivery, [&](const Partnership& marked, const v1::IssuedCopy* copy) {
        if (copy != nullptr) *document->mutable_copy() = *copy;
        return write_document(*document, marked, words->format);
      }));
}

}  // namespace

int agenda_command(const Options& options, const DocumentRequest& request) {
  return document_command(options, request, "agenda/" + request.board, [&](const Made& from) -> Result<v1::Agenda> {
    const Board* board = from.folder.find_board(request.board);
    if (board == nullptr)
      return Status(Code::kUsage, "there is no board \"" + request.board + "\" in the configuration");
    const auto closed = from.documents.may_not_say(options, from.reach, from.folder.partnership);
    if (!closed.ok()) return closed.status();
    const Result<GivenRules> rules = rules_for(from.folder, request.rules);
    if (!rules.ok()) return rules.status();
    return make_agenda(
        from.documents.casebook(), from.folder.partnership, from.folder.callers, *board,
        {from.words.on, from.words.as_at, *closed, request.area, rules->pack(), from.folder.every_board()});
  });
}

int callers_command(const Options& options, const DocumentRequest& request) {
  CallerQuery query;
  if (!request.window.empty()) {
    const Result<int> window = read_window(request.window);
    if (!window.ok()) return tell(window.status());
    query.window_days = *window;
  }
  if (request.top > 0) query.top = static_cast<int>(request.top);
  return document_command(options, request, request.policy.empty() ? "callers" : "callers/" + request.policy,
                          [&](const Made& from) -> Result<v1::CallerList> {
                            query.on = from.words.on;
                            query.as_at = from.words.as_at;
                            query.boards = from.folder.every_board();
                            const CallerPolicy& first = from.folder.callers;
                            const CallerPolicy* policy = request.policy.empty() ? &first : first.named(request.policy);
                            if (policy == nullptr)
                              return Status(Code::kUsage, "--policy: there is no caller policy \"" + request.policy +
                                                              "\"; there are " + in_list(first.names()));
                            return make_caller_list(from.documents.casebook(), from.folder.partnership, *policy, query);
                          });
}

}  // namespace moot
