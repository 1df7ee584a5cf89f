#include <cstdio>

#include "deploy/command.h"
#include "deploy/log_line.h"

namespace moot {

int tell(const Status& status) {
  if (status.ok()) return kDone;
  log_error(status);
  return status.code() == Code::kUsage ? kUsageError : kRefused;
}

}  // namespace moot
