#include "adapters/column_guess.h"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <iterator>
#include <set>

#include "adapters/csv_cells.h"
#include "adapters/field_value.h"
#include "adapters/json_document.h"
#include "adapters/mapping_check.h"

namespace moot {

namespace {

constexpr std::size_t kNone = SIZE_MAX;  // no column

using Kind = ColumnGuess::Kind;

// A column's name in small letters: its words with a blank around each, and without any blanks.
struct Name {
  std::string spaced = " ", compact;
  explicit Name(std::string_view header) {
    bool small_before = false;
    for (const char c : header) {
      const bool big = c >= 'A' && c <= 'Z';
      const bool taken = big || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) > 127;
      if ((big && small_before) || !taken) spaced += ' ';
      small_before = taken && !big;
      if (!taken) continue;
      const char lower = static_cast<char>(big ? c - 'A' + 'a' : c);
      spaced += lower;
      compact += lower;
    }
    spaced += ' ';
  }
  bool word(std::initializer_list<std::string_view> words) const {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
      return spaced.find(" " + std::string(word) + " ") != std::string::npos;
    });
  }
  bool has(std::initializer_list<std::string_view> parts) const {
    return std::any_of(parts.begin(), parts.end(),
                       [&](std::string_view part) { return compact.find(part) != std::string::npos; });
  }
};

// What some write where there is nothing.
bool is_filler(std::string_view cell) {
  constexpr std::string_view kFillers[] = {"n/a", "na", "nk", "n/k", "none", "null", "unknown", "not known", "tbc"};
  std::string small;
  for (const char c : cell) small += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return small.find_first_not_of("-. ") == std::string::npos ||
         std::find(std::begin(kFillers), std::end(kFillers), small) != std::end(kFillers);
}

// What is in a column.
struct Cells {
  std::vector<std::string> filled;
  std::set<std::string> different;
  std::size_t rows = 0;
  std::size_t characters = 0;
  std::optional<std::string> date;

  Cells(const CsvSample& sample, std::size_t place) : rows(sample.rows.size()) {
    for (const auto& row : sample.rows) {
      const std::string_view cell = trimmed(row[place]);
      if (cell.empty()) continue;
      filled.emplace_back(cell);
      different.insert(filled.back());
      characters += cell.size();
    }
    std::vector<std::string> said;
    std::copy_if(filled.begin(), filled.end(), std::back_inserter(said), [](auto& cell) { return !is_filler(cell); });
    if (!said.empty()) date = date_form_of(said);
  }
  // Whether nothing tells which of two numbers is the day.
  bool two_ways() const {
    if (!date || (!date->starts_with("%d/%m/") && !date->starts_with("%m/%d/"))) return false;
    return std::all_of(different.begin(), different.end(), [](const std::string& cell) {
      return is_filler(cell) || (std::atoi(cell.c_str()) <= 12 && std::atoi(cell.c_str() + cell.find('/') + 1) <= 12);
    });
  }
  bool tells_rows_apart() const { return different.size() == rows && longest() <= 100; }
  std::size_t longest() const {
    std::size_t most = 0;
    for (const std::string& cell : different) most = std::max(most, cell.size());
    return most;
  }
  bool all(bool (*test)(std::string_view)) const {
    return !filled.empty() && std::all_of(different.begin(), different.end(), test);
  }
  bool prose() const { return !filled.empty() && characters / filled.size() > 40; }
  // Few enough, and short enough, to be codes; of a few rows only what is very short, which free text is not.
  bool code_like() const {
    const bool repeated = different.size() * 2 <= filled.size() || (different.size() <= 5 && longest() <= 20);
    return !different.empty() && different.size() <= 40 && longest() <= 40 && repeated && !date;
  }
};

