// `moot bench linkage` as an analyst runs it on a CSV file of people.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "deploy/bench/process.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class LinkageBench : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "moot-linkage-test-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Two records of each person, the second with a slip in the surname, and who they are.
  std::string people(int how_many) const {
    const std::string file = (folder_ / "people.csv").string();
    std::ofstream out(file);
    out << "id,forename,surname,born,postcode,who\n";
    for (int i = 0; i < how_many; ++i) {
      const std::string given = std::string("Casey") + static_cast<char>('a' + i % 26);
      const std::string family = std::string("Example") + static_cast<char>('a' + i / 26 % 26);
      const std::string rest = "19" + std::to_string(50 + i % 50) + "-0" + std::to_string(1 + i % 9) + "-1" +
                               std::to_string(i % 7) + ",ZX" + std::to_string(1 + i % 9) + " " + std::to_string(i % 9) +
                               "QQ," + std::to_string(i) + "\n";
      out << i << "a," << given << "," << family << "," << rest;
      out << i << "b," << given << "," << family << "x," << rest;
    }
    return file;
  }
  Ended bench(std::vector<std::string> words) const {
    words.insert(words.begin(), {MOOT_BINARY, "bench", "linkage"});
    return run(words);
  }

  fs::path folder_;
};

TEST_F(LinkageBench, WritesWhoIsOnePersonAndSaysHowRightThatIs) {
  const std::string output = (folder_ / "clusters.csv").string();
  const Ended ended = bench({people(400), "--id", "id", "--cluster", "who", "--output", output, "--json"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const json::object found = json::parse(ended.out).as_object();
  EXPECT_EQ(found.at("records").to_number<int>(), 800);
  EXPECT_EQ(found.at("true_pairs").to_number<int>(), 400);
  EXPECT_GT(found.at("pairs").at("f1").to_number<double>(), .99);
  EXPECT_GT(found.at("pairs_per_second").to_number<double>(), 0);
  EXPECT_GT(found.at("peak_memory_bytes").to_number<double>(), 0);
  std::ifstream clusters(output);
  std::string line;
  std::getline(clusters, line);
  EXPECT_EQ(line, "record_id,cluster_id");
  int lines = 0;
  while (std::getline(clusters, line)) ++lines;
  EXPECT_EQ(lines, 800);
}

TEST_F(LinkageBench, OneAfterTheOtherIsAsAtOnce) {
  const Ended ended = bench({people(400), "--id", "id", "--ignore", "who", "--stream", "--json"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const json::object stream = json::parse(ended.out).at("stream").as_object();
  EXPECT_TRUE(stream.at("same_people_as_at_once").as_bool());
  EXPECT_GT(stream.at("records_per_second").to_number<double>(), 0);
  EXPECT_GT(stream.at("bytes_a_record").to_number<double>(), 100) << "each is held with its values, blocks and pairs";
  EXPECT_GT(stream.at("withdraw_us").at("records").to_number<int>(), 300);
}

TEST_F(LinkageBench, SaysThatItHasTooFewRecordsToLearnFrom) {
  const std::string few = "Fewer than 500 records are too few to learn from";
  EXPECT_NE(bench({people(200), "--id", "id", "--ignore", "who"}).out.find(few), std::string::npos);
  EXPECT_EQ(bench({people(300), "--id", "id", "--ignore", "who"}).out.find(few), std::string::npos);
}

TEST_F(LinkageBench, WhatItCannotReadItSays) {
  const Ended column = bench({people(3), "--id", "number"});
  EXPECT_EQ(column.exit_code, 2);
  EXPECT_NE(column.err.find("the file has no column \"number\""), std::string::npos) << column.err;
  const Ended field = bench({people(3), "--map", "shoe-size=born"});
  EXPECT_EQ(field.exit_code, 2);
  EXPECT_NE(field.err.find("expected FIELD=COLUMN"), std::string::npos) << field.err;
  const Ended file = bench({(folder_ / "not-there.csv").string()});
  EXPECT_NE(file.exit_code, 0);
  EXPECT_NE(file.err.find("not-there.csv"), std::string::npos) << file.err;
}

}  // namespace
}  // namespace moot
