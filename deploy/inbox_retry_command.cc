#include <algorithm>
#include <boost/json.hpp>
#include <iostream>
#include <thread>

#include "adapters/given_mapping.h"
#include "adapters/refused_again.h"
#include "adapters/source_state.h"
#include "broker/client/producer.h"
#include "broker/core/event_rules.h"
#include "deploy/command.h"
#include "deploy/log_line.h"
#include "deploy/pace.h"
#include "deploy/progress.h"
#include "deploy/reach.h"
#include "deploy/stop_signal.h"
#include "deploy/undelivered.h"
#include "deploy/waiting_items.h"

namespace moot {

namespace {

// Tries items of the inbox again, each as its own agency; an item that is taken waits no more. One after the other, so
// that whoever cancels leaves each item tried or untouched; killed between, an item that was taken still waits, and is
// a duplicate when it is tried again.
class Retry {
 public:
  Retry(const Options& options, const RetryOrder& order, const PartnershipFolder& folder, const Reach& reach)
      : options_(options),
        order_(order),
        areas_(std::make_shared<const AreaTable>(folder.partnership.areas)),
        limits_(folder.limits),
        reach_(reach) {}

  Status run();
  int taken() const { return taken_; }
  int refused() const { return refused_; }
  std::size_t left() const { return left_; }  // not tried: over the limit, from stop-at on, or cancelled
  bool cancelled() const { return left_ > 0 && stop_.asked(); }

 private:
  Result<std::vector<std::string>> ids() const;
  Result<std::size_t> end_of(const std::vector<std::string>& ids) const;
  bool wait_for_turn();
  Status retry(const std::string& id);
  Result<InputRecord> read(const v1::InboxItem& item);
  Status number(const std::string& agency, v1::Event& event);
  Status publish(const v1::InboxItem& item, const v1::Event& event);
  void tell_refused(const v1::InboxItem& item, const Status& why);

