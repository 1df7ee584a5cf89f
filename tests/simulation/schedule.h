// One schedule: a partnership of a few agencies, drawn from a seed with everything that happens to it, run in virtual
// time until all has settled. The same seed gives the same schedule, message for message.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/simulation/broker_process.h"
#include "tests/simulation/faults.h"

namespace moot::simulation {

struct Ending {
  std::vector<std::string> findings;  // which promise was broken, and how; empty: none
  std::uint64_t events = 0;           // in the log
  std::uint64_t replies = 0;          // of the broker
  std::uint64_t trace = 0;            // of everything the broker sent, and when
};

// `faults` is added to.
Ending run_schedule(std::uint64_t seed, const Stores& stores, const Registry& agencies, Planted planted,
                    Faults& faults);

}  // namespace moot::simulation
