#include "deploy/south-and-vale/generator/principals.h"

#include "deploy/south-and-vale/generator/fields.h"

namespace south_and_vale {
namespace {

// key | given | family | born | sex | street | town | postcode | telephone | landlord
// Desmond and Dominic Fauxmere share an address, the two Joan Pretendwoods a name: four people, never to be linked.
constexpr const char* kPeople[] = {
    "martin|Martin|Exampleton|1971-03-14|M|8 Storyboard Place|Abingdon|OX99 5BP|07700 900001|soha",
    "sian|Siân|Inventley|1963-07-02|F|63 Sample Street|Didcot|OX99 1DX|07700 900002|soha",
    "geraldine|Geraldine|Samplewell|1955-11-23|F|2 Makebelieve Lane|Wantage|OX99 7EF|01632 960003|soha",
    "desmond|Desmond|Fauxmere|1958-05-09|M|5 Storyboard Place|Thame|OX99 4FQ|07700 900004|",
    "dominic|Dominic|Fauxmere|1989-09-30|M|5 Storyboard Place|Thame|OX99 4FQ|07700 900005|",
    "joan-44|Joan|Pretendwood|1944-02-18|F|14 Imaginary Row|Faringdon|OX99 7HG|01632 960006|soha",
    "joan-90|Joan|Pretendwood|1990-10-06|F|54 Notional Road|Didcot|OX99 4JR|07700 900007|",
    "tobias|Tobias|Madeupham|1979-12-01|M|15 Pretence Hill|Abingdon|OX99 8LZ|07700 900008|",
    "priya|Priya|Figmentley|1986-04-27|F|19 Sample Street|Wallingford|OX99 5NH|01632 960009|",
    "callum|Callum|Supposeworth|1994-08-15|M|57 Makebelieve Lane|Henley|OX99 4PS|07700 900010|",
    "bronwen|Bronwen|Fabletree|1951-01-20|F|30 Pretence Hill|Abingdon|OX99 3QA|07700 900011|",
    "leon|Leon|Notionham|1983-06-11|M|18 Storyboard Place|Didcot|OX99 9RJ|01632 960012|",
    "agnes|Agnes|Specimenby|1938-03-03|F|27 Makebelieve Lane|Wantage|OX99 1ST|07700 900013|soha",
    "ivor|Ivor|Demonstrand|1966-09-19|M|1 Example Close|Faringdon|OX99 3TB|07700 900014|",
    "kwame|Kwame|Imaginald|1975-05-25|M|6 Invention Way|Didcot|OX99 1UL|01632 960015|soha",
    "rosalind|Rosalind|Exemplarsson|1948-12-12|F|13 Example Close|Thame|OX99 3WU|07700 900016|",
    "marguerite|Marguerite|Storyfield|1959-08-08|F|22 Fable Gardens|Didcot|OX99 8ZW|07700 900017|soha",
    "terence|Terence|Conjecture|1970-02-02|M|9 Specimen Court|Abingdon|OX99 4AE|07700 900018|soha",
    "olu|Olu|Allegoryn|1988-11-29|M|7 Storyboard Place|Abingdon|OX99 2DX|07700 900019|soha",
    "winifred|Winifred|Parableson|1941-06-30|F|11 Notional Road|Henley|OX99 9EF|01632 960020|soha",
    "beatrix|Beatrix|Hypothesby|1997-05-17|F|3 Sample Street|Wantage|OX99 2BP|07700 900021|soha",
    "wilfred|Wilfred|Concoctham|1947-09-03|M|16 Fable Gardens|Thame|OX99 6WD|01632 960022|",
    "ottoline|Ottoline|Pretextley|1969-01-28|F|41 Invention Way|Abingdon|OX99 2PP|07700 900023|sovereign",
    "horace|Horace|Dummison|1952-12-19|M|8 Imaginary Row|Didcot|OX99 7HD|01632 960024|",
    "delia|Delia|Mockingham|1981-08-21|F|29 Example Close|Wallingford|OX99 3DN|07700 900025|sovereign",
    "rhys|Rhys|Imaginwell|1992-02-11|M|70 Specimen Court|Henley|OX99 8RY|07700 900026|",
    "ffion|Ffion|Storyline|1974-06-05|F|12 Pretence Hill|Wantage|OX99 5FS|07700 900027|sovereign",
    "stanley|Stanley|Makepretend|1939-04-17|M|33 Notional Road|Didcot|OX99 1SN|01632 960028|soha",
    "yasmin|Yasmin|Unrealham|1985-10-30|F|4 Sample Street|Abingdon|OX99 9YU|07700 900029|",
    "gethin|Gethin|Sampleby|1977-07-07|M|21 Storyboard Place|Faringdon|OX99 4GS|07700 900030|",
    "zoe|Zoé|Placeholder|1967-03-22|F|6 Makebelieve Lane|Abingdon|OX99 6ZP|07700 900031|sovereign",
    "therese|Thérèse|Ficcione|1990-12-08|F|52 Fable Gardens|Didcot|OX99 2RF|07700 900032|sovereign",
    "edmund|Edmund|Allegoray|1956-05-15|M|19 Example Close|Wallingford|OX99 7EA|01632 960033|",
    "mabel|Mabel|Parablewood|1936-01-09|F|2 Pretence Hill|Henley|OX99 1NP|01632 960034|",
    "clifford|Clifford|Nowhereby|1962-11-14|M|37 Invention Way|Thame|OX99 8DN|07700 900035|",
    "hamish|Hamish|Whatiffe|1987-04-04|M|14 Specimen Court|Wantage|OX99 3HW|07700 900036|",
    "helena|Helena|Fictionova|1988-06-16|F|5 Example Close|Didcot|OX99 5HF|07700 900037|soha",
    "viktor|Viktor|Fictionov|1984-02-23|M|5 Example Close|Didcot|OX99 5HF|07700 900038|",
    "carys|Carys|Notrealby|1995-09-12|F|18 Makebelieve Lane|Abingdon|OX99 6DN|07700 900039|sovereign",
    "dean|Dean|Supposeham|1993-03-01|M|80 Notional Road|Abingdon|OX99 9DS|07700 900040|",
    "amara|Amara|Imagindale|1979-10-20|F|27 Fable Gardens|Wantage|OX99 4AN|07700 900041|",
    "piers|Piers|Imagindale|1976-07-29|M|27 Fable Gardens|Wantage|OX99 4AN|07700 900042|",
    "judith|Judith|Examplewick|1954-04-11|F|10 Pretence Hill|Henley|OX99 2JE|01632 960043|",
    "conrad|Conrad|Examplewick|1951-08-06|M|10 Pretence Hill|Henley|OX99 2JE|01632 960044|",
    "lena|Lena|Inventura|1999-01-17|F|44 Sample Street|Didcot|OX99 8LN|07700 900045|soha",
    "marek|Marek|Pretendski|1996-05-30|M|13 Imaginary Row|Didcot|OX99 3NP|07700 900046|",
    "tamsin|Tamsin|Fabledown|1982-12-03|F|9 Storyboard Place|Faringdon|OX99 7TF|07700 900047|sovereign",
    "guy|Guy|Fabledown|1980-11-11|M|9 Storyboard Place|Faringdon|OX99 7TF|07700 900048|",
    "noor|Noor|Mythwell|1991-07-24|F|31 Invention Way|Wallingford|OX99 6NN|07700 900049|",
    "jared|Jared|Conjuror|1998-08-19|M|66 Notional Road|Didcot|OX99 1JD|07700 900050|",
    "kyle|Kyle|Phantomby|1997-02-27|M|15 Specimen Court|Abingdon|OX99 5LP|07700 900051|",
    "shane|Shane|Nonesuchley|1986-10-02|M|1 Imaginary Row|Wantage|OX99 9SN|07700 900052|",
    "tyrone|Tyrone|Whimsham|2000-06-09|M|23 Sample Street|Henley|OX99 2TW|07700 900053|",
    "lorcan|Lorcan|Makebelief|1983-05-05|M|12 Specimen Court|Abingdon|OX99 8LN|07700 900054|sovereign",
    "brandon|Brandon|Fabricant|1989-01-31|M|35 Imaginary Row|Didcot|OX99 4BF|07700 900055|soha",
    "percival|Percival|Hypothet|1964-09-27|M|20 Notional Road|Abingdon|OX99 7PH|01632 960056|sovereign",
    "dorothea|Dorothea|Semblant|1949-03-08|F|6 Fable Gardens|Thame|OX99 3DS|01632 960057|soha",
    "jasper|Jasper|Nowherefield|1972-12-25|M|no fixed abode|Didcot||07700 900058|",
    "kayleigh|Kayleigh|Daydreamson|2003-04-02|F|17 Example Close|Abingdon|OX99 6LD|07700 900059|sovereign",
    "cuthbert|Cuthbert|Hoardingley|1945-10-13|M|3 Pretence Hill|Wantage|OX99 1DH|01632 960060|sovereign",
    "isolde|Isolde|Chimerawood|1968-08-28|F|40 Makebelieve Lane|Faringdon|OX99 5JD|07700 900061|sovereign",
    "norris|Norris|Quandary|1973-02-14|M|26 Storyboard Place|Thame|OX99 9NQ|07700 900062|",
    "edith|Edith|Legendwood|1958-01-05|F|8 Example Close|Abingdon|OX99 2EL|07700 900063|sovereign",
    "barnaby|Barnaby|Legendless|1970-06-21|M|10 Example Close|Abingdon|OX99 2EL|07700 900064|sovereign",
    "prudence|Prudence|Simulacra|1961-11-02|F|48 Pretence Hill|Wallingford|OX99 4PN|07700 900065|",
    "otto|Otto|Pupley|1994-03-19|M|51 Pretence Hill|Wallingford|OX99 6PP|07700 900066|",
    "felix|Felix|Mirageson|1985-09-09|M|7 Invention Way|Wantage|OX99 8FN|07700 900067|",
    "petunia|Petunia|Mirageless|1986-12-12|F|9 Invention Way|Wantage|OX99 8FN|07700 900068|",
    "katya-n|Katya|Notionsby|1975-05-28|F|62 Imaginary Row|Faringdon|OX99 6QA|07700 900069|soha",
    "tariq-i|Tariq|Inventholm|1972-05-19|M|39 Specimen Court|Thame|OX99 8EF|07700 900070|soha",
    "wanda-d|Wanda|Demonsley|1999-08-15|F|45 Example Close|Faringdon|OX99 8ZD|07700 900071|soha",
    "katya-e|Katya|Examplefield|1982-05-11|F|44 Notional Road|Wantage|OX99 4TB|01632 960072|soha",
    "dilip-e|Dilip|Examplefield|1965-08-05|M|28 Fable Gardens|Abingdon|OX99 8JR|07700 900073|soha",
};

Landlord landlord(std::string_view name) {
  return name == "soha" ? Landlord::kSoha : name == "sovereign" ? Landlord::kSovereign : Landlord::kNone;
}

}  // namespace

std::vector<Person> principals() {
  std::vector<Person> people;
  for (const char* row : kPeople) {
    const std::vector<std::string_view> cells = fields(row, 10);
    Person person;
    person.key = cells[0];
    person.given = cells[1];
    person.family = cells[2];
    person.born = moment(cells[3]);
    person.sex = cells[4].front();
    person.street = cells[5];
    person.town = cells[6];
    person.postcode = cells[7];
    person.phone = cells[8];
    person.landlord = landlord(cells[9]);
    person.number = static_cast<int>(people.size()) + 1;
    people.push_back(std::move(person));
  }
  return people;
}

}  // namespace south_and_vale
