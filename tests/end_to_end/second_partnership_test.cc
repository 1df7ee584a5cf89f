// Another partnership's folder runs without a change of code: tests/data/harbour-and-fell has other agencies, areas,
// codes, dates, encodings, board and rules than the demonstration's.
#include <gtest/gtest.h>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/byte_scan.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/personal_values.h"

namespace moot {
namespace {

namespace json = boost::json;

const std::filesystem::path kSource = MOOT_SOURCE_DIR;

// The quoted values of a partnership's definition: its ids, names, areas, titles.
std::set<std::string> words_of(const std::filesystem::path& definition) {
  std::set<std::string> words;
  const std::string text = read_text(definition);
  for (std::size_t open = text.find('"'); open != std::string::npos; open = text.find('"', open + 1)) {
    const std::size_t close = text.find('"', open + 1);
    if (close == std::string::npos) break;
    words.insert(text.substr(open + 1, close - open - 1));
    open = close;
  }
  return words;
}

// What only the demonstration has: its own names, those of its board, and the people of two of its agencies. Where both
// partnerships' authors thought of the same word, it tells nothing.
std::set<std::string> demonstration_words() {
  const std::filesystem::path demonstration = kSource / "deploy/south-and-vale";
  PersonalValues people;
  people.add_cloudevents(demonstration / "oxford-health/answers.jsonl");
  people.add_csv(demonstration / "police/contacts-2020-11.csv", {"Caller surname", "Address", "Log text"});
  std::set<std::string> words = people.values();
  words.merge(words_of(demonstration / "partnership.toml"));
  for (const char* product_word : {"agenda", "callers", "report", "annual"}) words.erase(product_word);
  std::erase_if(words, [](const std::string& word) { return word.size() < ByteScan::kShortest; });
  const ByteScan scan(words);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kSource / "tests/data/harbour-and-fell"))
    if (entry.is_regular_file())
      for (const std::string& shared : scan.found_in(read_text(entry.path()))) words.erase(shared);
  return words;
}

TEST(SecondPartnership, HasItsDocumentsAndNoWordOfTheDemonstrationInThem) {
  const TemporaryFolder folder;
  const Installation here(folder / "data", kSource / "tests/data/harbour-and-fell/partnership.toml");
  const FileTexts documents = here.documents(folder / "out");
  for (const char* name : {"list.html", "list.json", "pack.html", "pack.json"})
    ASSERT_TRUE(documents.contains(name)) << name;
  const std::set<std::string> words = demonstration_words();
  for (const char* word : {"Exampleton", "thames-valley-police", "Didcot"}) EXPECT_TRUE(words.contains(word)) << word;
  const ByteScan scan(words);
  for (const auto& [name, text] : documents)
    EXPECT_EQ(scan.found_in(text), std::set<std::string>()) << name << " has words of the demonstration";
  // The scan can fail: the demonstration's own documents are full of them.
  const Installation there(folder / "demonstration", kSource / "deploy/south-and-vale/partnership.toml");
  EXPECT_GT(scan.found_in(there.documents(folder / "other").at("agenda.html")).size(), 3u);
}

// The list for 6 February 2024: 28 days, five places, twelve hours an episode, counted by hand from the files.
TEST(SecondPartnership, ListsTheRepeatReportersOfItsOwnRules) {
  const TemporaryFolder folder;
  const Installation here(folder / "data", kSource / "tests/data/harbour-and-fell/partnership.toml");
  const FileTexts documents = here.documents(folder / "out");
  ASSERT_TRUE(documents.contains("list.json"));
  const json::object list = json_of(documents.at("list.json"));
  std::vector<std::string> lines;
  for (const json::value& row : list.at("callers").as_array()) {
    const json::object& caller = row.as_object();
    lines.push_back(std::string(caller.at("name").as_string()) + " " + std::to_string(number_in(caller, "episodes")) +
                    " " + std::to_string(number_in(caller, "calls")));
  }
  ASSERT_EQ(lines.size(), 5u) << documents.at("list.json");
  EXPECT_EQ(lines[0], "Zoë Ficklestone 4 5");
  EXPECT_EQ(std::set<std::string>(lines.begin() + 1, lines.begin() + 3),
            (std::set<std::string>{"Renée Storywell 3 3", "Ada Pretendlow 3 3"}));
  EXPECT_EQ(std::set<std::string>(lines.begin() + 3, lines.end()),
            (std::set<std::string>{"Tom Figmentworth 2 2", "Inês Madeupsen 2 2"}));
  ASSERT_EQ(list.at("left").as_array().size(), 1u);
  EXPECT_EQ(list.at("left").as_array()[0].as_object().at("name").as_string(), "Brân Notwick");
}

}  // namespace
}  // namespace moot