  const Options& options_;
  const RetryOrder& order_;
  const std::shared_ptr<const AreaTable> areas_;
  const Limits limits_;
  const Reach& reach_;
  std::map<std::string, SourceState> states_;  // by source
  int taken_ = 0;
  int refused_ = 0;
  std::size_t left_ = 0;
  const StopSignal stop_;
  Pace pace_{order_.rate};
};

Result<std::vector<std::string>> Retry::ids() const {
  if (!order_.all) return order_.items;
  const Result<std::vector<v1::InboxItem>> waiting = waiting_items(reach_);
  if (!waiting.ok()) return waiting.status();
  std::vector<std::string> found;
  const auto fits = [](const std::string& asked, std::string_view is) { return asked.empty() || asked == is; };
  for (const v1::InboxItem& item : *waiting)
    if (fits(order_.agency, item.agency()) && fits(order_.code, code_name(static_cast<Code>(item.code()))) &&
        fits(order_.file, item.file()))
      found.push_back(item.item());
  return found;
}

Status Retry::run() {
  const Result<std::vector<std::string>> chosen = ids();
  if (!chosen.ok()) return chosen.status();
  const Result<std::size_t> end = end_of(*chosen);
  if (!end.ok()) return end.status();
  Progress progress("retry");
  left_ = chosen->size();
  for (std::size_t tried = 0; tried < *end && wait_for_turn();) {
    MOOT_RETURN_IF_ERROR(retry((*chosen)[tried++]));
    left_ = chosen->size() - tried;
    progress.show(tried, *end, static_cast<std::uint64_t>(taken_));
  }
  return {};
}

// Where the limit or stop-at ends it.
Result<std::size_t> Retry::end_of(const std::vector<std::string>& ids) const {
  std::size_t end = ids.size();
  if (order_.limit != 0) end = std::min<std::size_t>(end, order_.limit);
  if (order_.stop_at.empty()) return end;
  const auto found = std::find(ids.begin(), ids.end(), order_.stop_at);
  if (found == ids.end())
    return Status(Code::kUsage, "--stop-at: \"" + order_.stop_at + "\" is not among the items to be tried");
  return std::min(end, static_cast<std::size_t>(found - ids.begin()));
}

// False when it was cancelled meanwhile.
bool Retry::wait_for_turn() {
  constexpr std::chrono::nanoseconds kLook = std::chrono::milliseconds(50);
  for (std::chrono::nanoseconds left = pace_.left(); left.count() > 0 && !stop_.asked(); left -= kLook)
    std::this_thread::sleep_for(std::min(left, kLook));
  return !stop_.asked();
}

void Retry::tell_refused(const v1::InboxItem& item, const Status& why) {
  ++refused_;
  const std::string row = item.row() > 0 ? ", row " + std::to_string(item.row()) : "";
  warn("inbox",
       item.item() + " (" + (item.file().empty() ? "sent over the bus" : item.file()) + row + "): " + why.message());
}

Result<InputRecord> Retry::read(const v1::InboxItem& item) {
  const std::filesystem::path file = order_.mapping.empty() ? std::filesystem::path(item.mapping()) : order_.mapping;
  const Result<GivenMapping> mapping = load_given_mapping(file, areas_);
  if (!mapping.ok()) return mapping.status();
  Result<InputRecord> record = read_again(item, mapping->csv ? &*mapping->csv : nullptr, limits_);
  if (!record.ok() || !mapping->csv || !mapping->csv->by_content) return record;
  auto* event = std::get_if<v1::Event>(&record->content);
  if (event == nullptr || item.format() == "event") return record;
  const Status numbered = number(item.agency(), *event);
  return numbered.ok() ? std::move(record) : numbered;
}

// The version of its record that it is by now.
Status Retry::number(const std::string& agency, v1::Event& event) {
  const std::string source = event.envelope().source();
  auto found = states_.find(source);
  if (found == states_.end()) {
    const Result<KeyFile> key = reach_.key_of(agency);
    if (!key.ok()) return key.status();
    Result<SourceState> state = SourceState::read(source, own_events_of(*key, options_.timeout_ms()));
    if (!state.ok()) return state.status();
    found = states_.emplace(source, std::move(*state)).first;
  }
  found->second.number(event);
  return {};
}

Status Retry::retry(const std::string& id) {
  v1::Request request;
  request.mutable_inbox_show()->set_item(id);
  const Result<v1::Reply> reply = reach_.ask(request);
  if (!reply.ok()) return reply.status();
  const v1::InboxItem& item = reply->inbox_items().items(0);
  if (item.state() != v1::InboxItem::WAITING) {  // dropped, or taken by another retry, a moment ago
    warn("inbox", id + " does not wait any more");
    ++refused_;
    return {};
  }
  const Result<InputRecord> record = read(item);
  if (!record.ok()) {
    tell_refused(item, record.status());
    return {};
  }
  if (const auto* refusal = std::get_if<v1::RefusedInput>(&record->content)) {
    tell_refused(item, Status(static_cast<Code>(refusal->code()), refusal->reason()));
    return {};
  }
  return publish(item, std::get<v1::Event>(record->content));
}

Status Retry::publish(const v1::InboxItem& item, const v1::Event& event) {
  if (order_.dry_run) {
    const Status judged = validate(event, limits_);
    if (!judged.ok())
      tell_refused(item, judged);
    else
      ++taken_;
    return {};
  }
  const Result<KeyFile> key = options_.key.empty() ? reach_.key_of(item.agency()) : reach_.acting();
  if (!key.ok()) return key.status();
  ProducerOptions producer_options;
  producer_options.backfill = item.backfill();
  producer_options.of_item = item.item();
  producer_options.timeout_ms = options_.timeout_ms();
  Result<std::unique_ptr<Producer>> producer = Producer::connect(*key, producer_options);
  if (!producer.ok()) return producer.status();
  Outcome last;
  (*producer)->on_outcome([&](const Outcome& outcome) { last = outcome; });
  MOOT_RETURN_IF_ERROR((*producer)->publish(event, {}));
  MOOT_RETURN_IF_ERROR((*producer)->flush());
  if (last.fate == Fate::kRefused) {
    tell_refused(item, last.status);
    return {};
  }
  ++taken_;
  v1::Request request;
  request.mutable_inbox_change()->set_item(item.item());
  request.mutable_inbox_change()->set_resolved("tried again, and taken");
  const Status resolved = reach_.ask(request).status();
  return resolved.code() == Code::kNotAllowed ? Status() : resolved;  // another retry took it too, and was first
}

}  // namespace

namespace {

bool is_a_part(const RetryOrder& order) { return !order.agency.empty() || !order.code.empty() || !order.file.empty(); }

// Mails among the chosen items, taken off the order; with --all those that wait.
Result<std::vector<std::string>> take_mails(const Options& options, RetryOrder& order) {
  std::vector<std::string> mails;
  std::erase_if(order.items, [&](const std::string& item) {
    if (is_undelivered_item(item)) mails.push_back(item);
    return is_undelivered_item(item);
  });
  // A part of all: the limit and the place to stop are of the broker's items, in their order.
  if (!order.all || order.limit > 0 || !order.stop_at.empty() || is_a_part(order)) return mails;
  const Result<std::vector<UndeliveredItem>> waiting = undelivered_items(options);
  if (!waiting.ok()) return waiting.status();
  for (const UndeliveredItem& item : *waiting) mails.push_back(item.item());
  return mails;
}

}  // namespace

int inbox_retry_command(const Options& options, const RetryOrder& given) {
  RetryOrder order = given;
  order.all = order.all || is_a_part(order);
  if (order.items.empty() != order.all)
    return tell(Status(Code::kUsage, "name the items to try again, or --all, or --agency, --code or --file of them"));
  const Result<std::vector<std::string>> mails = take_mails(options, order);
  if (!mails.ok()) return tell(mails.status());
  const Result<Retried> sent = retry_undelivered(options, *mails, order.dry_run);
  if (!sent.ok()) return tell(sent.status());
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return tell(folder.status());
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return tell(reach.status());
  Retry retry(options, order, *folder, *reach);
  const Status status = retry.run();
  const int taken = retry.taken() + sent->taken, refused = retry.refused() + sent->refused;
  if (options.json) {
    std::cout << boost::json::serialize(boost::json::object{{order.dry_run ? "would_be_offered" : "taken", taken},
                                                            {"refused", refused},
                                                            {"left", retry.left()}})
              << "\n";
  } else {
    std::cout << taken << (order.dry_run ? " would be offered, " : " taken, ") << refused << " still refused\n";
    if (retry.left() > 0)
      std::cout << (retry.cancelled() ? "Cancelled: " : "") << retry.left() << " not tried; they wait as before\n";
  }
  if (!status.ok()) return tell(status);  // what was done before stands above
  if (retry.cancelled()) return kRefused;
  return refused == 0 ? kDone : kRefused;
}

}  // namespace moot