bool is_whole(std::string_view text) {
  return !text.empty() && text.size() < 10 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_phone(std::string_view text) {
  const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits >= 10 && digits <= 13 && text.find_first_not_of("0123456789 +()-") == std::string_view::npos &&
         (text.front() == '0' || text.front() == '+');
}

std::string role_in(const Name& name) {
  constexpr std::pair<std::string_view, std::string_view> kRoles[] = {
      {"victim", "victim"},       {"suspect", "suspect"},      {"offender", "suspect"},    {"perp", "suspect"},
      {"witness", "witness"},     {"complain", "complainant"}, {"caller", "caller"},       {"tenant", "tenant"},
      {"reportedby", "reporter"}, {"reporter", "reporter"},    {"informant", "reporter"},  {"patient", "subject"},
      {"client", "subject"},      {"subject", "subject"},      {"resident", "complainant"}};
  for (const auto& [part, role] : kRoles)
    if (name.compact.find(part) != std::string::npos) return std::string(role);
  return "";
}

std::string person_field_of(const Name& name, const Cells& cells) {
  if (name.word({"dob", "born", "birthdate"}) || name.has({"dateofbirth", "birthdate"}) || name.compact == "dob")
    return "born";
  if (name.has({"forename", "firstname", "givenname", "christianname"}) || name.word({"given"})) return "given";
  if (name.has({"surname", "lastname", "familyname"})) return "family";
  if (name.has({"email"}) || cells.all(looks_like_email)) return "email";
  if (name.has({"phone", "mobile"}) || name.word({"tel"}) || cells.all(is_phone)) return "phone";
  if (name.has({"nhsno", "nhsnumber"})) return "reference";
  if (name.word({"sex", "gender"})) return "sex";
  if (name.has({"postcode", "zipcode"}) || cells.all(looks_like_postcode)) return "postcode";
  if (name.has({"uprn"})) return "uprn";
  if (name.has({"address"}) || name.word({"addr", "home", "street"})) return "address";
  const bool of_person = !role_in(name).empty() || name.word({"person", "customer", "nominal"});
  if (of_person && name.word({"ref", "reference", "id", "no", "number", "urn"})) return "reference";
  const bool of_thing =
      name.word({"ward", "area", "beat", "officer", "file", "service", "agency", "team", "scheme", "user"});
  const bool name_like = name.word({"name"}) || (of_person && name.spaced.find(' ', 1) + 1 == name.spaced.size());
  if (name_like && !of_thing && !cells.code_like()) return "name";
  return name_like && !of_thing && name.word({"name"}) ? "name" : "";
}

// A characteristic of a person that the law protects: no key, no code, no number.
bool is_protected(const Name& name) {
  return name.has({"ethnic", "religio", "nationalit", "disab", "sexual", "faith"}) || name.word({"race", "belief"});
}

bool is_of_place(const Name& name) {
  return name.word({"scene", "location", "incident", "place", "premises", "site", "property", "occurrence"});
}

std::string type_by(const CsvSample& sample) {
  bool call = false, risk = false, referral = false;
  for (const std::string& header : sample.header) {
    const Name name(header);
    call = call || name.word({"call", "caller", "channel"});
    risk = risk || name.word({"score", "risk"});
    referral = referral || name.has({"referral", "referred"});
  }
  if (risk) return "uk.csp.risk.assessed.v1";
  if (referral) return "uk.csp.referral.made.v1";
  return call ? "uk.csp.contact.received.v1" : "uk.csp.incident.reported.v1";
}

std::string fact_of(const Name& name, const std::string& type) {
  const bool contact = type.find("contact") != std::string::npos, risk = type.find("risk") != std::string::npos;
  if (risk) return name.word({"score"}) ? "score" : name.word({"band", "level", "risk"}) ? "band" : "";
  if (type.find("referral") != std::string::npos)
    return name.word({"scheme", "service"}) ? "scheme" : name.word({"reason"}) ? "reason" : "";
  if (contact && name.word({"how", "channel", "method", "via"})) return "channel";
  return name.word({"category", "type", "class", "nature", "issue"}) ? "category" : "";
}

// Guesses in turn; each takes what those before left.
class Guessing {
 public:
  Guessing(const CsvSample& sample, TableGuess& table) : sample_(sample), table_(table) {
    for (std::size_t i = 0; i < sample.header.size(); ++i) {
      names_.emplace_back(sample.header[i]);
      cells_.emplace_back(sample, i);
      table.columns.push_back({sample.header[i], Kind::kUnused, "", "", "", false, {}});
      const auto same = std::count(sample.header.begin(), sample.header.end(), sample.header[i]);
      usable_.push_back(same == 1 && !trimmed(sample.header[i]).empty());
    }
  }
  void guess_people();
  bool guess_key();
  bool guess_times();
  // Which column is called so although its cells are no dates: the rest of a sentence, without a value.
  std::string called_a_date() const;
  void guess_rest();

 private:
  bool free(std::size_t i) const { return usable_[i] && table_.columns[i].kind == Kind::kUnused; }
  void guess_person(std::size_t i, bool any_person);
  void take_time(std::size_t i, Kind kind) {
    table_.columns[i].kind = kind;
    table_.columns[i].format = *cells_[i].date;
    table_.columns[i].two_ways = cells_[i].two_ways();
  }

  const CsvSample& sample_;
  TableGuess& table_;
  std::vector<Name> names_;
  std::vector<Cells> cells_;
  std::vector<bool> usable_;
};

void Guessing::guess_people() {
  bool any_person = false;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const std::string field = person_field_of(names_[i], cells_[i]);
    any_person = any_person || field == "name" || field == "given" || field == "family" || field == "born";
  }
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (usable_[i]) guess_person(i, any_person);
}

