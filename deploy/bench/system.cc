#include "deploy/bench/system.h"

namespace moot::bench {

Status System::read(const std::string& way, std::uint64_t) {
  return Status(Code::kUsage, name() + " has no way to read called \"" + way + "\"");
}

Status System::kill_and_start_again() { return Status(Code::kUsage, name() + " is not killed by this bench"); }

}  // namespace moot::bench
