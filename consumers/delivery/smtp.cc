#include "consumers/delivery/smtp.h"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

#include "broker/core/calendar.h"
#include "broker/core/whole_file.h"

namespace moot {
namespace {

constexpr long kConnectMostS = 30;
constexpr long kGoAheadWithData = 354;  // the reply after which the mail itself is sent

struct Failure {
  std::string_view reason;
  bool for_good;
  bool tried;  // a mail server was asked
  std::string_view words;
};
constexpr std::array<Failure, 15> kFailures = {{
    {"unreachable", false, true, "the mail server cannot be reached"},
    {"timed-out", false, true, "the mail server did not answer in time"},
    {"broken-off", false, true, "the mail server broke off"},
    {"refused-for-now", false, true, "the mail server does not take it now"},
    {"not-confirmed", false, true, "the mail server did not say whether it took it"},
    {"not-trusted", false, true, "the mail server's encryption cannot be trusted, or it offers none"},
    {"stopped", false, true, "it was stopped"},
    {"no-password", true, false, "the mail server's password cannot be read"},
    {"refused", true, true, "the mail server refused it"},
    {"login-refused", true, true, "the mail server refused the user and password"},
    {"no-address", true, false, "no e-mail address is known for this recipient"},
    {"no-recipient", true, false, "nobody is named to get what is for this agency"},
    {"not-an-agency", true, false, "the recipient's agency is none of the partnership's any more"},
    {"missed", true, false, "the meeting came before it could be sent"},
    {"not-made", true, false, "the document cannot be made"},
}};

const Failure* find_failure(std::string_view reason) {
  const auto found =
      std::find_if(kFailures.begin(), kFailures.end(), [&](const Failure& one) { return one.reason == reason; });
  return found == kFailures.end() ? nullptr : &*found;
}

struct Free {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, Free>;
using Mime = std::unique_ptr<curl_mime, Free>;

class List {
 public:
  void add(const std::string& line) {
    curl_slist* longer = curl_slist_append(list_.get(), line.c_str());
    MOOT_CHECK(longer != nullptr);
    (void)list_.release();
    list_.reset(longer);
  }
  curl_slist* get() const { return list_.get(); }

 private:
  std::unique_ptr<curl_slist, Free> list_;
};

template <typename Value>
void set(const Handle& handle, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(handle.get(), option, value);
  MOOT_CHECK(code == CURLE_OK);
}

int ask_stop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(stop)->load() ? 1 : 0;
}

// The connection's socket. libcurl says goodbye when it lets a connection go, and waits two minutes for the answer:
// what cannot be read from any more gives none.
struct Socket {
  curl_socket_t descriptor = -1;

  void read_no_more() const {
    if (descriptor >= 0) (void)::shutdown(descriptor, SHUT_RD);
  }
};
int take_socket(void* socket, curl_socket_t descriptor, curlsocktype) {
  static_cast<Socket*>(socket)->descriptor = descriptor;
  return CURL_SOCKOPT_OK;
}
int close_socket(void* socket, curl_socket_t descriptor) {
  Socket& known = *static_cast<Socket*>(socket);
  if (known.descriptor == descriptor) known.descriptor = -1;
  return ::close(descriptor);
}

std::string domain_of(const std::string& address) { return address.substr(address.find('@') + 1); }

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

List head_of(const Mail& mail) {
  List head;
  const std::string name = mail.from_name.empty() ? "" : in_head(mail.from_name) + " ";
  const bool encoded = name.starts_with("=?");
  head.add("Date: " + mail_date(mail.at));
  head.add("From: " + (name.empty() || encoded ? name : "\"" + in_head(mail.from_name) + "\" ") + "<" + mail.from +
           ">");
  head.add("To: <" + mail.to + ">");
  head.add("Subject: " + in_head(mail.subject));
  head.add("Message-ID: <" + mail.message_id + ">");
  head.add("Auto-Submitted: auto-generated");
  return head;
}

Mime body_of(const Handle& handle, const Mail& mail) {
  Mime mime(curl_mime_init(handle.get()));
  MOOT_CHECK(mime != nullptr);
  curl_mimepart* text = curl_mime_addpart(mime.get());
  const std::string lines = with_crlf(mail.text);
  MOOT_CHECK(curl_mime_data(text, lines.data(), lines.size()) == CURLE_OK);
  curl_mime_type(text, "text/plain; charset=utf-8");
  curl_mime_encoder(text, "quoted-printable");
  if (!mail.attachment) return mime;
  curl_mimepart* file = curl_mime_addpart(mime.get());
  MOOT_CHECK(curl_mime_data(file, mail.attachment->bytes.data(), mail.attachment->bytes.size()) == CURLE_OK);
  curl_mime_type(file, mail.attachment->type.c_str());
  curl_mime_filename(file, mail.attachment->name.c_str());
  curl_mime_encoder(file, "base64");
  return mime;
}

void set_encryption(const Handle& handle, const MailServer& server) {
  const bool none = server.encryption == MailServer::Encryption::kNone;
  set(handle, CURLOPT_USE_SSL, static_cast<long>(none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!server.certificates.empty()) set(handle, CURLOPT_CAINFO, server.certificates.c_str());
}

std::string reason_of(CURLcode code, long reply) {
  if (code == CURLE_LOGIN_DENIED) return "login-refused";
  if (reply >= 500 && reply < 600) return "refused";
  if (reply >= 400 && reply < 500) return "refused-for-now";
  // What was sent since may have been taken, whatever became of the connection.
  if (reply == kGoAheadWithData) return "not-confirmed";
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return "unreachable";
    case CURLE_OPERATION_TIMEDOUT:
      return "timed-out";
    case CURLE_ABORTED_BY_CALLBACK:
      return "stopped";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_USE_SSL_FAILED:
      return "not-trusted";
    default:
      return "broken-off";
  }
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; }) &&
         text.find_first_of("\"\\") == std::string_view::npos && text.find("=?") == std::string_view::npos;
}

