// Copies of documents that were issued, as the log has them: to whom, when, with which digest, and whether they were
// asked back. Errors: those of the bus; kUsage and kNotFound with a sentence. Thread: the main thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "broker/core/calendar.h"
#include "broker/core/status.h"
#include "deploy/options.h"
#include "deploy/reach.h"
#include "proto/event.pb.h"

namespace moot {

struct IssuedDocument {
  std::string definition;  // "agenda/jtm"
  std::string on;          // the day it is for, or the first of its period
  std::uint32_t number = 0;
  std::string recipient;  // empty = nobody in particular
  std::string digest;
  std::string by;  // an agency
  Instant at;
  std::string recalled;  // why it was asked back; empty = it was not
  Instant known_by;      // the instant it is as at; 0 = not known
  std::string format;    // "html"; empty = not known
  std::string agency;    // of "actions/…": whose actions; else empty
};

// A fold of the Governance events of issues and recalls; folding one twice changes nothing.
class IssuedCopies {
 public:
  void apply(const v1::Event& event);
  void add(const IssuedDocument& copy);     // that was put on record by whoever folds
  std::vector<IssuedDocument> all() const;  // in the order in which they were issued

 private:
  std::vector<IssuedDocument> copies_;
  std::map<std::tuple<std::string, std::string, std::uint32_t>, std::size_t> places_;
  std::map<std::string, std::string> recalled_;  // by digest
};

// In the order in which they were issued.
Result<std::vector<IssuedDocument>> issued_documents(const Options& options, const Reach& reach);
// How many copies of the document there are: the next one has the number after.
std::uint32_t copies_of(const std::vector<IssuedDocument>& issued, const std::string& definition,
                        const std::string& on);

// `digest`: as the list has it, or its first eight characters or more. kUsage, kNotFound.
Result<IssuedDocument> find_issued(const std::vector<IssuedDocument>& issued, const std::string& digest);

// Puts on record that a copy with these bytes goes to the recipient.
Status record_issue(const Options& options, const Reach& reach, const IssuedDocument& copy);
// Asks a copy back. `digest`: as for find_issued.
Result<IssuedDocument> recall_document(const Options& options, const Reach& reach, const std::string& digest,
                                       const std::string& reason);

// "police,soha" as its codes, each once; kUsage for what is no code.
Result<std::vector<std::string>> recipients_in(const std::string& words);
// Whom the audit log is to name: none where the words make no sense, which is told before anything is issued.
std::vector<std::string> recipients_or_none(const std::string& words);

}  // namespace moot
