#include "tests/people/population.h"

#include <array>
#include <cstdio>

namespace people {
namespace {

std::string printed(const char* form, std::size_t number) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), form, number);
  return text.data();
}

class Maker {
 public:
  Maker(const Names& names, std::uint64_t seed) : names_(names), draw_(seed) {}

  District make(std::size_t people) {
    hostel_ = add_home(true);
    while (district_.people.size() < people) add_household();
    for (Someone& one : district_.people) live(one);
    return std::move(district_);
  }

 private:
  // A dozen homes in a row have one street and one postcode.
  std::size_t add_home(bool communal = false) {
    if (homes_in_row_ == 0) {
      homes_in_row_ = draw_.between(6, 18);
      street_ = draw_.one_of(names_.streets);
      postcode_ = draw_.one_of(names_.postcodes);
      number_ = draw_.between(1, 120);
      flats_ = draw_.chance(.12);
    }
    --homes_in_row_;
    ++number_;
    Home home;
    home.lines = communal ? std::string("Larkrise House, ") + street_
                 : flats_ ? printed("Flat %zu, ", static_cast<std::size_t>(number_ % 24 + 1)) +
                                printed("%zu ", static_cast<std::size_t>(number_ / 24 + 1)) + street_
                          : printed("%zu ", static_cast<std::size_t>(number_)) + street_;
    home.postcode = postcode_;
    home.uprn = printed("1000%08zu", district_.homes.size() * 37 + 11);
    if (!communal && draw_.chance(.45)) home.landline = phone("01632 ");
    district_.homes.push_back(std::move(home));
    return district_.homes.size() - 1;
  }

  std::string phone(const char* start) { return start + printed("%06zu", draw_.below(1'000'000)); }

  Day birthday(int from, int to) { return {draw_.between(from, to), draw_.between(1, 12), draw_.between(1, 28)}; }

  Someone& add(std::size_t household, std::size_t home, bool woman, const std::string& family, Day born) {
    std::string given = (woman ? names_.women : names_.men).draw(draw_);
    while (home != hostel_ && is_taken(household, given)) given = (woman ? names_.women : names_.men).draw(draw_);
    Someone& one = district_.people.emplace_back();
    one.household = household;
    one.woman = woman;
    one.given = std::move(given);
    if (draw_.chance(.6)) one.middle = (woman ? names_.women : names_.men).draw(draw_);
    one.born = born;
    one.family = {{0, family}};
    one.home = {{0, home}};
    if (born.year < 2009 && draw_.chance(.85)) one.mobile = {{0, "07700 " + printed("%06zu", draw_.below(1'000'000))}};
    if (one.mobile.empty()) one.mobile = {{0, ""}};
    if (born.year < 2005 && draw_.chance(.6)) {
      one.email =
          one.given + "." + family + (draw_.chance(.6) ? printed("%zu", draw_.below(100)) : "") + "@mail.example";
      for (char& c : one.email)
        c = static_cast<char>(c == ' ' || c == '\'' ? '.' : std::tolower(static_cast<unsigned char>(c)));
    }
    return one;
  }

  // Nobody calls two of a household alike, but a son after his father.
  bool is_taken(std::size_t household, const std::string& given) const {
    for (auto one = district_.people.rbegin(); one != district_.people.rend() && one->household == household; ++one)
      if (one->given == given) return true;
    return false;
  }

  void add_children(std::size_t household, std::size_t home, const std::string& family, int eldest,
                    const std::string& father) {
    const int children = draw_.between(1, 4);
    Day last{};
    for (int i = 0; i < children; ++i) {
      const bool twin = i > 0 && draw_.chance(.025);
      const Day born = twin ? last : birthday(std::min(eldest, 2015), 2015);
      last = born;
      const bool woman = draw_.chance(.5);
      Someone& child = add(household, home, woman, family, born);
      if (!woman && !father.empty() && draw_.chance(.04)) child.given = father;
    }
  }

  void add_household() {
    const std::size_t household = ++households_;
    const double kind = draw_.share();
    const std::string family = family_name();
    if (kind < .01) {
      add(household, hostel_, draw_.chance(.3), family, birthday(1960, 2000));
      return;
    }
    const std::size_t home = add_home();
    const int year = draw_.between(1934, 1992);
    if (kind < .36) {
      add(household, home, draw_.chance(.52), family, birthday(year, year));
      return;
    }
    if (kind < .44) {  // sharers: nothing in common but the address
      for (int i = draw_.between(2, 4); i > 0; --i)
        add(household, home, draw_.chance(.5), family_name(), birthday(1985, 2001));
      return;
    }
    std::string father;
    if (kind < .88) {
      father = add(household, home, false, family, birthday(year - 3, year + 3)).given;
      add(household, home, true, draw_.chance(.75) ? family : family_name(), birthday(year - 3, year + 3));
    } else {
      add(household, home, draw_.chance(.85), family, birthday(year, year));
    }
    if (kind > .62) add_children(household, home, family, year + 22, father);
    if (draw_.chance(.04)) add(household, home, draw_.chance(.6), family, birthday(year - 34, year - 22));
  }

  std::string family_name() {
    std::string family = names_.surnames.draw(draw_);
    if (draw_.chance(.02)) family += "-" + names_.surnames.draw(draw_);
    return family;
  }

  // What changes in two years.
  void live(Someone& one) {
    if (draw_.chance(.12)) one.home.push_back({draw_.between(30, kDays - 30), add_home()});
    if (one.woman && one.born.year < 2001 && draw_.chance(.02))
      one.family.push_back({draw_.between(30, kDays - 30), family_name()});
    if (!one.mobile.front().what.empty() && draw_.chance(.15))
      one.mobile.push_back({draw_.between(30, kDays - 30), "07700 " + printed("%06zu", draw_.below(1'000'000))});
  }

  const Names& names_;
  Draw draw_;
  District district_;
  std::size_t households_ = 0, hostel_ = 0;
  int homes_in_row_ = 0, number_ = 0;
  bool flats_ = false;
  std::string street_, postcode_;
};

constexpr std::array kDaysOfMonth = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

}  // namespace

Day day_of(int number) {
  Day day{2019, 4, 1 + number};
  while (true) {
    const bool leap = day.year % 4 == 0;
    const int days = kDaysOfMonth[static_cast<std::size_t>(day.month - 1)] + (leap && day.month == 2 ? 1 : 0);
    if (day.day <= days) return day;
    day.day -= days;
    if (++day.month > 12) {
      day.month = 1;
      ++day.year;
    }
  }
}

std::string iso(const Day& day) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", day.year, day.month, day.day);
  return text.data();
}

District make_district(const Names& names, std::uint64_t seed, std::size_t people) {
  return Maker(names, seed).make(people);
}

}  // namespace people
