// An installation of an invented partnership one of whose agencies, the landlord, has an Open311 server of its own: a
// separate process (tests/end_to_end/clients/open311_server.py) that serves a list of service requests and can be told
// to misbehave.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {

class PullFixture : public testing::Test {
 protected:
  static constexpr const char* kAgency = PartnershipFixture::kHomes;
  static constexpr const char* kFamilyName = "Inventedname";  // of everybody who reports

  PullFixture();

  void start_server(const Words& more = {});
  // The definition of the pull: agency, url and what is said here, in place of what was said before.
  void define_pull(const std::string& more = "");
  static std::string since(int days_ago);  // as a line of the definition; 600 days where none is said
  void misbehave(const std::string& mode) const { write_text(server_ / "mode", mode); }

  // A request made `minutes_ago`, and changed then or as said.
  static boost::json::object request(std::size_t number, std::int64_t minutes_ago, const std::string& status = "open");
  static void change(boost::json::object& request, std::int64_t minutes_ago, const std::string& field,
                     const std::string& value);
  void serve(const boost::json::array& requests) const;

  Ended pull_once(const Words& more = {}) const;
  // What `pull --once --json` told of the one pull.
  boost::json::object counts(const Ended& ended) const;
  std::vector<std::string> asked() const;  // what the server was asked, since the last time this was called
  std::filesystem::path state_file() const { return here_.data() / "pulls" / (std::string(kAgency) + ".json"); }
  // Every event that came from the server, as replay has it.
  std::vector<boost::json::object> pulled() const;
  static bool comes_true(const std::function<bool()>& condition,
                         std::chrono::seconds patience = std::chrono::seconds(60));

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const std::string definition_ = read_text(partnership_.config());
  const Installation here_{folder_ / "data", partnership_.config()};
  const std::filesystem::path server_ = folder_ / "server";
  bool tls_ = false;
  std::unique_ptr<Process> process_;
  std::unique_ptr<Process> broker_;
};

}  // namespace moot
