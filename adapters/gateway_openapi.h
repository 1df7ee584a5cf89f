// What the gateway offers, as OpenAPI 3.1 in JSON: served at /openapi.json, and tested against the running server.
// Thread: a constant.
#pragma once

#include <string_view>

namespace moot {

std::string_view openapi_document();

}  // namespace moot
