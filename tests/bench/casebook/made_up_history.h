// The events of a made-up partnership, as its agencies would have recorded them one after the other over eight years:
// contacts, incidents, referrals, risk assessments, orders, closures, meetings and actions, and versions that supersede
// earlier ones. A pure function of seed, number and setting; nobody in it exists. It shares no constant with the
// product.
//
// Shares: 48% contacts, 36% incidents, 7% referrals, 5% closures, 2% risk assessments, 2% orders. However many events
// there are, the board meets once a month, decides on 25 cases and sets 40 actions: with more it would be no meeting.
// One person in eight events; in each half-year one in a thousand of them makes a fifth of the calls. Of incidents one
// in twelve changes an earlier record, and one in two says at which address it was; of contacts one in six is about an
// incident of the thousand events before; one event in five names nobody. It ends in 2025, so that the clocks that the
// shipped rules changed in that year are read by both.
//
// Thread: one, its owner's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "broker/core/instant.h"
#include "proto/event.pb.h"

namespace moot::bench {

struct HistorySetting {
  std::uint64_t seed = 1;
  std::uint64_t events = 100'000;
  std::vector<std::string> agencies;  // ids; the first has the calls
  std::vector<std::string> areas;     // codes
  std::string board;                  // as meetings and actions name it
};

class MadeUpHistory {
 public:
  explicit MadeUpHistory(HistorySetting setting);

  // Every event, in the order of the log: `number` counts from 0 and may go beyond the setting's.
  v1::Event event(std::uint64_t number) const;
  // When an event of that number is recorded.
  Instant recorded(std::uint64_t number) const;
  std::uint64_t people() const { return people_; }

 private:
  class Draw;
  std::uint64_t kind_of(Draw& draw) const;
  bool is_incident(std::uint64_t number) const;
  std::size_t agency_of(std::uint64_t number) const;
  std::string source_of(std::size_t agency) const;
  std::uint64_t earlier_incident(Draw& draw, std::uint64_t number) const;
  std::uint64_t caller(Draw& draw, std::uint64_t number) const;
  void head(Draw& draw, std::uint64_t number, std::size_t agency, v1::Envelope& envelope) const;
  static void set_address(std::uint64_t person, v1::Address& address);
  void name(Draw& draw, std::uint64_t person, const std::string& role, v1::Event& event) const;
  void risk(Draw& draw, v1::Risk& risk) const;
  void contact(Draw& draw, std::uint64_t number, v1::Event& event) const;
  void incident(Draw& draw, std::uint64_t number, v1::Event& event) const;
  void other(Draw& draw, std::uint64_t number, std::uint64_t kind, v1::Event& event) const;

  const HistorySetting setting_;
  const std::uint64_t people_;
};

}  // namespace moot::bench
