// An Open311 GeoReport v2 server that an agency runs, which is asked regularly for new and changed service requests:
// what is said of it, where it is asked for what, and for which stretches of time.
//
// The base standard knows start_date and end_date (when a request was made), at most 90 days of them. Servers that know
// when a request changed take updated_after and updated_before. Pages are asked for under both names that servers know
// (page_size, per_page); one that knows neither ignores them. Times are sent in UTC, in whole seconds.
// Thread: values and pure functions, usable anywhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "broker/core/calendar.h"
#include "broker/core/instant.h"
#include "broker/core/status.h"

namespace moot {

struct Open311Source {
  std::string agency;           // whose events they become
  std::string url;              // "https://council.example/open311/v2", no slash at its end; never a secret in it
  std::string jurisdiction_id;  // empty = none is said
  bool json = false;            // else XML, which every server has
  bool by_requested = false;    // start_date and end_date; else updated_after and updated_before
  bool backfill = false;        // what is older than the first pull is history
  Date since;                   // the first pull begins at its midnight
  int every_minutes = 15;
  int window_days = 90;      // asked for at once, at most
  int overlap_minutes = 60;  // asked for again each time: clocks differ, and requests show up late
  int look_back_days = 28;   // likewise, by_requested: that a request changed is only seen by asking for it again
  int page_size = 100;       // requests a page; 0 = no pages are asked for
  int timeout_seconds = 60;  // for one answer, whole
  std::filesystem::path api_key_file;  // empty = none is sent
  std::string api_key_header;
  std::filesystem::path certificates;  // PEM: whose are believed, in place of the system's; empty = the system's
};

// kInvalid with what was expected: https, or http to this machine (127.0.0.1, localhost), without user, password, query
// or fragment, and of plain characters only, so that every program reads it alike.
Status check_open311_url(std::string_view url);

struct PullWindow {
  Instant from, to;
};

// `page` counts from 1; it is left out where no pages are asked for.
std::string open311_address(const Open311Source& source, const PullWindow& window, int page);

// Where a pull begins that comes after one which got as far as `through`; the first got as far as pull_start().
Instant pull_start(const Open311Source& source);
Instant pull_from(const Open311Source& source, Instant through, Instant now);

// How long after the `failures`th failure in a row (1 = the first) it is tried again: ten seconds, then twice as long
// each time, an hour at most.
std::chrono::seconds wait_after_failure(int failures);

// The windows of a stretch of time, one after the other. Each begins a second before the end of the last: whether a
// server's limits are in or out is not said anywhere. One that held too much is halved, and they grow again afterwards.
class PullWindows {
 public:
  PullWindows(Instant from, Instant to, int days_max);

  bool done() const { return done_; }
  PullWindow window() const;
  void taken();
  bool halve();  // false: it is a few seconds only, and stays as it is

 private:
  Instant from_;
  const Instant end_;
  const std::int64_t longest_us_;
  std::int64_t length_us_;
  bool done_;
};

}  // namespace moot
