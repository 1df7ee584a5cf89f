// SIGINT and SIGTERM as a question: has somebody asked us to stop? Made in main before other threads start; one per
// process.
#pragma once

namespace moot {

class StopSignal {
 public:
  StopSignal();  // from now on the signals only set the flag; a second one ends the process at once
  bool asked() const;
};

}  // namespace moot
