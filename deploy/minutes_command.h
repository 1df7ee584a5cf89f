// `moot minutes`: the minutes of a meeting as a document. Thread: the main thread.
#pragma once

#include "deploy/meeting_commands.h"

namespace moot {

int minutes_command(const Options& options, const MeetingOrder& order);

}  // namespace moot
