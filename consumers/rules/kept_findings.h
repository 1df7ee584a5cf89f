// What clocks that ask for attention say on a day, kept with the set of cases (consumers/casebook/kept.h): after a
// change a clock is worked out again for the records and people that the change concerns, and for no others. Most of
// a long history asks for nothing, and nothing more is kept of that.
//
// The same as findings_of() with kOpen. Thread: that of the casebook.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "consumers/casebook/kept.h"
#include "consumers/rules/clock_kind.h"

namespace moot {

class KeptFindings : public Kept {
 public:
  // Of the pack's clock, from what the input's set keeps.
  static std::shared_ptr<const ClockFindings> open(const ClockInput& input, const RulePack& pack,
                                                   const ClockRule& rule);

  void changed(const SetChange& change) override;
  std::size_t bytes() const override;

 private:
  using One = std::uint32_t;  // a position in records(), or in persons()
  struct OfVersion {
    std::map<One, ClockFindings> open;
    std::vector<One> unknown;  // to be looked at
    bool all_unknown = true;
  };

  std::shared_ptr<const ClockFindings> all(const ClockInput& input, const ClockRule& rule);
  void work_out(const ClockInput& input, const ClockRule& rule, std::size_t version);
  ClockFindings find_open(const ClockInput& input, const ClockRule& rule, std::size_t version, One one) const;
  void forget(std::size_t version, One one);
  void forget_all();

  bool of_people_ = false;
  std::shared_ptr<const ClockFindings> all_;  // put together; nullptr = not since something changed
  bool has_rest_ = false;                     // of what is no record and nobody, in all_
  std::vector<OfVersion> versions_;
  Dependents<std::pair<std::uint32_t, One>> looked_up_;  // by version
};

}  // namespace moot
