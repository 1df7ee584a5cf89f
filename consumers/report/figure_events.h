// Which records that were recorded in a stretch of time a figure rests on. Thread: that of the record book.
#pragma once

#include <boost/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "broker/core/partnership.h"
#include "consumers/report/event_values.h"
#include "consumers/report/period.h"
#include "consumers/report/record_book.h"
#include "consumers/report/report_definition.h"

namespace moot {

class FigureEvents {
 public:
  // Those that count from after `from` until `to`, of a report of the period. All outlive it.
  FigureEvents(const RecordBook& book, const Partnership& partnership, const ReportDefinition& definition,
               const Period& period, Instant from, Instant to);

  // [{"source","id","text"}]: of the measure, or of what it is made of, in the period or in that which it is compared
  // with; by when they happened.
  boost::json::array of(const std::string& measure) const;

 private:
  using Found = std::vector<const v1::Event*>;
  void collect(const std::string& measure, const std::set<Period>& periods, Found& events) const;
  bool belongs(const Measure& measure, const std::set<Period>& periods, const v1::Event& version) const;

  const AreaNames areas_;
  const Partnership& partnership_;
  const ReportDefinition& definition_;
  const Period period_;
  const std::vector<ChangedRecord> records_;
};

}  // namespace moot
