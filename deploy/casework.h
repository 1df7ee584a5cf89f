// The people of a data directory as a person works with them: the casebook with everything that is known by now, whom
// a word on the command line means, and decisions published. Errors: kNotFound and kUsage with a sentence that names
// what was asked for. Thread: one, the caller's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "deploy/documents.h"

namespace moot {

// What a command line means by a person: all of somebody's mentions, or one record's.
struct Meant {
  std::size_t person = 0;         // in CaseSet::persons()
  std::vector<Mention> mentions;  // never empty; the first is what the person's id was made from, or the record named
};
// Of two that are one person by now, what each of the two words stood for.
void tell_apart(Meant& a, Meant& b);

class Casework {
 public:
  // Connects and folds everything the log holds by now.
  static Result<std::unique_ptr<Casework>> open(const Options& options);

  const CaseSet& cases() const { return *cases_; }
  const PartnershipFolder& folder() const { return folder_; }
  const Casebook& casebook() const { return documents_->casebook(); }
  const Reach& reach() const { return *reach_; }

  // "p-…", also one that another id took the place of when two were linked; or a record as SOURCE#ID; of a record that
  // names several people SOURCE#ID#2 is the second.
  Result<Meant> find(const std::string& word) const;

  // Publishes as whom the command acts, and folds what came of it. The first refusal, if any.
  Status publish(const std::vector<v1::Event>& events, bool backfill);
  Status look_again();

 private:
  Casework(const Options& options, PartnershipFolder folder) : options_(options), folder_(std::move(folder)) {}

  const Options options_;
  const PartnershipFolder folder_;
  std::unique_ptr<Reach> reach_;
  std::unique_ptr<Documents> documents_;
  std::unique_ptr<CaseSet> cases_;
};

// "/north-police/records#C-1", with "#2" where it is not the first person of the record.
std::string word_for(const CaseSet& cases, const Mention& mention);
// As findings about who is who print a probability: "99.9%".
std::string in_percent(double probability);

}  // namespace moot
