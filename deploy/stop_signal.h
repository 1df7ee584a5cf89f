// SIGINT and SIGTERM as a question: has somebody asked us to stop? Other threads block signals or do not mind them;
// one per process.
#pragma once

namespace moot {

class StopSignal {
 public:
  StopSignal();  // from now on the signals only set the flag; a second one ends the process at once
  bool asked() const;
};

}  // namespace moot
