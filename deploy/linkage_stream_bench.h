// The records of a file as they would come in a day's work: one after the other, in an order that has nothing to do
// with who they are; then some withdrawn and brought back. What each took, and whether the people are those that
// linking all at once finds.
//
// Thread: the caller's.
#pragma once

#include "consumers/linkage/batch_linkage.h"
#include "consumers/linkage/live_linkage.h"

namespace moot {

struct StreamRun {
  double seconds = 0;      // for all records
  double cpu_seconds = 0;  // of the thread that inserted
  double insert_p50_us = 0, insert_p99_us = 0, insert_most_us = 0;
  // Of the last tenth, with nine tenths there.
  double late_insert_p99_us = 0;
  double withdraw_p99_us = 0;  // of a record in a cluster with others
  std::size_t withdrawn = 0;
  double bytes_of_record = 0;  // of the live linkage alone, with all records in it; 0 = the allocator does not tell
  bool same_people = false;    // as `batch`, after all
};

// `records` under the model and plan that were made from them; keys tell the records apart.
StreamRun stream_records(const RecordTable& records, const LinkModel& model, const BlockingPlan& plan,
                         const LinkageRule& rule, const BatchLinkage& batch);

}  // namespace moot
