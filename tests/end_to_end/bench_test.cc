// `moot bench` as an admin runs it. What it measures is not judged here: only that every figure is there and that it
// leaves nothing behind.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>

#include "deploy/bench/process.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class BenchCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "moot-bench-test-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  Ended bench(std::vector<std::string> words) const {
    words.insert(words.begin(), {MOOT_BINARY, "bench", "--repetitions", "1", "--seconds", "0.1", "--events", "1000"});
    return run(words, std::chrono::seconds(120));
  }

  fs::path folder_;
};

TEST_F(BenchCommand, GivesEveryFigureOfTheDiskAndOfMootAndLeavesNothingBehind) {
  const Ended ended = bench({"--json", "--data", folder_.string()});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const json::object found = json::parse(ended.out).as_object();
  for (const char* bytes : {"512", "65536"})
    EXPECT_GT(found.at("disk").at(bytes).at("p99_ms").to_number<double>(), 0) << bytes;
  EXPECT_GT(found.at("segment").at("events_per_second").to_number<double>(), 0);
  const json::array& shapes = found.at("moot").as_array();
  EXPECT_EQ(shapes.size(), 5u);
  for (const json::value& shape : shapes) {
    EXPECT_GT(shape.at("events_per_second").at("median").to_number<double>(), 0) << shape;
    EXPECT_GT(shape.at("of_segment").to_number<double>(), 0) << shape;
    EXPECT_GT(shape.at("ack_in_disk_writes").at("p50").to_number<double>(), 0) << shape;
  }
  EXPECT_GE(found.at("restart").at("events").to_number<std::int64_t>(), 1000);
  EXPECT_GT(found.at("restart").at("seconds").to_number<double>(), 0);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(BenchCommand, SaysInWordsWhatTheMachineKeepsAndMakesNoDataDirectory) {
  const fs::path data = folder_ / "not-there";
  const Ended ended = bench({"--data", data.string()});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_NE(ended.out.find("This machine keeps "), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("The disk answers in "), std::string::npos) << ended.out;
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(BenchCommand, WhereNoFolderCanBeMadeSaysSo) {
  const Ended ended = bench({"--data", "/proc/self/nowhere"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.err.find("no folder can be made there"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace moot
