// A configuration with a mistake is refused whole, with the file, the line, the key and what was expected; one that
// cannot be read, with its name.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "deploy/partnership_folder.h"
#include "tests/contract/temporary_folder.h"

namespace moot {
namespace {

constexpr const char* kGood = R"(id   = "fens"
name = "Fens Community Safety Partnership"
bus  = "tcp://127.0.0.1:0"
[[agency]]
id          = "fens-council"
name        = "Fens Council"
rhythm_days = 7
[[watch]]
agency = "fens-council"
folder = "drop"
keep_days = 7
[[pull]]
agency = "fens-council"
url    = "https://fens.example/open311/v2"
since  = 2024-05-01
every_minutes = 30
format = "xml"
by     = "updated"
)";

struct Change {
  std::string name, good, bad, line, says;
};

class PartnershipMistake : public testing::TestWithParam<Change> {
 protected:
  Status load(const std::string& text) {
    const std::filesystem::path file = folder_ / "partnership.toml";
    std::ofstream(file) << text;
    return load_partnership_folder(file).status();
  }
  TemporaryFolder folder_;
};

TEST_P(PartnershipMistake, IsToldWithItsPlaceAndChangesNothing) {
  const Change& change = GetParam();
  std::string text = kGood;
  ASSERT_TRUE(load(text).ok()) << load(text).message();
  const std::size_t place = text.find(change.good);
  ASSERT_NE(place, std::string::npos);
  const Status status = load(text.replace(place, change.good.size(), change.bad));
  EXPECT_EQ(status.code(), Code::kDefinition);
  for (const std::string& part : {std::string("partnership.toml"), "line " + change.line, change.says})
    EXPECT_NE(status.message().find(part), std::string::npos) << part << " in: " << status.message();
}

const Change kChanges[] = {
    {"FiguresAtNoAddress", "bus  = \"tcp://127.0.0.1:0\"", "metrics = \"9464\"", "3", "is no address to listen on"},
    {"AGatewayAtNoAddress", "bus  = \"tcp://127.0.0.1:0\"", "http = \"moot.example\"", "3",
     "is no address to listen on"},
    {"AWrongKey", "rhythm_days", "rythm_days", "7", "agency.rythm_days"},
    {"AWrongType", "rhythm_days = 7", "rhythm_days = \"weekly\"", "7", "agency.rhythm_days"},
    {"AUnitWhereANumberOfDaysIs", "keep_days = 7", "keep_days = \"7d\"", "11", "watch.keep_days"},
    {"ANumberBeyondItsRange", "keep_days = 7", "keep_days = -7", "11", "watch.keep_days"},
    {"ABusWithoutAPort", "tcp://127.0.0.1:0", "tcp://127.0.0.1", "3", "\"bus\""},
    {"ABusThatIsAPort", "tcp://127.0.0.1:0", "5570", "3", "tcp://127.0.0.1:5570"},
    {"ABusOnAPortThatThereIsNot", "tcp://127.0.0.1:0", "tcp://127.0.0.1:70000", "3", "\"bus\""},
    {"AnAgencyThatIsNotThere", "agency = \"fens-council\"", "agency = \"fens-police\"", "9", "watch.agency"},
    {"APullWithoutABeginning", "since  = 2024-05-01\n", "", "12", "pull.since"},
    {"APullInTheClear", "https://fens", "http://fens", "14", "https: http is for a server of this machine"},
    {"APullWithAPasswordInItsAddress", "https://fens", "https://user:word@fens", "14", "without user"},
    {"APullInAnotherForm", "\"xml\"", "\"csv\"", "17", "expected \"json\" or \"xml\""},
    {"APullByAnotherTime", "\"updated\"", "\"closed\"", "18", "expected \"updated\" or \"requested\""},
    {"APullTooOften", "every_minutes = 30", "every_minutes = 0", "16", "pull.every_minutes"},
    {"APullThatLooksBackForNothing", "every_minutes = 30", "look_back_days = 30", "16", "by = \"requested\""},
    {"AHeaderWithoutAKey", "every_minutes = 30", "api_key_header = \"X-Key\"", "16", "api_key_file is missing"},
    {"APullOfNobody", "agency = \"fens-council\"\nurl", "agency = \"fens-police\"\nurl", "13", "pull.agency"},
    {"TwoPullsOfOneAgency", "[[pull]]\n",
     "[[pull]]\nagency = \"fens-council\"\nurl = \"https://a.example\"\nsince = 2024-05-01\n[[pull]]\n", "17",
     "has a pull already"},
    {"NoName", "name = \"Fens C", "nmae = \"Fens C", "1", "\"name\""},
};
INSTANTIATE_TEST_SUITE_P(Each, PartnershipMistake, testing::ValuesIn(kChanges),
                         [](const auto& info) { return info.param.name; });

TEST(Partnership, RefusesDefinitionsThatNameWhatItHasNot) {
  const TemporaryFolder folder;
  const auto said = [&](const std::string& areas, const std::string& measure) {
    std::ofstream(folder / "report.toml") << "id = \"r\"\ntitle = \"R\"\nversion = \"1\"\n[[measure]]\nid = \"a\"\n"
                                             "title = \"A\"\n"
                                          << measure;
    std::ofstream(folder / "partnership.toml") << "reports = [\"report.toml\"]\n"
                                               << kGood << "[[area]]\ncode = \"east\"\nname = \"East Fen\"\n"
                                               << areas;
    return load_partnership_folder(folder / "partnership.toml").status().message();
  };
  const std::string where = "[measure.where]\ntype = \"incident\"\n";
  EXPECT_EQ(said("", where + "area = \"East Fen\"\nagency = \"fens-council\"\nmonth = \"2021-02\"\n"), "");
  EXPECT_EQ(said("", where + "[measure.where.not]\narea = \"nowhere\"\n"), "") << "somebody else's may be left out";
  EXPECT_EQ(said("", where + "area = [\"east\", \"nowhere\"]\n"),
            (folder / "report.toml").string() +
                ", line 9, key \"measure.where.area\": the measure \"a\" of the report \"r\" counts by the area "
                "\"nowhere\"; the partnership has east");
  EXPECT_NE(said("", where + "agency = \"fens-police\"\n").find("agency \"fens-police\""), std::string::npos);
  EXPECT_NE(said("", where + "month = \"2021-13\"\n").find("month \"2021-13\""), std::string::npos);
  EXPECT_NE(said("", "kind = \"supplied\"\nagency = \"fens-police\"\n").find("agency \"fens-police\""),
            std::string::npos);
  EXPECT_NE(
      said("", "kind = \"frequent-callers\"\nboard = \"jtm\"\n").find("the board \"jtm\"; the partnership has none"),
      std::string::npos);
  const std::string west = "[[area]]\ncode = \"west\"\nname = \"West Fen\"\naliases = [\"west\", \"East fen\"]\n";
  EXPECT_NE(said(west, where).find("\"East fen\" is a name of an area before it, too"), std::string::npos);
}

// What one file says is wrong only beside another; it is told at its own line all the same.
class MistakeBetweenFiles : public testing::Test {
 protected:
  // With a change in one of the files.
  std::string said(const std::string& file, const std::string& good, const std::string& bad) {
    for (const auto& [name, text] : files_) {
      std::string written = text;
      if (name == file) {
        const std::size_t place = written.find(good);
        EXPECT_NE(place, std::string::npos) << good;
        if (place != std::string::npos) written.replace(place, good.size(), bad);
      }
      std::ofstream(folder_ / name) << written;
    }
    return load_partnership_folder(folder_ / "partnership.toml").status().message();
  }
  std::string at(const std::string& file, const std::string& line, const std::string& key) const {
    return (folder_ / file).string() + ", line " + line + ", key \"" + key + "\": ";
  }
  const TemporaryFolder folder_;
  const std::vector<std::pair<std::string, std::string>> files_ = {
      {"partnership.toml",
       std::string("boards = [\"board.toml\"]\nreports = [\"report.toml\"]\nrules = [\"pack.toml\"]\n"
                   "mailings = \"mailings.toml\"\n") +
           kGood + "[[area]]\ncode = \"east\"\nname = \"East Fen\"\n"},
      {"board.toml",
       "id = \"b\"\ntitle = \"B\"\nsecretary = \"fens-council\"\nareas = [\"east\"]\n[[version]]\n"
       "valid_from = 2020-01-01\n[[version.section]]\nid = \"s\"\ntitle = \"S\"\nkind = \"clocks\"\n"
       "clocks = [\"c\"]\n[[version.section]]\nid = \"p\"\ntitle = \"P\"\nkind = \"people\"\n"
       "[version.section.where]\ntype = \"incident\"\nagency = \"fens-council\"\n"},
      {"report.toml",
       "id = \"r\"\ntitle = \"R\"\nversion = \"1\"\n[[measure]]\nid = \"a\"\ntitle = \"A\"\nkind = \"clock\"\n"
       "clock = \"c\"\nstates = [\"overdue\"]\n[[measure]]\nid = \"f\"\ntitle = \"F\"\n"
       "kind = \"frequent-callers\"\nboard = \"b\"\n"},
      {"pack.toml",
       "id = \"k\"\ntitle = \"K\"\nversion = \"1\"\n[[clock]]\nid = \"c\"\ntitle = \"C\"\nkind = \"deadline\"\n"
       "[[clock.version]]\nvalid_from = 2020-01-01\nsource = \"s\"\ndays = 3\n[clock.version.where]\n"
       "type = \"order\"\narea = \"east\"\n[clock.version.done]\ntype = \"closure\"\n"},
      {"mailings.toml",
       "[mail]\nserver = \"127.0.0.1\"\nencryption = \"none\"\nsender = \"moot@fens.example\"\n[[recipient]]\n"
       "id = \"chair\"\nrole = \"Chair\"\nagency = \"fens-council\"\n[[mailing]]\nboard = \"b\"\n"
       "what = \"papers\"\nto = [\"chair\"]\nstarts = 2024-01-01\n"}};
};

TEST_F(MistakeBetweenFiles, IsToldAtItsLine) {
  const auto tells = [&](const std::string& file, const std::string& good, const std::string& bad,
                         const std::string& line, const std::string& key, const std::string& sentence) {
    const std::string message = said(file, good, bad);
    EXPECT_TRUE(message.starts_with(at(file, line, key))) << message;
    EXPECT_NE(message.find(sentence), std::string::npos) << message;
  };
  EXPECT_EQ(said("", "", ""), "");
  tells("board.toml", "fens-council", "fens-police", "3", "secretary", "none of the partnership's agencies");
  tells("board.toml", "\"east\"", "\"west\"", "4", "areas", "names the area \"west\"; the partnership has east");
  tells("board.toml", "[\"c\"]", "[\"d\"]", "11", "version.section.clocks", "the rule pack \"k\" has c");
  tells("board.toml", "agency = \"fens-council\"", "agency = \"fens-police\"", "18", "version.section.where.agency",
        "counts by the agency \"fens-police\"");
  tells("report.toml", "clock = \"c\"", "clock = \"d\"", "8", "measure.clock", "names the clock \"d\"");
  tells("report.toml", "\"overdue\"", "\"renewed\"", "9", "measure.states", "asks for the state \"renewed\"");
  tells("report.toml", "board = \"b\"", "board = \"d\"", "14", "measure.board", "names the board \"d\"");
  tells("pack.toml", "area = \"east\"", "area = \"west\"", "14", "clock.version.where.area", "the area \"west\"");
  tells("mailings.toml", "board = \"b\"", "board = \"d\"", "10", "mailing.board", "none of the partnership's boards");
  tells("mailings.toml", "board = \"b\"", "board = \"b\"\narea = \"east\"", "11", "mailing.area", "for all of them");
  tells("partnership.toml", "\"board.toml\"", "\"bord.toml\"", "1", "boards", "bord.toml: cannot be read");
  tells("partnership.toml", "[\"pack.toml\"]", "[\"pack.toml\", \"pack.toml\"]", "3", "rules",
        "two rule packs have the id k");
}

TEST_F(MistakeBetweenFiles, IsThatTwoBoardsOfOneNameHaveDifferentSecretaries) {
  const auto with = [&](const std::string& secretary) {
    std::ofstream(folder_ / "other.toml") << "id = \"o\"\ntitle = \"O\"\nknown_as = \"b\"\n"
                                          << secretary
                                          << "[[version]]\nvalid_from = 2020-01-01\n[[version.section]]\nid = \"p\"\n"
                                             "title = \"P\"\nkind = \"previous-actions\"\n";
    return said("partnership.toml", "\"board.toml\"", "\"board.toml\", \"other.toml\"");
  };
  EXPECT_EQ(with("secretary = \"fens-council\"\n"), "");
  const std::string message = with("");
  EXPECT_TRUE(message.starts_with(at("other.toml", "3", "known_as"))) << message;
  EXPECT_NE(message.find("expected the secretaries of the board \"b\""), std::string::npos) << message;
}

// Whether it would have to be withheld is told by the data, month by month.
TEST_F(MistakeBetweenFiles, IsADocumentOfAReportWithListsForOtherThanWholeQuarters) {
  const auto with = [&](const std::string& period, const std::string& list) {
    std::ofstream(folder_ / "listing.toml")
        << "id = \"l\"\ntitle = \"L\"\nversion = \"1\"\nsmall_below = 5\n[[measure]]\nid = \"a\"\n"
           "title = \"A\"\nby = \"category\"\n[measure.where]\ntype = \"incident\"\n"
        << list;
    return said("partnership.toml", "[\"report.toml\"]\n",
                "[\"report.toml\", \"listing.toml\"]\ndocument = [{name = \"d\", kind = \"report\", report = \"l\", "
                "period = \"" +
                    period + "\"}]\n");
  };
  const std::string list = "[[list]]\nid = \"c\"\ntitle = \"C\"\nof = \"a\"\n";
  EXPECT_EQ(with("2020-21-q1", list), "");
  EXPECT_EQ(with("2020-05", ""), "") << "it has no lists";
  EXPECT_NE(with("2020-05-01..2020-08-01", list), "") << "three months, and no quarter";
  const std::string message = with("2020-05", list);
  EXPECT_TRUE(message.starts_with(at("partnership.toml", "3", "document.period"))) << message;
  EXPECT_NE(message.find("expected a quarter of the financial year, or several"), std::string::npos) << message;
}

TEST(Partnership, AFileThatCannotBeReadIsNamed) {
  const TemporaryFolder folder;
  const Status absent = load_partnership_folder(folder / "absent.toml").status();
  EXPECT_EQ(absent.code(), Code::kMissing);
  EXPECT_NE(absent.message().find("absent.toml"), std::string::npos);
  std::filesystem::create_directory(folder / "folder.toml");
  const Status unreadable = load_partnership_folder(folder / "folder.toml").status();
  EXPECT_EQ(unreadable.code(), Code::kMissing);
  EXPECT_NE(unreadable.message().find("folder.toml"), std::string::npos) << unreadable.message();
  std::ofstream(folder / "bytes.toml") << std::string("\xff\xfe\x00\x01", 4);
  EXPECT_EQ(load_partnership_folder(folder / "bytes.toml").status().code(), Code::kDefinition);
}

}  // namespace
}  // namespace moot
