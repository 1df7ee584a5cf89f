#include "adapters/open311_pull.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <thread>

#include "adapters/open311.h"
#include "broker/core/whole_file.h"

namespace moot {

namespace {

constexpr int kPagesMax = 1000;
constexpr int kReadingsMax = 5;                      // of a window of several pages
constexpr int kHalvingsForSizeMax = 5;               // an answer that is too large even so is no answer
constexpr std::size_t kRoundNumber = 10;             // servers' own limits are multiples of it
constexpr std::int64_t kOffWindowUs = 26 * kHourUs;  // more than any mistake about the time zone
constexpr std::chrono::milliseconds kBetweenTries{2000};
constexpr std::chrono::milliseconds kStep{100};

Status stopped() { return Status(Code::kUnavailable, "stopped when asked to; it goes on at the next start"); }

bool is_request(const RequestItem& item) {
  const auto* event = std::get_if<v1::Event>(&item);
  return event == nullptr || event->facts().has_incident();
}

// What makes it the same as another.
std::string key_of(const RequestItem& item) {
  const auto* event = std::get_if<v1::Event>(&item);
  return event != nullptr ? event->envelope().id() : "refused " + std::get<v1::RefusedInput>(item).input();
}

// A list of errors, or of anything else, is read as requests of which each lacks its id.
bool is_something_else(const std::vector<RequestItem>& items) {
  return !items.empty() && std::none_of(items.begin(), items.end(), [](const RequestItem& item) {
    const auto* refused = std::get_if<v1::RefusedInput>(&item);
    return refused == nullptr || refused->input().find("service_request_id") != std::string::npos;
  });
}

// Most of them are of another time than was asked for. What does not say when it changed says nothing of that.
bool is_off_window(const std::vector<RequestItem>& items, const PullWindow& window, bool by_requested) {
  std::size_t off = 0, all = 0;
  for (const RequestItem& item : items) {
    const auto* event = std::get_if<v1::Event>(&item);
    if (event == nullptr || !event->facts().has_incident()) continue;
    const v1::Envelope& envelope = event->envelope();
    const Instant requested = from_proto(envelope.time()), updated = from_proto(envelope.known_time());
    if (!by_requested && updated == requested) continue;
    const Instant at = by_requested ? requested : updated;
    ++all;
    off += at.us < window.from.us - kOffWindowUs || at.us > window.to.us + kOffWindowUs ? 1 : 0;
  }
  return off * 2 > all;
}

bool is_header_text(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

Open311Pull::Open311Pull(Open311PullOptions options)
    : options_(std::move(options)), origin_("pull " + options_.source.agency + " open311"), web_(options_.stop) {}

Open311Pull::~Open311Pull() {
  if (lock_ >= 0) ::close(lock_);
}

Status Open311Pull::take_lock() {
  if (lock_ >= 0) return {};
  MOOT_RETURN_IF_ERROR(make_folder(options_.state_file.parent_path()));
  const std::filesystem::path file = options_.state_file.string() + ".lock";
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return Status(Code::kDisk, file.string() + ": " + std::strerror(errno));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return Status(Code::kExists, "another process pulls for this agency");
  }
  lock_ = fd;
  return settle_folder(options_.state_file.parent_path());
}

FileTotals Open311Pull::run() {
  FileTotals totals;
  totals.file = origin_;
  totals.status = pull(totals);
  producer_.reset();  // not kept until the next pull, which is long for a session
  return totals;
}

Status Open311Pull::pull(FileTotals& totals) {
  MOOT_RETURN_IF_ERROR(take_lock());
  const Instant now = SystemClock().now();
  const Open311Source& source = options_.source;
  Result<PullState> state = read_pull_state(options_.state_file, source, options_.log_id, now);
  if (!state.ok()) return state.status();
  Instant from = pull_from(source, state->through, now);
  if (source.backfill && state->through < state->began) {
    // When the first pull began is kept before anything is published: what is history stays history after a kill.
    MOOT_RETURN_IF_ERROR(write_pull_state(options_.state_file, source, options_.log_id, *state));
    MOOT_RETURN_IF_ERROR(pull_stretch({from, state->began}, true, *state, totals));
    from = {state->began.us - kSecondUs};
  }
  return pull_stretch({from, now}, false, *state, totals);
}

Status Open311Pull::pull_stretch(PullWindow stretch, bool backfill, PullState& state, FileTotals& totals) {
  PullWindows windows(stretch.from, stretch.to, options_.source.window_days);
  int halvings_for_size = 0;
  while (!windows.done()) {
    if (options_.stop()) return stopped();
    const PullWindow window = windows.window();
    const Result<Fetched> fetched = fetch(window);
    const bool too_large = !fetched.ok() && fetched.status().code() == Code::kTooLarge;
    if (too_large && ++halvings_for_size <= kHalvingsForSizeMax && windows.halve()) continue;
    if (!fetched.ok()) return fetched.status().with(options_.source.url);
    if (fetched->cut && windows.halve()) continue;
    if (fetched->cut)
      totals.notes.push_back(options_.source.url + ": gives " + std::to_string(fetched->items.size()) +
                             " requests of " + to_rfc3339(window.from) + " to " + to_rfc3339(window.to) +
                             ", and no more at a time; there may be some that it did not give");
    halvings_for_size = 0;
    MOOT_RETURN_IF_ERROR(publish(fetched->items, backfill, totals));
    state.through = std::max(state.through, window.to);
    MOOT_RETURN_IF_ERROR(write_pull_state(options_.state_file, options_.source, options_.log_id, state));
    windows.taken();
    const auto seconds = [](Instant a, Instant b) { return static_cast<std::uint64_t>((b.us - a.us) / kSecondUs); };
    if (options_.on_progress)
      options_.on_progress(seconds(stretch.from, window.to), seconds(stretch.from, stretch.to), totals.read);
  }
  return {};
}

Status Open311Pull::add_api_key(WebRequest& request) const {
  const std::filesystem::path& file = options_.source.api_key_file;
  if (file.empty()) return {};
  Result<std::string> key = read_whole_file(file);
  if (!key.ok()) return key.status();
  while (key->ends_with('\n') || key->ends_with('\r')) key->pop_back();
  if (!is_header_text(*key))
    return Status(Code::kUnreadable, file.string() + ": expected a key on one line, of plain characters");
  request.headers.push_back(options_.source.api_key_header + ": " + *key);
  return {};
}

Result<Open311Pull::Page> Open311Pull::fetch_page(const PullWindow& window, int page, Fetched& fetched) {
  const Open311Source& source = options_.source;
  WebRequest request;
  request.url = open311_address(source, window, page);
  request.headers = {source.json ? "Accept: application/json" : "Accept: text/xml, application/xml"};
  request.certificates = source.certificates;
  request.timeout = std::chrono::seconds(source.timeout_seconds);
  MOOT_RETURN_IF_ERROR(add_api_key(request));
  const Result<std::string> body = web_.get(request);
  if (!body.ok()) return body.status();
  fetched.bytes += body->size();
  if (fetched.bytes > kPullBytesMax) return Status(Code::kTooLarge, "it gives more at a time than is taken");
  Result<std::vector<RequestItem>> items = read_open311(*body, publisher_, Limits());
  if (!items.ok()) return items.status().with("its answer is not service requests");
  if (is_something_else(*items))
    return Status(Code::kUnreadable, "its answer is not service requests: nothing in it has a service_request_id");
  if (is_off_window(*items, window, source.by_requested))
    return Status(Code::kUnreadable, source.by_requested
                                         ? "it answers with requests of other times: it does not keep to start_date "
                                           "and end_date"
                                         : "it answers with requests of other times: it does not know updated_after "
                                           "and updated_before; by = \"requested\" may do");
  Page read;
  for (RequestItem& item : *items) {
    read.requests += is_request(item) ? 1 : 0;
    if (!fetched.seen.insert(key_of(item)).second) continue;
    ++read.fresh;
    fetched.items.push_back(std::move(item));
  }
  return read;
}

Result<int> Open311Pull::fetch_pages(const PullWindow& window, int known, Fetched& fetched) {
  std::size_t first = 0;
  for (int page = 1; page <= kPagesMax; ++page) {
    if (options_.stop()) return stopped();
    const Result<Page> read = fetch_page(window, page, fetched);
    if (!read.ok()) return read.status();
    if (page == 1) first = read->requests;
    const bool pages_unknown = options_.source.page_size == 0 || (page == 2 && read->requests > 0 && read->fresh == 0);
    if (known == 0 && pages_unknown) fetched.cut = first > 0 && first % kRoundNumber == 0;
    if (options_.source.page_size == 0) return 1;
    if (read->requests == 0 || (read->fresh == 0 && page > known)) return page - 1;
  }
  return Status(Code::kTooLarge, "its pages do not come to an end");
}

Result<Open311Pull::Fetched> Open311Pull::fetch(const PullWindow& window) {
  const Result<KeyFile> key = options_.key();
  if (!key.ok()) return key.status();
  publisher_ = publisher_of(*key);
  Fetched fetched;
  Result<int> pages = fetch_pages(window, 0, fetched);
  for (int reading = 2; pages.ok() && *pages > 1; ++reading) {
    if (reading > kReadingsMax)
      return Status(Code::kUnavailable, "its requests change faster than they can be read page by page");
    const std::size_t before = fetched.seen.size();
    fetched.bytes = 0;
    pages = fetch_pages(window, *pages, fetched);
    if (pages.ok() && fetched.seen.size() == before) break;
  }
  if (!pages.ok()) return pages.status();
  return fetched;
}

Status Open311Pull::publish(const std::vector<RequestItem>& items, bool backfill, FileTotals& totals) {
  std::size_t answered = 0;
  while (answered < items.size()) {
    const Status given = give(items, backfill, answered, totals);
    if (given.ok()) continue;
    producer_.reset();
    if (given.code() != Code::kUnavailable || !options_.wait_for_broker || options_.stop()) return given;
    options_.log(origin_ + " waits: " + given.message());
    for (std::chrono::milliseconds slept{0}; slept < kBetweenTries && !options_.stop(); slept += kStep)
      std::this_thread::sleep_for(kStep);
  }
  return {};
}

// One session for all windows: a broker takes only so many of an agency.
Status Open311Pull::connect(bool backfill) {
  if (producer_ && backfills_ == backfill) return {};
  const Result<KeyFile> key = options_.key();
  if (!key.ok()) return key.status();
  ProducerOptions producer_options;
  producer_options.backfill = backfills_ = backfill;
  producer_options.timeout_ms = options_.patience.count();
  Result<std::unique_ptr<Producer>> producer = Producer::connect(*key, producer_options);
  if (!producer.ok()) return producer.status();
  producer_ = std::move(*producer);
  return {};
}

// From the first that is not answered yet. They are answered in their order.
Status Open311Pull::give(const std::vector<RequestItem>& items, bool backfill, std::size_t& answered,
                         FileTotals& totals) {
  MOOT_RETURN_IF_ERROR(connect(backfill));
  producer_->on_outcome([&](const Outcome& outcome) {
    ++answered;
    ++totals.read;
    totals.count(outcome);
  });
  v1::Origin origin;
  origin.set_file(origin_);  // and no row: refused again at the next pull, it is one item of the inbox still
  for (std::size_t next = answered; next < items.size(); ++next) {
    if (options_.stop()) return stopped();
    if (const auto* event = std::get_if<v1::Event>(&items[next])) {
      MOOT_RETURN_IF_ERROR(producer_->publish(*event, origin));
      continue;
    }
    v1::RefusedInput refused = std::get<v1::RefusedInput>(items[next]);
    *refused.mutable_origin() = origin;
    MOOT_RETURN_IF_ERROR(producer_->refuse(refused));
  }
  const Status flushed = producer_->flush();
  producer_->on_outcome([](const Outcome&) {});  // what was set must not outlive this window
  return flushed;
}

}  // namespace moot