void Guessing::guess_person(std::size_t i, bool any_person) {
  ColumnGuess& guess = table_.columns[i];
  const std::string field = person_field_of(names_[i], cells_[i]);
  guess.personal = !field.empty() || is_protected(names_[i]);
  if (field.empty()) return;
  const bool address = field == "postcode" || field == "uprn" || field == "address";
  const bool place = address && (is_of_place(names_[i]) || !any_person) && role_in(names_[i]).empty();
  if (field == "born") {
    if (!cells_[i].date || cells_[i].date->find('d') == std::string::npos ||
        cells_[i].date->find('Y') == std::string::npos)
      return;
    guess.format = *cells_[i].date;
  }
  guess.kind = place ? Kind::kPlace : Kind::kPerson;
  guess.field = field;
  guess.role = role_in(names_[i]);
  const bool contact = table_.type.find("contact") != std::string::npos;
  if (guess.role.empty()) guess.role = place ? "scene" : contact ? "caller" : "subject";
  // One column for each field of a person; an address may have a second line that is left for its reader.
  for (std::size_t before = 0; before < i; ++before) {
    const ColumnGuess& other = table_.columns[before];
    if (other.kind == guess.kind && other.role == guess.role && other.field == guess.field) guess.kind = Kind::kUnused;
    if (field == "name" && other.role == guess.role && (other.field == "given" || other.field == "family"))
      guess.kind = Kind::kUnused;
  }
  for (std::size_t before = 0; before < i; ++before) {
    ColumnGuess& other = table_.columns[before];
    if ((field == "given" || field == "family") && other.role == guess.role && other.field == "name")
      other.kind = Kind::kUnused;
  }
}

bool Guessing::guess_key() {
  const auto named_so = [&](std::size_t i) {
    return names_[i].word(
        {"id", "ref", "reference", "no", "number", "key", "urn", "call", "case", "record", "incident"});
  };
  std::size_t key = kNone, repeated = kNone;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!free(i) || table_.columns[i].personal || cells_[i].date || cells_[i].prose()) continue;
    if (cells_[i].filled.size() == cells_[i].rows && named_so(i) && repeated == kNone) repeated = i;
    if (!cells_[i].tells_rows_apart()) continue;
    if (key == kNone || (named_so(i) && !named_so(key))) key = i;
  }
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!free(i) || !names_[i].word({"version", "revision", "rev"}) || !cells_[i].all(is_whole)) continue;
    if (cells_[i].filled.size() != cells_[i].rows || repeated == kNone) continue;
    table_.columns[i].kind = Kind::kRevision;
    key = repeated;
  }
  // A number that repeats is still the record's; a column that is called something else and happens to differ is not.
  const bool versions = table_.find(Kind::kRevision) != nullptr;
  table_.repeats = !versions && repeated != kNone && (key == kNone || !named_so(key));
  if (table_.repeats) key = repeated;
  if (key == kNone) return false;
  table_.columns[key].kind = Kind::kKey;
  return true;
}

