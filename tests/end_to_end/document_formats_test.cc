// The same document in every format an officer may ask for, from a partnership's own folder.
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

class DocumentFormats : public testing::Test {
 protected:
  DocumentFormats() { here_.documents(folder_ / "out"); }

  Ended callers(const std::string& format) const {
    return here_.moot({"callers", "--on", "2022-06-14", "--format", format});
  }

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config()};
};

TEST_F(DocumentFormats, TheFormatFollowsFromTheNameOfTheOutput) {
  for (const auto& [name, begins] :
       {std::pair("list.odt", "PK"), std::pair("list.html", "<!DOCTYPE html>"), std::pair("list.md", "**"),
        std::pair("list.json", "{"), std::pair("list.csv", "rank,person,name,"), std::pair("list", "{")}) {
    const std::filesystem::path file = folder_ / name;
    const Ended ended = here_.moot({"callers", "--on", "2022-06-14", "--output", file.string()});
    ASSERT_EQ(ended.exit_code, 0) << name << ": " << ended.err;
    EXPECT_TRUE(read_text(file).starts_with(begins)) << name;
  }
}

TEST_F(DocumentFormats, ATextDocumentHasTheSameBytesEachTime) {
  const std::string first = callers("odt").out;
  EXPECT_NE(first.find("application/vnd.oasis.opendocument.text"), std::string::npos);
  EXPECT_EQ(first, callers("odt").out);
}

TEST_F(DocumentFormats, APdfIsTaggedAndHasTheSameBytesEachTime) {
  if (std::system("command -v weasyprint >/dev/null") != 0) GTEST_SKIP() << "WeasyPrint is not installed";
  const Ended first = callers("pdf");
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_TRUE(first.out.starts_with("%PDF-"));
  EXPECT_NE(first.out.find("/MarkInfo"), std::string::npos) << "untagged: a screen reader finds no headings";
  EXPECT_EQ(first.out, callers("pdf").out);
}

TEST_F(DocumentFormats, WithoutTheProgramThatMakesPdfsItSaysWhatToInstallAndWhatWorks) {
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", (folder_ / "nothing-here").c_str(), 1);
  const Ended ended = callers("pdf");
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_EQ(ended.out, "");
  EXPECT_NE(ended.err.find("PDF needs WeasyPrint, which is not installed here"), std::string::npos) << ended.err;
  EXPECT_NE(ended.err.find("HTML and ODT work without it"), std::string::npos) << ended.err;
}

TEST_F(DocumentFormats, AFormatThatThereIsNotIsAMistakeOfUsageThatNamesThose) {
  const Ended ended = callers("docx");
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("html, odt, pdf, md (Markdown), csv and json"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace moot
