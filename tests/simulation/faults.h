// How often each fault bit: a fault that changed nothing for anybody does not count.
#pragma once

#include <map>
#include <string>

namespace moot::simulation {

struct Faults {
  int crashes_in_flight = 0;     // of the broker, while publishers waited for acks
  int groups_torn = 0;           // crashes within an append
  int requests_lost = 0;         // publishes, consumes and credit that never arrived
  int acks_lost = 0;             // acks that never arrived, of what is stored
  int duplicates = 0;            // events that came again because their ack was lost
  int overtaken = 0;             // messages of a connection given up that arrived after its successor's first
  int takeovers = 0;             // a connection greeted while the one before it still had a session
  int partitions = 0;            // that held up messages
  int silences = 0;              // a peer gave its broker up because it said nothing
  int sessions_forgotten = 0;    // a peer was told to say hello again
  int publishers_crashed = 0;    // with events on their way
  int views_restored = 0;        // a reader came back with a view older than what it had read
  int credit_pauses = 0;         // a reader had more to read and no credit left
  int outlets_full = 0;          // a peer did not take what it was sent
  int entitlements_changed = 0;  // a reading ended because of it
  int keys_revoked = 0;          // under a session
  int conflicts = 0;             // the same key with another content
  int impostors = 0;             // another agency's source

  std::map<std::string, int> by_name() const {
    return {{"crashes with events in flight", crashes_in_flight},
            {"groups torn by a crash", groups_torn},
            {"requests lost", requests_lost},
            {"acks lost", acks_lost},
            {"events sent twice", duplicates},
            {"messages that arrived late", overtaken},
            {"takeovers", takeovers},
            {"partitions", partitions},
            {"silent brokers given up", silences},
            {"sessions forgotten", sessions_forgotten},
            {"publishers crashed", publishers_crashed},
            {"views restored", views_restored},
            {"credit pauses", credit_pauses},
            {"peers that took no more", outlets_full},
            {"entitlements changed", entitlements_changed},
            {"keys revoked", keys_revoked},
            {"conflicts", conflicts},
            {"impostors", impostors}};
  }
};

// What of the product is broken on purpose, so that the model is seen to notice.
enum class Planted {
  kNothing,
  kAckBeforeCommit,
  kCursorBeforeView,
  kDedupeForgotten,
  kAgreementIgnoredOnReplay,
  kCreditIgnored,
};

}  // namespace moot::simulation
