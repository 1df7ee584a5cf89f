#include "tests/people/agencies.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "tests/people/slips.h"

namespace people {
namespace {

// Shares of the records that have a field, and of the fields that are wrong.
struct Agency {
  const char* id;
  const char* role;
  double knows;  // share of the people it meets, of those who come to notice
  double reference, two_references;
  double middle, born, sex, address, uprn, postcode, phone, email;
  double keyboard, ear, nickname, swapped, wrong_born, generic, whole_name, capitals, initial;
};

constexpr Agency kAgencies[] = {
    {"town-police", "caller", .55,  .45,  .03, .10,  .62,  .70,  .80, 0,   .78,
     .75,           .05,      .012, .020, .10, .004, .012, .010, 0,   .30, .004},
    {"town-police-records",
     "victim",
     .40,
     .80,
     .02,
     .45,
     .93,
     .95,
     .88,
     0,
     .88,
     .55,
     .10,
     .008,
     .008,
     .04,
     .002,
     .006,
     .004,
     0,
     .40,
     .001},
    {"hill-homes", "tenant", .30,  1,    .01, .30,  .95,  .60,  .97, .90, .97,
     .70,          .45,      .006, .004, .05, .002, .005, .002, 1,   0,   0},
    {"vale-homes", "tenant", .18,  1,    .02, .20,  .88,  .20,  .96, .30, .97,
     .60,          .30,      .010, .006, .06, .004, .008, .003, 0,   .20, .003},
    {"council", "reporter", .25,  .10,  .10, .05,  .25,  .10,  .90, 0,   .93,
     .55,       .60,        .016, .010, .14, .006, .012, .008, .5,  .02, .010},
    {"health-trust", "patient", .14, 1,    .005, .50,  .99, .99, .60, 0, .96, .50, .10,
     .004,           .003,      .02, .001, .002, .001, 0,   .90, 0},
    {"fire-service", "occupier", .10, 0,    0,    .02,  .22, .10, .99, .40, .98, .35, 0,
     .015,           .020,       .08, .005, .010, .006, 0,   .10, .010},
    {"outreach", "client", .08,  .90,  .04, .10,  .80,  .80,  .45, 0,   .50,
     .60,        .25,      .020, .015, .18, .005, .020, .010, 0,   .05, .005},
};

class Writer {
 public:
  Writer(const District& district, const Names& names, std::uint64_t seed)
      : district_(district), names_(names), draw_(seed ^ 0x5eed) {}

  AllSaid write() {
    for (std::size_t who = 0; who < district_.people.size(); ++who)
      if (draw_.chance(.36)) write_person(who);
    return std::move(said_);
  }

 private:
  void write_person(std::size_t who) {
    bool met = false;
    for (const Agency& agency : kAgencies)
      if (draw_.chance(agency.knows)) {
        met = true;
        meet(agency, who);
      }
    if (!met) meet(kAgencies[0], who);
  }

  void meet(const Agency& agency, std::size_t who) {
    std::string reference = next_reference(agency), second = next_reference(agency);
    const bool two = draw_.chance(agency.two_references);
    const bool calls = std::string_view(agency.role) == "caller";
    // Few call often.
    int records = 1;
    const double often = draw_.share();
    if (calls && often < .01)
      records = draw_.between(12, 45);
    else if (calls && often < .06)
      records = draw_.between(5, 14);
    else if (often < .45)
      records = draw_.between(2, 4);
    for (int i = 0; i < records; ++i) write_record(agency, who, two && draw_.chance(.5) ? second : reference);
  }

  std::string next_reference(const Agency& agency) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%c%06d", std::toupper(agency.id[0]), ++references_[agency.id] * 7);
    return text.data();
  }

  std::string slipped(std::string value, const Agency& agency, bool heard) {
    if (heard && draw_.chance(agency.ear)) value = by_ear(std::move(value), draw_);
    if (draw_.chance(agency.keyboard)) value = by_keyboard(std::move(value), draw_);
    return value;
  }

