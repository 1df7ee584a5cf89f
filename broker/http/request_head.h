// The head of a request, judged: what could be read in two ways by two programs is refused, so that no request can hide
// in another. Thread: pure function, usable anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "broker/core/status.h"
#include "broker/http/http_message.h"

namespace moot {

struct RawHead {
  std::string_view method;
  std::string_view target;
  int version = 11;               // 10 or 11
  std::vector<HttpField> fields;  // as they came, repeated ones too
};

// kBadRequest, or kUsage for a transfer coding that is not known here. Sentences name fields, never values.
Result<HttpHead> read_request_head(RawHead raw, std::string_view peer);

}  // namespace moot
