// A broker and a gateway of one data directory, and what a test sends to the latter. Thread: the test's.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <memory>
#include <string>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"
#include "tests/http/http_wire.h"

namespace moot {

inline constexpr const char* kStructured = "application/cloudevents+json";
inline constexpr const char* kBatch = "application/cloudevents-batch+json";

class GatewayFixture : public testing::Test {
 protected:
  static constexpr const char* kHomes = PartnershipFixture::kHomes;
  static constexpr const char* kWardens = PartnershipFixture::kWardens;

  GatewayFixture();
  ~GatewayFixture() override;

  void start_broker() { broker_ = here_.start_broker(); }
  void start_gateway(const Words& more = {});
  // Another gateway, that keeps nothing while the broker is away.
  void start_gateway_without_spool();
  std::string address() const { return address_; }
  std::string token(const std::string& agency) const;  // a new one

  // POST with the token of the agency (empty = none), on a connection of its own; a failed test when nobody answers.
  WireResponse post(const std::string& agency, const std::string& target, const std::string& content_type,
                    const std::string& body, std::map<std::string, std::string> fields = {});
  // The same as bytes.
  std::string request(const std::string& agency, const std::string& target, const std::string& content_type,
                      const std::string& body, std::map<std::string, std::string> fields = {});

  // A structured CloudEvent: a contact of the agency with a caller of that name.
  static std::string event(const std::string& agency, const std::string& id, const std::string& category = "asb",
                           const std::string& name = "Avery Inventedname");
  static boost::json::object json(const WireResponse& response);

  const TemporaryFolder folder_;
  const PartnershipFixture partnership_{folder_ / "partnership"};
  const Installation here_{folder_ / "data", partnership_.config(), folder_ / "keys"};
  std::unique_ptr<Process> broker_;
  std::unique_ptr<Process> gateway_;
  std::map<std::string, std::string> tokens_;  // by agency

 private:
  std::string address_;
};

}  // namespace moot