  void write_names(const Agency& agency, const Someone& one, Said& said) {
    said.given = one.given;
    const std::vector<std::string>* nicknames = names_.nicknames_of(one.given);
    if (nicknames != nullptr && draw_.chance(agency.nickname)) {
      said.given = draw_.one_of(*nicknames);
      said.given[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(said.given[0])));
    }
    said.given = slipped(said.given, agency, true);
    if (draw_.chance(agency.initial)) said.given.resize(1);
    said.family = slipped(on_day(one.family, said.day), agency, true);
    if (!one.middle.empty() && draw_.chance(agency.middle))
      said.middle = draw_.chance(.3) ? one.middle.substr(0, 1) : one.middle;
    if (draw_.chance(agency.swapped)) std::swap(said.given, said.family);
    if (draw_.chance(agency.capitals)) said.family = upper(said.family);
    if (draw_.chance(agency.generic)) (draw_.chance(.5) ? said.given : said.family) = "Unknown";
    if (!draw_.chance(agency.whole_name)) return;
    said.whole = draw_.chance(.5) ? said.family + ", " + said.given
                                  : (draw_.chance(.3) ? (one.woman ? "Mrs " : "Mr ") : std::string()) + said.given +
                                        (said.middle.empty() ? "" : " " + said.middle) + " " + said.family;
    said.given = said.family = said.middle = "";
  }

  void write_address(const Agency& agency, const Someone& one, Said& said) {
    const Home& home = district_.homes[on_day(one.home, said.day)];
    if (draw_.chance(agency.generic)) {
      if (draw_.chance(.5)) said.lines = "NFA";
      return;
    }
    if (draw_.chance(agency.address)) said.lines = slipped(home.lines, agency, false);
    if (draw_.chance(agency.postcode)) said.postcode = slipped(home.postcode, agency, false);
    if (draw_.chance(agency.uprn)) said.uprn = home.uprn;
    if (draw_.chance(.1))
      said.postcode.erase(std::remove(said.postcode.begin(), said.postcode.end(), ' '), said.postcode.end());
    if (!draw_.chance(agency.phone)) return;
    const std::string& mobile = on_day(one.mobile, said.day);
    said.phone = mobile.empty() || (!home.landline.empty() && draw_.chance(.25)) ? home.landline : mobile;
    said.phone = slipped(said.phone, agency, false);
    if (draw_.chance(agency.generic)) said.phone = "0800 000000";
  }

  void write_record(const Agency& agency, std::size_t who, const std::string& reference) {
    const Someone& one = district_.people[who];
    Said said;
    said.agency = agency.id;
    said.role = agency.role;
    said.is_call = said.role == "caller";
    said.day = draw_.between(0, kDays - 1);
    said.minute = draw_.between(0, 24 * 60 - 1);
    std::array<char, 32> id{};
    std::snprintf(id.data(), id.size(), "%s-%06zu", agency.id, said_.records.size());
    said.id = id.data();
    if (draw_.chance(agency.reference)) said.reference = reference;
    write_names(agency, one, said);
    write_address(agency, one, said);
    if (draw_.chance(agency.born))
      said.born = draw_.chance(agency.generic)
                      ? "1900-01-01"
                      : iso(draw_.chance(agency.wrong_born) ? wrong_day(one.born, draw_) : one.born);
    if (draw_.chance(agency.sex)) said.sex = one.woman ? "female" : "male";
    if (draw_.chance(agency.email)) said.email = slipped(one.email, agency, false);
    said_.records.push_back(std::move(said));
    said_.who.push_back(who);
  }

  const District& district_;
  const Names& names_;
  Draw draw_;
  AllSaid said_;
  std::map<std::string, int> references_;
};

}  // namespace

AllSaid what_agencies_say(const District& district, const Names& names, std::uint64_t seed) {
  return Writer(district, names, seed).write();
}

}  // namespace people
