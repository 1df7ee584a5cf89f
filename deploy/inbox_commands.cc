#include <boost/json.hpp>
#include <iostream>

#include "adapters/cloudevents.h"
#include "adapters/refused_again.h"
#include "broker/core/whole_file.h"
#include "deploy/command.h"
#include "deploy/possible_links.h"
#include "deploy/reach.h"
#include "deploy/unanswered.h"
#include "deploy/undelivered.h"
#include "deploy/waiting_items.h"
#include "deploy/words.h"

namespace moot {

namespace {

namespace json = boost::json;

json::object as_json(const v1::InboxItem& item) {
  return {{"item", item.item()},
          {"kind", item.kind()},
          {"since", item.since()},
          {"agency", item.agency()},
          {"code", code_name(static_cast<Code>(item.code()))},
          {"reason", item.reason()},
          {"file", item.file()},
          {"row", item.row()},
          {"column", item.column()}};
}

std::string place(const v1::InboxItem& item) {
  std::string text = item.file().empty() ? "sent over the bus" : item.file();
  if (item.row() > 0) text += ", row " + std::to_string(item.row());
  return text;
}

// The input as a person can read it: an event in the form that files have.
std::string readable(const v1::InboxItem& item, const std::string& input) {
  v1::Event event;
  if (item.format() == "event" && event.ParseFromString(input)) return cloudevent_from_event(event);
  return input;
}

std::string_view state_name(v1::InboxItem::State state) {
  switch (state) {
    case v1::InboxItem::RESOLVED:
      return "resolved";
    case v1::InboxItem::DROPPED:
      return "dropped";
    default:
      return "waiting";
  }
}

Result<v1::InboxItem> one_item(const Options& options, const v1::Request& request) {
  const Result<v1::Reply> reply = ask_broker(options, request);
  if (!reply.ok()) return reply.status();
  if (reply->inbox_items().items_size() != 1)
    return Status(Code::kBadRequest, "the broker answered with something else");
  return reply->inbox_items().items(0);
}

Result<v1::InboxItem> show(const Options& options, const std::string& item) {
  v1::Request request;
  request.mutable_inbox_show()->set_item(item);
  return one_item(options, request);
}

void print_item(const v1::InboxItem& item) {
  std::cout << place(item) << " (" << item.agency() << ", since " << in_words(item.since()) << ", "
            << state_name(item.state()) << ")\n"
            << item.reason() << " (" << code_name(static_cast<Code>(item.code())) << ")\n";
  if (!item.note().empty()) std::cout << item.note() << "\n";
  if (!item.header().empty()) std::cout << item.header() << "\n";
  std::cout << readable(item, item.input()) << "\n";
  if (!item.original_input().empty())
    std::cout << "As it was offered:\n" << readable(item, item.original_input()) << "\n";
}

// What waits and is no item of the broker's: it comes out of the records.
struct FromTheCasebook {
  std::vector<UnansweredItem> unanswered;
  std::vector<PossibleItem> possible;
  bool empty() const { return unanswered.empty() && possible.empty(); }
};

// With --as, the questions to that agency that it may read; who is who across agencies is not an agency's to see.
Result<FromTheCasebook> from_the_casebook(const Options& options) {
  FromTheCasebook waiting;
  if (!options.key.empty()) return waiting;
  const Result<std::unique_ptr<Casework>> casework = Casework::open(options);
  if (!casework.ok()) return casework.status();
  waiting.unanswered = unanswered_items(**casework, options.as);
  if (options.as.empty()) waiting.possible = possible_items(**casework);
  return waiting;
}

}  // namespace

int inbox_list_command(const Options& options) {
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return tell(folder.status());
  const Result<Reach> reach = Reach::open(options, *folder);
  if (!reach.ok()) return tell(reach.status());
  const Result<std::vector<v1::InboxItem>> waiting = waiting_items(*reach);
  if (!waiting.ok()) return tell(waiting.status());
  const Result<FromTheCasebook> casebook = from_the_casebook(options);
  if (!casebook.ok()) return tell(casebook.status());
  const Result<std::vector<UndeliveredItem>> undelivered = undelivered_items(options);
  if (!undelivered.ok()) return tell(undelivered.status());
  json::array items;
  for (const v1::InboxItem& item : *waiting) {
    if (options.json) {
      items.push_back(as_json(item));
    } else {
      std::cout << item.item() << "  " << item.agency() << "  " << place(item) << ": " << item.reason() << " ("
                << code_name(static_cast<Code>(item.code())) << ", since " << in_words(item.since()) << ")\n";
    }
  }
  const auto print = [&](const auto& item) {
    if (options.json)
      items.push_back(as_json(item));
    else
      std::cout << in_words(item) << "\n";
  };
  for (const UndeliveredItem& item : *undelivered) print(item);
  for (const UnansweredItem& item : casebook->unanswered) print(item);
  for (const PossibleItem& item : casebook->possible) print(item);
  if (options.json) {
    std::cout << json::serialize(json::object{{"items", std::move(items)}}) << "\n";
  } else if (waiting->empty() && casebook->empty() && undelivered->empty()) {
    std::cout << "Nothing waits.\n";
  }
  return kDone;
}

int inbox_show_command(const Options& options, const std::string& id) {
  if (is_possible_item(id)) return show_possible_item(options, id);
  if (is_undelivered_item(id)) return show_undelivered_item(options, id);
  if (is_unanswered_item(id)) return show_unanswered_item(options, id);
  const Result<v1::InboxItem> item = show(options, id);
  if (!item.ok()) return tell(item.status());
  if (!options.json) {
    print_item(*item);
    return kDone;
  }
  json::object shown = as_json(*item);
  shown["state"] = state_name(item->state());
  shown["note"] = item->note();
  shown["header"] = item->header();
  shown["input"] = readable(*item, item->input());
  std::cout << json::serialize(shown) << "\n";
  return kDone;
}

int inbox_mend_command(const Options& options, const std::string& id, const std::filesystem::path& input) {
  if (is_undelivered_item(id))
    return tell(Status(Code::kUsage, "a mail is mended in the partnership's mailings: the address, the server"));
  const Result<std::string> text = read_whole_file(input);
  if (!text.ok()) return tell(Status(Code::kUsage, text.status().message()));
  const Result<v1::InboxItem> before = show(options, id);
  if (!before.ok()) return tell(before.status());
  v1::Request request;
  request.mutable_inbox_change()->set_item(id);
  const std::string record = mended_record(*before, *text);
  if (record.empty()) return tell(Status(Code::kUsage, input.string() + ": is empty; nothing is mended"));
  if (record.size() > Limits().csv_record_bytes_max)
    return tell(Status(Code::kTooLarge, input.string() + ": is over " + std::to_string(Limits().csv_record_bytes_max) +
                                            " bytes; one record was expected"));
  if (!is_read_again(before->format()))
    return tell(Status(Code::kUsage, id + ": what was read of such a document cannot be tried again by itself; mend it "
                                          "where it came from and send it again, and drop this one"));
  v1::Mended& mended = *request.mutable_inbox_change()->mutable_mended();
  mended.set_input(record);
  // A refused event is mended in the form it is shown in.
  mended.set_format(before->format() == "event" ? "cloudevents" : before->format());
  const Result<v1::InboxItem> item = one_item(options, request);
  if (!item.ok()) return tell(item.status());
  std::cout << "Mended: " << place(*item) << ". Try it again with: moot inbox retry " << id << "\n";
  return kDone;
}

int inbox_drop_command(const Options& options, const std::string& id, const std::string& reason) {
  if (is_possible_item(id))
    return tell(Status(Code::kUsage, "decide a possible link: moot person link, or moot person unlink"));
  if (is_unanswered_item(id))
    return tell(Status(Code::kUsage, "a question goes when it is answered (moot meeting answer), or with its meeting"));
  if (is_undelivered_item(id)) {
    const Status dropped = drop_undelivered(options, id, reason);
    if (dropped.ok()) std::cout << "Dropped: " << id << ". It stays on record, with the reason.\n";
    return tell(dropped);
  }
  v1::Request request;
  request.mutable_inbox_change()->set_item(id);
  request.mutable_inbox_change()->set_dropped(reason);
  const Result<v1::InboxItem> item = one_item(options, request);
  if (!item.ok()) return tell(item.status());
  std::cout << "Dropped: " << place(*item) << ". It stays on record, with the reason.\n";
  return kDone;
}

}  // namespace moot