bool Guessing::guess_times() {
  std::size_t time = kNone, known = kNone;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!free(i) || table_.columns[i].personal || !cells_[i].date ||
        names_[i].word({"review", "due", "closed", "end", "ended"}))
      continue;
    const bool entered =
        names_[i].has({"logged", "recorded", "entered", "created", "written", "updated", "registered"});
    if (entered && known == kNone) known = i;
    const auto gaps = [&](std::size_t column) { return cells_[column].rows - cells_[column].filled.size(); };
    if (!entered && (time == kNone || gaps(i) < gaps(time))) time = i;
  }
  if (time == kNone) std::swap(time, known);
  if (time == kNone) return false;
  take_time(time, Kind::kTime);
  if (known != kNone) take_time(known, Kind::kKnownTime);
  return true;
}

std::string Guessing::called_a_date() const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const bool called_so = names_[i].word({"date", "time", "when", "day"}) || names_[i].has({"datetime"});
    if (!called_so || !usable_[i] || table_.columns[i].personal || cells_[i].filled.empty()) continue;
    return ". Column \"" + sample_.header[i] + "\" is called like one, and its cells look like " +
           shape_of(cells_[i].filled.front()) + (cells_[i].all(is_whole) ? ", as a spreadsheet's day numbers do" : "");
  }
  return "";
}

void Guessing::guess_rest() {
  std::set<std::string> facts;
  bool area = false;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (!free(i) || table_.columns[i].personal || cells_[i].filled.empty()) continue;
    ColumnGuess& guess = table_.columns[i];
    const std::string fact = fact_of(names_[i], table_.type);
    const bool latitude = names_[i].word({"latitude", "lat"}), longitude = names_[i].word({"longitude", "long", "lng"});
    if ((latitude || longitude) &&
        cells_[i].all([](std::string_view cell) { return read_decimal(cell).has_value(); })) {
      guess.kind = Kind::kPlace;
      guess.field = latitude ? "latitude" : "longitude";
      guess.role = "scene";
      guess.personal = true;
      continue;
    }
    const bool text = names_[i].has({"description", "detail", "comment", "summary", "narrative", "remark"}) ||
                      names_[i].word({"note", "notes", "log", "text"}) || cells_[i].prose();
    if (text) {
      guess.kind = Kind::kText;
      guess.field = as_code(guess.column).substr(0, 40);
      if (guess.field.empty()) guess.field = "text-" + std::to_string(i + 1);
      guess.personal = true;
    } else if (!area && names_[i].word({"ward", "area", "beat", "district", "neighbourhood", "parish", "locality"}) &&
               cells_[i].code_like()) {
      guess.kind = Kind::kArea;
      area = true;
    } else if (!fact.empty() && !facts.contains(fact) &&
               (fact == "score" ? cells_[i].all(is_whole) : cells_[i].code_like())) {
      guess.kind = Kind::kFact;
      guess.field = fact;
      facts.insert(fact);
    } else {
      continue;
    }
    if (guess.kind == Kind::kArea || (guess.kind == Kind::kFact && fact != "score"))
      guess.values.assign(cells_[i].different.begin(), cells_[i].different.end());
  }
}

}  // namespace

const ColumnGuess* TableGuess::find(Kind kind) const {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](auto& column) { return column.kind == kind; });
  return found == columns.end() ? nullptr : &*found;
}

Result<TableGuess> guess_columns(const CsvSample& sample, const std::string& name) {
  TableGuess table;
  table.type = type_by(sample);
  Guessing guessing(sample, table);
  guessing.guess_people();
  if (!guessing.guess_times())
    return Status(Code::kMissing, name +
                                      ": no column seems to hold dates; every record needs the time when it happened" +
                                      guessing.called_a_date());
  if (!guessing.guess_key())
    return Status(Code::kMissing, name +
                                      ": no column tells its rows apart, each with a value and none with another's; "
                                      "a mapping needs the record's own number, or where there is none keyless = true "
                                      "under [record]");
  guessing.guess_rest();
  return table;
}

}  // namespace moot
