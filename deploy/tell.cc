#include <cstdio>

#include "deploy/command.h"

namespace moot {

int tell(const Status& status) {
  if (status.ok()) return kDone;
  std::fprintf(stderr, "moot: %s\n", status.message().c_str());
  return status.code() == Code::kUsage ? kUsageError : kRefused;
}

}  // namespace moot
