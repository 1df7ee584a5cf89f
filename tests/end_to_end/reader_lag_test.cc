// An admin sees who does not read any more, and since when; also after the broker was started again, or killed.
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "broker/client/consumer.h"
#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {
namespace {

namespace json = boost::json;

class ReaderLag : public testing::Test {
 protected:
  // The operator's reader "view" reads everything that there is, and goes.
  void read_everything() const {
    KeyFile key = *read_key_file(here_.key_file("operator"));
    key.run_file = here_.data() / "run.json";
    ConsumerOptions options;
    options.reader = "view";
    const auto consumer = Consumer::connect(key, options);
    MOOT_CHECK_OK(consumer.status());
    for (Offset through; through.value < here_.offset();) {
      const Result<Delivery> delivery = (*consumer)->next(2000);
      MOOT_CHECK_OK(delivery.status());
      through = delivery->through;
    }
    write_text(read_by_, "");
  }
  // Until what the broker has written down of its readers is no older than the reader's last words.
  void wait_until_saved(Process& broker) const {
    const std::filesystem::path saved = here_.data() / "readers";
    const auto is_saved = [&] {
      std::error_code absent;
      const auto at = std::filesystem::last_write_time(saved, absent);
      return !absent && at >= std::filesystem::last_write_time(read_by_);
    };
    const auto began = std::chrono::steady_clock::now();
    while (broker.running() && !is_saved() && std::chrono::steady_clock::now() - began < std::chrono::minutes(2))
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_TRUE(is_saved());
  }
  void publish(std::size_t file) const {
    EXPECT_EQ(here_
                  .moot({"publish", partnership_.call_files()[file].string(), "--as", PartnershipFixture::kWardens,
                         "--mapping", partnership_.calls_mapping().string()})
                  .exit_code,
              0);
  }
  json::object operators_row() const {
    const json::object status = here_.status();
    for (const json::value& row : status.at("agencies").as_array())
      if (row.as_object().at("agency").as_string() == "operator") return row.as_object();
    return {};
  }

  const TemporaryFolder folder_;
  const std::filesystem::path read_by_ = folder_ / "read";  // when everything was last read
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config()};
};

TEST_F(ReaderLag, IsToldByNameAlsoAfterAStart) {
  std::unique_ptr<Process> broker = here_.start_broker();
  publish(0);
  read_everything();
  EXPECT_EQ(number_in(operators_row(), "lag"), 0);
  const std::uint64_t read = here_.offset();
  publish(1);
  const auto unread = static_cast<std::int64_t>(here_.offset() - read);
  ASSERT_GT(unread, 0);
  EXPECT_EQ(number_in(operators_row(), "lag"), unread);
  broker->signal(SIGTERM);
  EXPECT_EQ(broker->wait(std::chrono::seconds(60)), 0) << broker->err();
  broker = here_.start_broker();
  const json::object row = operators_row();
  EXPECT_EQ(number_in(row, "lag"), unread);
  EXPECT_EQ(row.at("unread_by").as_string(), "view");
  EXPECT_NE(here_.moot({"status"}).out.find("operator: its reader \"view\" has "), std::string::npos);
  read_everything();
  EXPECT_EQ(number_in(operators_row(), "lag"), 0);
}

TEST_F(ReaderLag, IsToldAfterAKillOfAReaderThatHadGone) {
  std::unique_ptr<Process> broker = here_.start_broker();
  publish(0);
  read_everything();
  const std::uint64_t read = here_.offset();
  wait_until_saved(*broker);
  publish(1);
  broker->kill();
  broker = here_.start_broker();
  EXPECT_EQ(number_in(operators_row(), "lag"), static_cast<std::int64_t>(here_.offset() - read));
}

}  // namespace
}  // namespace moot
