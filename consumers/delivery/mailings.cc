#include "consumers/delivery/mailings.h"

#include <algorithm>

#include "broker/core/event_rules.h"
#include "broker/core/ids.h"
#include "consumers/agenda/cadence.h"

namespace moot {
namespace {

constexpr std::string_view kFormats[] = {"html", "odt", "pdf", "md", "json"};

// Visible ASCII around one @: what can stand in a mail's head and in the talk with a server without quoting.
bool is_address(std::string_view text) {
  const auto plain = [](char c) {
    return c > 0x20 && c < 0x7f && std::string_view("\"(),:;<>[\\]").find(c) == std::string_view::npos;
  };
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() && at <= 64 && text.size() <= 254 &&
         text.find('@', at + 1) == std::string_view::npos && std::all_of(text.begin(), text.end(), plain);
}

// No line ends and the like: it stands in the head of a mail.
bool is_one_line(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

void read_code(Definition& table, std::string_view key, std::string& value) {
  value = table.text(key);
  if (value.size() > 40 || !check_code(key, value).ok())
    table.mistake(key, "expected a code: up to 40 of a to z, 0 to 9 and -");
}

bool is_this_machine(std::string_view host) { return host == "127.0.0.1" || host == "localhost"; }

MailServer read_server(Definition& table, const std::filesystem::path& folder) {
  MailServer server;
  server.host = table.text("server");
  if (server.host.size() > 58 || !check_code("server", server.host).ok() ||
      server.host.find_first_of("/_:") != std::string::npos)
    table.mistake("server", "expected the mail server's name in small letters or its address, as mail.example.org");
  const std::string encryption = table.text_or("encryption", "starttls");
  if (encryption == "tls") server.encryption = MailServer::Encryption::kTls;
  if (encryption == "none") server.encryption = MailServer::Encryption::kNone;
  if (encryption != "starttls" && encryption != "tls" && encryption != "none")
    table.mistake("encryption", "expected \"starttls\", \"tls\" or \"none\"");
  if (encryption == "none" && !is_this_machine(server.host))
    table.mistake("encryption", "is needed: \"none\" is for a mail server of this machine (127.0.0.1) only");
  const int usual = server.encryption == MailServer::Encryption::kTls ? 465 : 587;
  server.port = static_cast<int>(table.integer_or("port", usual, 1, 65'535));
  if (const std::string file = table.text_or("certificates", ""); !file.empty()) server.certificates = folder / file;
  server.user = table.text_or("user", "");
  if (const std::string file = table.text_or("password_file", ""); !file.empty()) server.password = folder / file;
  if (server.user.empty() != server.password.empty())
    table.mistake(server.user.empty() ? "password_file" : "user", "user and password_file go together");
  server.timeout_s = static_cast<int>(table.integer_or("timeout_seconds", 60, 1, 600));
  return server;
}

void read_mail(Definition& table, const std::filesystem::path& folder, Mailings& read) {
  read.server = read_server(table, folder);
  read.sender = table.text("sender");
  if (!is_address(read.sender)) table.mistake("sender", "expected an e-mail address");
  read.sender_name = table.text_or("sender_name", "");
  if (!is_one_line(read.sender_name)) table.mistake("sender_name", "expected one line");
  read.link = table.text_or("link", "");
  while (read.link.ends_with('/')) read.link.pop_back();
  if (!read.link.empty() && !read.link.starts_with("https://") && !read.link.starts_with("http://"))
    table.mistake("link", "expected an address that begins with https://");
  if (read.link.find_first_of(" \t\r\n<>\"") != std::string::npos) table.mistake("link", "expected an address");
  if (const std::string copies = table.text_or("copies", ""); !copies.empty()) read.copies = folder / copies;
  read.attempts = static_cast<int>(table.integer_or("attempts", 5, 1, 20));
  read.retry_minutes = static_cast<int>(table.integer_or("retry_minutes", 10, 1, 1440));
}

void read_recipients(Definition& root, Mailings& read) {
  for (Definition& row : root.tables("recipient")) {
    MailRecipient recipient;
    read_code(row, "id", recipient.id);
    if (read.find_recipient(recipient.id) != nullptr) row.mistake("id", "stands twice");
    recipient.role = row.text("role");
    if (!is_one_line(recipient.role)) row.mistake("role", "expected one line");
    recipient.agency = row.text("agency");
    if (!AgencyId::parse(recipient.agency).ok()) row.mistake("agency", "expected an agency's id");
    recipient.email = row.text_or("email", "");
    if (!recipient.email.empty() && !is_address(recipient.email)) row.mistake("email", "expected an e-mail address");
    read.recipients.push_back(std::move(recipient));
  }
}

Mailing read_mailing(Definition& row, const Mailings& read) {
  Mailing mailing;
  mailing.place = row.place();
  const std::string what = row.text("what");
  if (what == "actions") mailing.what = Mailing::What::kActions;
  if (what == "feeds") mailing.what = Mailing::What::kFeeds;
  if (what != "papers" && what != "actions" && what != "feeds")
    row.mistake("what", "expected \"papers\", \"actions\" or \"feeds\"");
  if (what != "feeds") {
    mailing.board = row.text("board");
    mailing.area = row.text_or("area", "");
  }
  mailing.to = row.texts("to");
  if (mailing.to.empty()) row.mistake("to", "expected ids of recipients");
  for (const std::string& id : mailing.to)
    if (read.find_recipient(id) == nullptr) row.mistake("to", "expected ids of [[recipient]]s; \"" + id + "\" is none");
  const std::optional<Date> starts = row.date("starts");
  if (!starts) row.mistake("starts", "is required, a date such as 2021-03-02: nothing is sent for meetings before it");
  mailing.starts = starts.value_or(Date());
  mailing.at = read_time_of_day(row, "at").value_or(mailing.at);
  if (what == "actions") mailing.working_days_after = static_cast<int>(row.integer_or("working_days_after", 1, 1, 20));
  if (what == "feeds") return mailing;
  mailing.attach = row.flag_or("attach", false);
  mailing.format = row.text_or("format", mailing.format);
  if (std::find(std::begin(kFormats), std::end(kFormats), mailing.format) == std::end(kFormats))
    row.mistake("format", "expected html, odt, pdf, md or json");
  if (mailing.definition().size() > 64) row.mistake("board", "its name and the area's are too long together");
  return mailing;
}

}  // namespace

std::string Mailing::definition() const {
  if (what == What::kFeeds) return kFeedNotices;
  return (what == What::kPapers ? "agenda/" : "actions/") + board + (area.empty() ? "" : "/" + area);
}

const MailRecipient* Mailings::find_recipient(std::string_view id) const {
  const auto found =
      std::find_if(recipients.begin(), recipients.end(), [&](const MailRecipient& one) { return one.id == id; });
  return found == recipients.end() ? nullptr : &*found;
}

Result<Mailings> Mailings::load(const std::filesystem::path& file) {
  Result<Definition> definition = Definition::load(file);
  return definition.ok() ? read(std::move(*definition)) : definition.status();
}

Result<Mailings> Mailings::parse(std::string_view toml, std::string_view name) {
  Result<Definition> definition = Definition::parse(toml, name);
  return definition.ok() ? read(std::move(*definition)) : definition.status();
}

Result<Mailings> Mailings::read(Definition root) {
  Mailings read;
  if (std::optional<Definition> mail = root.table("mail"))
    read_mail(*mail, root.file().parent_path(), read);
  else
    root.mistake("mail", "is required: the mail server and the sender");
  read_recipients(root, read);
  for (Definition& row : root.tables("mailing")) read.mailings.push_back(read_mailing(row, read));
  MOOT_RETURN_IF_ERROR(root.finish());
  return read;
}

}  // namespace moot
