// The second partnership of the tests with a mail server of its own: a real one, which can be made to misbehave
// (clients/mail_server.py). Thread: one, the test's.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/contract/temporary_folder.h"
#include "tests/end_to_end/installation.h"

namespace moot {

class MailFixture : public testing::Test {
 protected:
  MailFixture();

  // False where python3-aiosmtpd is not there.
  static bool has_server();
  // `more`: what mail_server.py takes behind its folder. Returned once it listens.
  void start_server(const Words& more = {});
  void stop_server() { server_.reset(); }
  void mode(const std::string& mode) const { write_text(mail_ / "mode", mode); }

  // Writes mailings.toml: `mail` stands in its [mail], `rest` behind it.
  void write_mailings(const std::string& mail, const std::string& rest) const;
  // A chair and somebody of the fire service get the papers.
  void send_papers(const std::string& mail = "", const std::string& more = "") const;

  Ended deliver(const Words& more = {}) const;
  // The mails that `deliver --json` tells of, by recipient.
  static std::map<std::string, boost::json::object> mails_in(const Ended& ended);
  boost::json::array inbox() const;      // the items of kind "undelivered"
  boost::json::array documents() const;  // as `document list` has them
  // What the server kept, in the order in which it came.
  std::vector<std::string> kept() const;

  const TemporaryFolder folder_;
  const std::filesystem::path mail_ = folder_ / "mail";
  const Installation here_{folder_ / "data", folder_ / "partnership" / "partnership.toml"};
  std::unique_ptr<Process> server_;
  std::string port_ = "9";  // where nobody listens
};

// A part of a mail's text, decoded from quoted-printable.
std::string text_of_mail(const std::string& mail);
std::string head_of_mail(const std::string& mail, const std::string& name);

}  // namespace moot
