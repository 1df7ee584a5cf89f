#include "deploy/south-and-vale/generator/cast.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <set>

#include "deploy/south-and-vale/generator/principals.h"

namespace south_and_vale {
namespace {

constexpr int kCrowd = 1400;

constexpr std::array<const char*, 28> kWomen = {
    "Wanda",   "Katya",   "Clara",  "Maeve",  "Olive",  "Yvette", "Imogen", "Cecily",  "Gwen",  "Beryl",
    "Noëlle",  "Thérèse", "Noémi",  "Anaïs",  "Fatima", "Nadia",  "Hanna",  "Lucinda", "Petra", "Ottilie",
    "Perdita", "Una",     "Verity", "Winona", "Bridie", "Maëlle", "Inés",   "Sunita"};
constexpr std::array<const char*, 28> kMen = {
    "Rupert", "Nigel",    "Victor",  "Tariq",  "Percy", "Lionel",   "Zachary", "Harold", "Bertram", "Farouk",
    "Dilip",  "Xavier",   "Douglas", "Björn",  "André", "José",     "Quentin", "Cosmo",  "Barnaby", "Ignatius",
    "Wilbur", "Alphonse", "Cedric",  "Jasper", "Lazlo", "Montague", "Osbert",  "Ravi"};
constexpr std::array<const char*, 40> kFamilies = {
    "Notionby",    "Exampleford", "Samplestone", "Pretendham", "Supposeby",    "Fauxley",        "Imaginard",
    "Specimenson", "Fableton",    "Inventham",   "Demonsby",   "Fictionby",    "Makebelieveson", "Storyfield",
    "Parableson",  "Hypothesby",  "Conjectham",  "Allegorson", "Mockingfield", "Placeholt",      "Dummyfield",
    "Unrealby",    "Nowhereley",  "Madeupson",   "Figmentham", "Pretextley",   "Imaginé",        "Fabulé",
    "Inventór",    "Quimeravez",  "Simulacre",   "Fantasmo",   "Mythington",   "Legendham",      "Whimsley",
    "Daydreamer",  "Chimeraby",   "Phantomley",  "Semblance",  "Nonesuch"};

std::string fictional_postcode(Random& random) {
  static constexpr std::string_view kLetters = "ABDEFGHJLNPQRSTUWXYZ";
  std::string code = "OX99 " + std::to_string(random.between(1, 9));
  code.push_back(random.pick(kLetters));
  code.push_back(random.pick(kLetters));
  return code;
}

// Numbers 100 to 999 of the two ranges are the crowd's; those below belong to the people of the stories.
std::string drama_number(Random& random) {
  const std::string range = random.chance(70) ? "07700 900" : "01632 960";
  return range + padded(random.between(100, 999), 3);
}

Person member_of_crowd(Random& random, int number) {
  Person person;
  person.sex = random.chance(54) ? 'F' : 'M';
  person.given = person.sex == 'F' ? random.pick(kWomen) : random.pick(kMen);
  person.family = random.pick(kFamilies);
  const int year = random.between(1938, 2001);
  const int month = random.between(1, 12);
  person.born = at(year, month, random.between(1, 28));
  person.town = random.pick(towns());
  person.street = std::to_string(random.between(1, 98)) + " ";
  person.street += random.pick(streets());
  person.postcode = fictional_postcode(random);
  person.phone = drama_number(random);
  const int home = random.below(10);
  person.landlord = home < 3 ? Landlord::kSoha : home < 6 ? Landlord::kSovereign : Landlord::kNone;
  person.number = number;
  return person;
}

}  // namespace

const std::vector<std::string_view>& towns() {
  static const std::vector<std::string_view> kTowns = {"Abingdon", "Abingdon",  "Didcot", "Didcot", "Wallingford",
                                                       "Wantage",  "Faringdon", "Thame",  "Henley"};
  return kTowns;
}

const std::vector<std::string_view>& streets() {
  static const std::vector<std::string_view> kStreets = {
      "Storyboard Place", "Sample Street", "Makebelieve Lane", "Imaginary Row",  "Notional Road",
      "Pretence Hill",    "Example Close", "Invention Way",    "Specimen Court", "Fable Gardens"};
  return kStreets;
}

Cast::Cast() : people_(principals()), crowd_(people_.size()) { add_crowd(); }

// Nobody of the crowd has another's name: whoever is meant to be one person is, and nobody else.
void Cast::add_crowd() {
  Random random("crowd");
  std::set<std::string> names;
  for (const Person& person : people_) names.insert(person.given + " " + person.family);
  int number = 100;
  while (people_.size() < crowd_ + kCrowd) {
    Person person = member_of_crowd(random, number);
    if (!names.insert(person.given + " " + person.family).second) continue;
    people_.push_back(std::move(person));
    ++number;
  }
}

const Person& Cast::operator[](std::string_view key) const {
  for (const Person& person : people_)
    if (person.key == key) return person;
  std::fprintf(stderr, "generate: nobody in the cast is called \"%s\"\n", std::string(key).c_str());
  std::exit(1);
}

const Person& Cast::somebody(Random& random) const {
  return people_[crowd_ + static_cast<std::size_t>(random.below(static_cast<int>(people_.size() - crowd_)))];
}

const Person& Cast::somebody_in(Random& random, std::string_view town) const {
  while (true) {
    const Person& person = somebody(random);
    if (person.town == town) return person;
  }
}

void Newcomers::crowd_is_used_up() {
  std::fputs("generate: the crowd is too small\n", stderr);
  std::exit(1);
}

}  // namespace south_and_vale
