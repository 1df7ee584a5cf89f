#include "broker/core/status.h"

#include <cstdio>
#include <cstdlib>

namespace moot {

std::string_view code_name(Code code) {
  switch (code) {
    case Code::kOk:
      return "ok";
    case Code::kInvalid:
      return "invalid";
    case Code::kNotAnEvent:
      return "not-an-event";
    case Code::kTooLarge:
      return "too-large";
    case Code::kWrongAgency:
      return "wrong-agency";
    case Code::kUnknownAgency:
      return "unknown-agency";
    case Code::kUnknownKey:
      return "unknown-key";
    case Code::kNoKey:
      return "no-key";
    case Code::kNotAllowed:
      return "not-allowed";
    case Code::kConflict:
      return "conflict";
    case Code::kUnreadable:
      return "unreadable";
    case Code::kUnmapped:
      return "unmapped";
    case Code::kMissing:
      return "missing";
    case Code::kCorrupt:
      return "corrupt";
    case Code::kUnavailable:
      return "unavailable";
    case Code::kDisk:
      return "disk";
    case Code::kBadRequest:
      return "bad-request";
    case Code::kNotFound:
      return "not-found";
    case Code::kExists:
      return "exists";
    case Code::kDefinition:
      return "definition";
    case Code::kUsage:
      return "usage";
    case Code::kEntitlementChanged:
      return "entitlement-changed";
    case Code::kKeyEnded:
      return "key-ended";
    case Code::kNoSession:
      return "no-session";
    case Code::kErased:
      return "erased";
    case Code::kOnHold:
      return "on-hold";
    case Code::kQuota:
      return "quota";
  }
  return "unknown";
}

std::string Status::to_string() const {
  if (ok()) return "ok";
  return std::string(code_name(code_)) + ": " + message_;
}

Status Status::with(std::string_view context) const {
  if (ok()) return *this;
  return Status(code_, std::string(context) + ": " + message_);
}

void check_failed(const char* file, int line, const char* condition, const std::string& detail) {
  std::fprintf(stderr, "%s:%d: this must never happen: %s is false%s%s\n", file, line, condition,
               detail.empty() ? "" : ": ", detail.c_str());
  std::abort();
}

}  // namespace moot
