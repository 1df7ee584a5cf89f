#include "adapters/gateway_reply.h"

#include <boost/json.hpp>
#include <optional>

namespace moot {

namespace {

namespace json = boost::json;

std::string_view fate_name(Fate fate) {
  switch (fate) {
    case Fate::kAccepted:
      return "accepted";
    case Fate::kDuplicate:
      return "duplicate";
    case Fate::kSuperseding:
      return "superseding";
    case Fate::kRefused:
      return "refused";
    case Fate::kKept:
      return "kept";
  }
  return "";
}

unsigned status_of_item(const Outcome& outcome, bool trial) {
  if (outcome.fate == Fate::kRefused) return http_status(outcome.status.code());
  if (outcome.fate == Fate::kKept) return 202;
  return outcome.fate == Fate::kDuplicate || trial ? 200 : 201;
}

json::object result_of(const ItemAnswer& item, bool trial) {
  const unsigned status = status_of_item(item.outcome, trial);
  json::object result = {{"status", status}, {"outcome", fate_name(item.outcome.fate)}};
  if (!item.source.empty()) result["source"] = item.source;
  if (!item.id.empty()) result["id"] = item.id;
  if (item.outcome.fate == Fate::kRefused)
    result["problem"] = problem_members(status, item.outcome.status);
  else if (!trial && item.outcome.fate != Fate::kKept)
    result["offset"] = std::to_string(item.outcome.offset.value);
  return result;
}

struct Sum {
  json::object members;
  Counts counts;
  std::optional<unsigned> refusal;  // the status that all refusals share; 422 when they do not
  Status first;                     // why the first was refused
};

Sum sum_up(const std::vector<ItemAnswer>& items, bool trial) {
  Sum sum;
  std::uint64_t by_fate[5] = {};
  std::optional<Offset> first, last;
  json::array results;
  for (const ItemAnswer& item : items) {
    ++by_fate[static_cast<std::size_t>(item.outcome.fate)];
    if (item.outcome.fate == Fate::kRefused) {
      const unsigned status = http_status(item.outcome.status.code());
      if (!sum.refusal) sum.first = item.outcome.status;
      sum.refusal = !sum.refusal || *sum.refusal == status ? status : 422;
    } else if (item.outcome.fate != Fate::kDuplicate && item.outcome.fate != Fate::kKept) {
      if (!first) first = item.outcome.offset;
      last = item.outcome.offset;
    }
    results.push_back(result_of(item, trial));
  }
  const auto count = [&](Fate fate) { return by_fate[static_cast<std::size_t>(fate)]; };
  sum.members = {{"read", items.size()},
                 {"accepted", count(Fate::kAccepted)},
                 {"duplicate", count(Fate::kDuplicate)},
                 {"superseding", count(Fate::kSuperseding)},
                 {"refused", count(Fate::kRefused)}};
  sum.members["first_offset"] = first && !trial ? json::value(std::to_string(first->value)) : json::value(nullptr);
  sum.members["last_offset"] = last && !trial ? json::value(std::to_string(last->value)) : json::value(nullptr);
  if (trial) sum.members["trial"] = true;
  if (count(Fate::kKept) > 0) sum.members["kept"] = count(Fate::kKept);
  sum.members["results"] = std::move(results);
  sum.counts = {count(Fate::kAccepted) + count(Fate::kSuperseding), count(Fate::kRefused), items.size(),
                count(Fate::kKept)};
  return sum;
}

}  // namespace

unsigned http_status(Code code) {
  switch (code) {
    case Code::kUnreadable:
    case Code::kNotAnEvent:
    case Code::kBadRequest:
    case Code::kUsage:
      return 400;
    case Code::kWrongAgency:
    case Code::kUnknownAgency:
    case Code::kUnknownKey:
    case Code::kKeyEnded:
    case Code::kNoKey:
    case Code::kNotAllowed:
      return 403;
    case Code::kNotFound:
      return 404;
    case Code::kConflict:
    case Code::kExists:
      return 409;
    case Code::kTooLarge:
      return 413;
    case Code::kInvalid:
    case Code::kUnmapped:
    case Code::kMissing:
      return 422;
    case Code::kQuota:
      return 429;
    case Code::kUnavailable:
    case Code::kDisk:
    case Code::kCorrupt:
    case Code::kNoSession:
      return 503;
    default:  // nothing that a sender could have caused
      return 500;
  }
}

json::object problem_members(unsigned status, const Status& why) {
  return {{"type", "urn:moot:problem:" + std::string(code_name(why.code()))},
          {"title", reason_of(status)},
          {"status", status},
          {"detail", why.message()},
          {"code", code_name(why.code())}};
}

HttpResponse problem_response(unsigned status, const Status& why) {
  HttpResponse response{status, "application/problem+json", json::serialize(problem_members(status, why)) + "\n"};
  if (status == 503) response.fields.emplace_back("Retry-After", "5");
  if (why.code() == Code::kQuota) response.fields.emplace_back("Retry-After", "3600");  // it ends at midnight
  if (status == 401) response.fields.emplace_back("WWW-Authenticate", "Bearer realm=\"moot\"");
  return response;
}

HttpResponse problem_response(const Status& why) { return problem_response(http_status(why.code()), why); }

HttpResponse busy_response(std::string_view why) {
  HttpResponse response = problem_response(429, Status(Code::kUnavailable, std::string(why)));
  response.fields.emplace_back("Retry-After", "1");
  return response;
}

unsigned status_by_counts(const Counts& counts, bool trial) {
  if (counts.refused > 0) return counts.refused == counts.read ? 0 : 207;
  if (counts.kept > 0) return 202;
  return counts.taken > 0 && !trial ? 201 : 200;
}

HttpResponse items_response(const std::vector<ItemAnswer>& items, bool trial, const std::vector<std::string>& notes) {
  Sum sum = sum_up(items, trial);
  if (!notes.empty()) sum.members["notes"] = json::array(notes.begin(), notes.end());
  const unsigned status = status_by_counts(sum.counts, trial);
  if (status != 0) return {status, "application/json", json::serialize(sum.members) + "\n"};
  HttpResponse refused = problem_response(*sum.refusal, sum.first);
  json::object members = problem_members(*sum.refusal, sum.first);
  if (items.size() > 1)
    members["detail"] = "all " + std::to_string(items.size()) + " were refused; each result says why";
  for (json::key_value_pair& member : sum.members) members[member.key()] = std::move(member.value());
  refused.body = json::serialize(members) + "\n";
  return refused;
}

}  // namespace moot
