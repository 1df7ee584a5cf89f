// Events that a command itself says: of issued copies, agreements, links, mails and meetings. The one place that
// publishes as whom the command acts. Thread: the command's main thread; blocks until they are durable.
#pragma once

#include <string>
#include <vector>

#include "broker/core/status.h"
#include "deploy/options.h"
#include "deploy/reach.h"
#include "proto/event.pb.h"

namespace moot {

// `agency`: publishes as this one instead; empty = as whom the command acts. The first refusal, if any; kConflict where
// something else is on record under the same source and id.
Status publish_events(const Options& options, const Reach& reach, const std::vector<v1::Event>& events,
                      bool backfill = false, const std::string& agency = {});

}  // namespace moot
