// What a casebook costs: folding events as a reader gets them, the memory they take, and the documents made from it.
//
// In: the frames of events as they come off the bus, 1,000 at a time, already decrypted. Out: the casebook. Measured in
// between: reading the frames (the reader's own code) and Casebook::apply. Not: the broker, the network, the made-up
// events themselves. Thread: one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consumers/callers/caller_list.h"
#include "consumers/report/report.h"
#include "deploy/partnership_folder.h"
#include "tests/bench/casebook/made_up_history.h"

namespace moot::bench {

// Seconds of the wall and of this process's processors: of a busy machine only the second tell much.
struct Spent {
  double wall = 0;
  double cpu = 0;
};

class Watch {
 public:
  Watch() : begun_(now()) {}
  Spent spent() const;

 private:
  static Spent now();
  const Spent begun_;
};

struct CasebookCost {
  std::uint64_t events = 0;
  Spent folding;
  double frame_bytes = 0;     // of an event
  double resident_bytes = 0;  // of an event, after the fold
  // Documents, one repetition after the other; before each but the first one more event is applied.
  std::vector<Spent> callers, agenda, again;  // `again`: both once more, with no event between
  std::vector<Spent> measures;                // a report of two measures, from a record book of its own
  std::size_t agenda_bytes = 0, agenda_items = 0, agenda_not_listed = 0;
};

class CasebookMeasure {
 public:
  // Both outlive it. `board` is one of the folder's.
  CasebookMeasure(const PartnershipFolder& folder, const MadeUpHistory& history, std::string board);

  Status fold(std::uint64_t events, CasebookCost& cost);
  Status make_documents(int repetitions, CasebookCost& cost);
  Status make_measures(int repetitions, CasebookCost& cost);
  // The documents of now, as the casebook that lives makes them, are those of one that is made of the same events at
  // once; kInvalid where they are not.
  Status check_documents() const;

  Date on() const;                                            // the day after the last event
  const v1::CallerList& callers() const { return callers_; }  // of the first repetition
  const Report& report() const { return *report_; }
  const CallerRule& rule() const { return rule_; }
  Period year() const { return {plus_months(on(), -12), on()}; }  // that the measures count

 private:
  Result<v1::CallerList> make_callers(const Casebook& casebook) const;
  Result<v1::Agenda> make_agenda_of_day(const Casebook& casebook) const;
  void apply_somebody();

  const PartnershipFolder& folder_;
  const MadeUpHistory& history_;
  const std::string board_;
  CallerRule rule_;
  std::uint64_t events_ = 0;
  Casebook casebook_;
  v1::CallerList callers_;
  std::optional<Report> report_;
};

}  // namespace moot::bench
