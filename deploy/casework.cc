#include "deploy/casework.h"

#include <charconv>
#include <cstdio>
#include <limits>

#include "deploy/publish_events.h"

namespace moot {
namespace {

constexpr Instant kEverything{std::numeric_limits<std::int64_t>::max()};

// "#2" at the end of a word, taken off; 1 where there is none.
int take_number(std::string& id) {
  const std::size_t mark = id.rfind('#');
  if (mark == std::string::npos) return 1;
  int number = 0;
  const char* end = id.data() + id.size();
  const auto read = std::from_chars(id.data() + mark + 1, end, number);
  if (read.ec != std::errc() || read.ptr != end || number < 1) return 1;
  id.resize(mark);
  return number;
}

}  // namespace

Result<std::unique_ptr<Casework>> Casework::open(const Options& options) {
  if (!options.key.empty())
    return Status(Code::kUsage, "casework is done beside the data directory: give --as AGENCY, not --key FILE");
  Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return folder.status();
  std::unique_ptr<Casework> casework(new Casework(options, std::move(*folder)));
  Result<Reach> reach = Reach::open(options, casework->folder_);
  if (!reach.ok()) return reach.status();
  casework->reach_ = std::make_unique<Reach>(std::move(*reach));
  Result<std::unique_ptr<Documents>> documents = Documents::open(options, *casework->reach_);
  if (!documents.ok()) return documents.status();
  casework->documents_ = std::move(*documents);
  MOOT_RETURN_IF_ERROR(casework->look_again());
  return casework;
}

Status Casework::look_again() {
  MOOT_RETURN_IF_ERROR(documents_->catch_up(options_.timeout_ms()));
  cases_ = std::make_unique<CaseSet>(documents_->casebook().as_at(kEverything));
  return {};
}

Result<Meant> Casework::find(const std::string& word) const {
  Meant meant;
  if (word.starts_with("p-")) {
    const auto& persons = cases_->persons();
    const auto found = std::lower_bound(persons.begin(), persons.end(), word,
                                        [](const PersonCase& person, const std::string& id) { return person.id < id; });
    const std::optional<Mention> first = cases_->mention_of_id(word);
    if (!first)
      return Status(Code::kNotFound, "there is no person \"" + word + "\" here; moot person find NAME looks for one");
    meant.person = *cases_->person_at(*first);
    meant.mentions = {*first};
    if (found != persons.end() && found->id == word)
      meant.mentions.insert(meant.mentions.end(), found->mentions.begin(), found->mentions.end());
    return meant;
  }
  const std::size_t mark = word.find('#');
  if (!word.starts_with("/") || mark == std::string::npos)
    // Without the word: it may be a name, and this goes to the log.
    return Status(Code::kUsage,
                  "what was given is neither a person, as p-…, nor a record, as /agency/system#id; moot person find "
                  "NAME prints both");
  const std::string source = word.substr(0, mark);
  std::string id = word.substr(mark + 1);
  int number = 1;
  std::optional<std::size_t> record = cases_->find_position(source, id);
  if (!record) {
    number = take_number(id);
    record = cases_->find_position(source, id);
  }
  if (!record) return Status(Code::kNotFound, "there is no record \"" + word + "\" here");
  const Mention mention{*record, number - 1};
  const std::optional<std::size_t> person = cases_->person_at(mention);
  if (!person)
    return Status(Code::kNotFound, "the record \"" + word + "\" names nobody" +
                                       (number > 1 ? " in that place" : " that could be told from others"));
  meant.person = *person;
  meant.mentions = {mention};
  return meant;
}

Status Casework::publish(const std::vector<v1::Event>& events, bool backfill) {
  MOOT_RETURN_IF_ERROR(publish_events(options_, *reach_, events, backfill));
  return look_again();
}

void tell_apart(Meant& a, Meant& b) {
  if (a.person != b.person) return;
  a.mentions.resize(1);
  b.mentions.resize(1);
}

std::string word_for(const CaseSet& cases, const Mention& mention) {
  const v1::Envelope& envelope = cases.record(mention).envelope();
  return envelope.source() + "#" + envelope.id() +
         (mention.index == 0 ? std::string() : "#" + std::to_string(mention.index + 1));
}

std::string in_percent(double probability) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f%%", 100 * probability);
  return text;
}

}  // namespace moot