std::string base64(std::string_view bytes) {
  static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (j < have ? static_cast<std::uint8_t>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j) out += j <= have ? kDigits[group >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}

}  // namespace

MailOutcome send_mail(const MailServer& server, const Mail& mail, const std::atomic<bool>& stop) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  MOOT_CHECK(ready == CURLE_OK);
  Socket socket;  // outlives the handle
  const Handle handle(curl_easy_init());
  MOOT_CHECK(handle != nullptr);
  const bool tls = server.encryption == MailServer::Encryption::kTls;
  // The last part is what we call ourselves: the sender's domain, not this machine's name.
  const std::string url = (tls ? "smtps://" : "smtp://") + server.name() + "/" + domain_of(mail.from);
  set(handle, CURLOPT_URL, url.c_str());
  set(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(handle, CURLOPT_PROXY, "");  // whatever the environment says
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_TIMEOUT, static_cast<long>(server.timeout_s));
  set(handle, CURLOPT_CONNECTTIMEOUT, std::min(kConnectMostS, static_cast<long>(server.timeout_s)));
  set(handle, CURLOPT_NOPROGRESS, 0L);
  set(handle, CURLOPT_XFERINFOFUNCTION, ask_stop);
  set(handle, CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&stop));
  set(handle, CURLOPT_SOCKOPTFUNCTION, take_socket);
  set(handle, CURLOPT_SOCKOPTDATA, &socket);
  set(handle, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
  set(handle, CURLOPT_CLOSESOCKETDATA, &socket);
  set_encryption(handle, server);
  if (!server.user.empty()) {
    Result<std::string> password = read_whole_file(server.password);
    if (!password.ok()) return {false, "no-password", 0};
    while (password->ends_with('\n') || password->ends_with('\r')) password->pop_back();
    set(handle, CURLOPT_USERNAME, server.user.c_str());
    set(handle, CURLOPT_PASSWORD, password->c_str());
  }
  List to;
  to.add("<" + mail.to + ">");
  const List head = head_of(mail);
  const Mime body = body_of(handle, mail);
  const std::string from = "<" + mail.from + ">";
  set(handle, CURLOPT_MAIL_FROM, from.c_str());
  set(handle, CURLOPT_MAIL_RCPT, to.get());
  set(handle, CURLOPT_HTTPHEADER, head.get());
  set(handle, CURLOPT_MIMEPOST, body.get());
  const CURLcode code = curl_easy_perform(handle.get());
  socket.read_no_more();
  long reply = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &reply);
  if (code == CURLE_OK) return {true, "", static_cast<std::uint32_t>(reply)};
  return {false, reason_of(code, reply), static_cast<std::uint32_t>(reply)};
}

bool is_for_good(std::string_view reason) {
  const Failure* failure = find_failure(reason);
  return failure != nullptr && failure->for_good;
}

bool was_tried(std::string_view reason) {
  const Failure* failure = find_failure(reason);
  return failure == nullptr || failure->tried;
}

bool may_have_arrived(std::string_view reason) { return reason == "not-confirmed"; }

std::string failure_in_words(std::string_view reason, std::uint32_t reply) {
  const Failure* failure = find_failure(reason);
  std::string words(failure == nullptr ? reason : failure->words);
  if (reply >= 400) words += " (" + std::to_string(reply) + ")";
  return words;
}

std::string in_head(std::string_view utf8) {
  if (is_plain(utf8)) return std::string(utf8);
  constexpr std::size_t kBytesMost = 42;  // an encoded word has at most 75 characters
  std::string out;
  for (std::size_t from = 0; from < utf8.size();) {
    std::size_t to = std::min(from + kBytesMost, utf8.size());
    while (to < utf8.size() && (static_cast<std::uint8_t>(utf8[to]) & 0xc0) == 0x80) --to;  // no letter is cut
    out += (out.empty() ? "" : "\r\n ") + ("=?utf-8?B?" + base64(utf8.substr(from, to - from)) + "?=");
    from = to;
  }
  return out;
}

std::string mail_date(Instant at) {
  static constexpr std::array<const char*, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  static const Result<Zone> utc = Zone::named("UTC");
  const LocalTime time = utc->local(at);
  const std::int64_t weekday = ((days_since_epoch(time.date) + 3) % 7 + 7) % 7;
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d +0000", kDays[static_cast<std::size_t>(weekday)],
                time.date.day, kMonths[static_cast<std::size_t>(time.date.month - 1)], time.date.year, time.hour,
                time.minute, time.second);
  return text;
}

}  // namespace moot
