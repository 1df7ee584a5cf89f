// The seam between the runtime and a view: a deterministic fold of events. No clock, no network, no randomness; folding
// the same set of events in another order gives the same view.
//
// Thread: one, that of the View which owns the fold.
#pragma once

#include <string>
#include <string_view>

#include "broker/core/status.h"
#include "proto/event.pb.h"

namespace moot {

class Projection {
 public:
  virtual ~Projection() = default;
  virtual std::string_view name() const = 0;  // [a-z0-9-]; names the snapshot and the reader in lag figures
  // Total: cannot fail on an accepted event. Applying the same event twice has no effect.
  virtual void apply(const v1::Event& event) = 0;
  virtual void save(std::string& out) const = 0;
  // Replaces the state by a saved one. After kCorrupt the state is empty.
  virtual Status load(std::string_view saved) = 0;
  virtual void clear() = 0;
};

}  // namespace moot
