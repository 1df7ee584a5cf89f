// Ingest: the one write path. Authorise, validate, tell duplicates, seal, append, sync; only then is there an ack.
//
//   offer(…)  judges a Publish message and stages what is to be stored; nothing is promised yet
//   commit()  puts refused inputs into the inbox, appends everything staged as one group with one sync, and returns an
//             ack for each offer, in order
//
// A commit that fails leaves nothing acknowledged; the owner must stop (the disk is then the truth).
// Does no I/O but through its parts, so that a simulation can drive it. Thread: bus; one owner.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broker/access/agreements.h"
#include "broker/core/ids.h"
#include "broker/core/instant.h"
#include "broker/core/limits.h"
#include "broker/core/seal.h"
#include "broker/core/status.h"
#include "broker/erasure_book.h"
#include "broker/event_content.h"
#include "broker/log/event_log.h"
#include "broker/log/inbox.h"
#include "broker/log/key_store.h"
#include "broker/log/key_table.h"
#include "broker/log/people_met.h"
#include "broker/sealed_event.h"
#include "broker/traffic.h"
#include "proto/bus.pb.h"
#include "proto/event.pb.h"

namespace moot {

// Refusals since the broker started, for `moot status`.
struct RefusalCounts {
  std::map<Code, std::uint64_t> by_code;
  std::map<std::string, std::uint64_t> by_agency;
  std::map<std::pair<std::string, Code>, std::uint64_t> by_agency_and_code;  // "" = not known whose
  void count(Code code, const std::string& agency) {
    ++by_code[code];
    ++by_agency_and_code[{agency, code}];
    if (!agency.empty()) ++by_agency[agency];
  }
};

class Ingest {
 public:
  struct Parts {  // all outlive the Ingest
    EventLog* log;
    KeyStore* keys;
    Inbox* inbox;
    const Clock* clock;
    RefusalCounts* refusals;
    Traffic* traffic;                 // likewise of how much each publisher stored
    Agreements* agreements;           // told of each that is signed or ended, once it is in the log
    ErasureBook* erasures = nullptr;  // likewise of what is erased, held and released
  };

  // What digests are keyed with: of what was said, to tell a duplicate from a conflict; of person references, to give
  // each its one key.
  struct Secrets {
    Key content;
    Key person;
  };

  // Can its events be read, by samples? Are these its keys? kMissing when they are not: found out at start, by the last
  // sample that anything of is sealed, not when a document is due. Of a log as it stands too, before anything is
  // written.
  static Status check_history(const EventLog& log, const KeyStore& keys, const Secrets& secrets);
  // Reads the last event, for its recorded time and the keys used so far.
  static Result<std::unique_ptr<Ingest>> create(const Parts& parts, const Limits& limits, const Secrets& secrets);

  void offer(const AgencyId& publisher, const v1::Publish& publish, std::span<const std::string_view> events);
  Result<std::vector<v1::PublishAck>> commit();
  // What the broker itself says, as the operator: durable when it returns, and so is what was staged before, whose acks
  // the next commit returns. The offset of the first.
  Result<Offset> append_own(std::vector<v1::Event> events);

  // Of this publisher, since the last commit: what is refused and to be kept too.
  AgencyTraffic staged_of(const AgencyId& publisher) const;
  Offset stored() const { return parts_.log->end_offset(); }  // one past the last event
  std::size_t staged_events() const { return staged_count_; }
  // What of it says something of the data or the rules.
  std::span<const v1::Event> staged_governance() const { return staged_governance_; }
  bool anything_staged() const { return !acks_.empty() || !failure_.ok(); }

  // The keys of the last event are not in memory any more: some are to be destroyed.
  void forget_keys();
  const Key& person_secret() const { return secrets_.person; }

 private:
  Ingest(const Parts& parts, const Limits& limits, const Secrets& secrets, Instant last_recorded,
         std::uint64_t next_key);

  struct Judged;
  Judged judge(const AgencyId& publisher, bool backfill, std::string_view frame);
  Status read(const AgencyId& publisher, std::string_view frame, Judged& judged);
  void find_out_what_is_known(std::string_view frame, Judged& judged);
  SealedRecord& next_record();
  Result<std::optional<Known>> find(const EventKey& key) const;
  void stage(const AgencyId& publisher, bool backfill, const Judged& judged);
  Status append_staged();
  // In ingest_keys.cc.
  Result<SealingKey> new_key();
  Result<SealingKey> key_of_person(std::string_view source, std::string_view reference, SealedRecord& record);
  Result<SealingKey> key_before(std::uint64_t number) const;
  bool is_erased(std::size_t place) const;
  Status choose_key(std::size_t place, SealedRecord& record);
  Status choose_keys(SealedRecord& record);
  void refuse(const AgencyId& publisher, v1::RefusedInput refused, bool backfill, bool keep);
  bool is_kept(const AgencyId& publisher, const v1::Publish& publish);
  void resolve(const AgencyId& publisher, const v1::Origin& origin);
  Status settle_inbox();
  Instant now();

  // Constant after construction.
  const Parts parts_;
  const Limits limits_;
  const Secrets secrets_;
  const ContentDigests contents_;
  // Owned by the bus thread.
  Instant last_recorded_;
  std::uint64_t next_key_;  // of the key store
  // Of these the first staged_count_ are staged; the others are kept for their memory.
  std::vector<SealedRecord> staged_;
  std::size_t staged_count_ = 0;
  std::map<std::string, AgencyTraffic> staged_traffic_;  // by agency
  std::map<std::string, AgencyTraffic> staged_kept_;     // of inbox_items_, by agency
  KeyTable staged_keys_;
  PeopleMet people_;
  const Key people_secret_ = random_key();  // what they are known by is worth nothing outside this process
  SaidEvent said_;                          // the event in hand
  v1::Event parsed_;                        // the same, where it had to be parsed; kept for its memory
  v1::Envelope brokers_;                    // what the broker adds to it
  EventKeys keys_;                          // of its parts
  std::string person_;                      // of it, as the key of a person is asked for
  std::vector<v1::Event> staged_governance_;
  std::vector<v1::InboxItem> inbox_items_;
  std::vector<std::string> resolved_items_;  // ids: their records are staged, or were stored before
  std::vector<v1::PublishAck> acks_;
  Status failure_;  // of a part while staging; commit returns it
};

}  // namespace moot
