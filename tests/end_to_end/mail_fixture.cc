#include "tests/end_to_end/mail_fixture.h"

#include <thread>

namespace moot {

namespace fs = std::filesystem;
namespace json = boost::json;

MailFixture::MailFixture() {
  const fs::path from = fs::path(MOOT_SOURCE_DIR) / "tests/data/harbour-and-fell";
  fs::copy(from, folder_ / "partnership", fs::copy_options::recursive);
  std::string config = read_text(here_.config());
  config.insert(config.find("[[agency]]"), "mailings = \"mailings.toml\"\n");
  write_text(here_.config(), config);
  fs::create_directories(mail_);
  send_papers();
}

bool MailFixture::has_server() { return run({"/usr/bin/python3", "-c", "import aiosmtpd"}).exit_code == 0; }

void MailFixture::start_server(const Words& more) {
  fs::remove(mail_ / "port");
  Words command = {"/usr/bin/python3", (fs::path(MOOT_SOURCE_DIR) / "tests/end_to_end/clients/mail_server.py").string(),
                   mail_.string()};
  command.insert(command.end(), more.begin(), more.end());
  server_ = std::make_unique<Process>(command);
  for (int i = 0; i < 500 && !fs::exists(mail_ / "port"); ++i) {
    ASSERT_TRUE(server_->running()) << server_->err();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  ASSERT_TRUE(fs::exists(mail_ / "port")) << server_->err();
  port_ = read_text(mail_ / "port");
  send_papers();
}

void MailFixture::write_mailings(const std::string& mail, const std::string& rest) const {
  const std::string encryption = mail.find("encryption") == std::string::npos ? "encryption = \"none\"\n" : "";
  const std::string server = mail.find("server") == std::string::npos ? "server = \"127.0.0.1\"\n" : "";
  write_text(here_.config().parent_path() / "mailings.toml",
             "[mail]\n" + server + encryption + "port = " + port_ +
                 "\nsender = \"moot@harbour.example\"\nsender_name = \"Moot, Harbour and Fell\"\n"
                 "timeout_seconds = 2\n" +
                 mail + rest);
}

void MailFixture::send_papers(const std::string& mail, const std::string& more) const {
  write_mailings(mail,
                 "[[recipient]]\nid = \"chair\"\nrole = \"Chair of Weekly Tasking\"\nagency = \"harbour-council\"\n"
                 "email = \"chair@council.example\"\n"
                 "[[recipient]]\nid = \"fire-desk\"\nrole = \"Partnership desk\"\nagency = \"harbour-fire\"\n"
                 "email = \"desk@fire.example\"\n"
                 "[[mailing]]\nboard = \"tasking\"\nwhat = \"papers\"\nto = [\"chair\", \"fire-desk\"]\n"
                 "starts = 2024-01-01\n" +
                     more);
}

Ended MailFixture::deliver(const Words& more) const {
  Words words = {"deliver", "--json"};
  words.insert(words.end(), more.begin(), more.end());
  return here_.moot(words);
}

std::map<std::string, json::object> MailFixture::mails_in(const Ended& ended) {
  std::map<std::string, json::object> mails;
  if (ended.out.empty()) ADD_FAILURE() << ended.err;
  const json::object told = json_of(ended.out);
  for (const json::value& mail : told.at("mails").as_array())
    mails[std::string(mail.at("recipient").as_string())] = mail.as_object();
  return mails;
}

json::array MailFixture::inbox() const {
  const Ended ended = here_.moot({"inbox", "list", "--json"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  json::array items;
  const json::object listed = json_of(ended.out);
  for (const json::value& item : listed.at("items").as_array())
    if (item.at("kind").as_string() == "undelivered") items.push_back(item);
  return items;
}

json::array MailFixture::documents() const {
  const Ended ended = here_.moot({"document", "list", "--json"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return json_of(ended.out).at("documents").as_array();
}

std::vector<std::string> MailFixture::kept() const {
  std::vector<std::string> mails;
  for (int i = 1; fs::exists(mail_ / (std::to_string(i) + ".eml")); ++i)
    mails.push_back(read_text(mail_ / (std::to_string(i) + ".eml")));
  return mails;
}

std::string text_of_mail(const std::string& mail) {
  const std::size_t part = mail.find("quoted-printable");
  const std::size_t from = mail.find("\r\n\r\n", part == std::string::npos ? 0 : part);
  std::string text;
  const std::size_t end = std::min(mail.find("\r\n--", from + 4), mail.size());  // of this part
  for (std::size_t i = from; i < end; ++i) {
    if (mail[i] == '\r') continue;
    if (mail[i] != '=' || i + 2 >= mail.size()) {
      text += mail[i];
    } else if (mail[i + 1] == '\r') {
      i += 2;  // a line that was broken
    } else {
      text += static_cast<char>(std::stoi(mail.substr(i + 1, 2), nullptr, 16));
      i += 2;
    }
  }
  return text;
}

std::string head_of_mail(const std::string& mail, const std::string& name) {
  const std::size_t at = mail.find("\r\n" + name + ": ");
  if (at == std::string::npos)
    return mail.starts_with(name + ": ") ? mail.substr(name.size() + 2, mail.find('\r') - name.size() - 2) : "";
  const std::size_t from = at + name.size() + 4;
  return mail.substr(from, mail.find("\r\n", from) - from);
}

}  // namespace moot
