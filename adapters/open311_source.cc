#include "adapters/open311_source.h"

#include <algorithm>
#include <cctype>

namespace moot {

namespace {

constexpr std::int64_t kMinuteUs = 60 * kSecondUs;
constexpr std::int64_t kDayUs = 24 * kHourUs;
constexpr std::int64_t kShortestUs = 8 * kSecondUs;  // half of it still goes on, with a second's overlap

Instant whole_second(Instant instant) { return {instant.us - instant.us % kSecondUs}; }

std::string escaped(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 128 && (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~'))
      out += c;
    else
      out += std::string{'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

bool has_only(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 128 && (std::isalnum(byte) != 0 || others.find(c) != std::string_view::npos);
  });
}

}  // namespace

Status check_open311_url(std::string_view url) {
  const Status expected(Code::kInvalid,
                        "expected an address such as https://council.example/open311/v2, without user, "
                        "password, question mark or #");
  const bool http = url.starts_with("http://");
  if (!http && !url.starts_with("https://")) return expected;
  const std::string_view rest = url.substr(url.find("//") + 2);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view path = rest.substr(slash);
  const std::size_t colon = std::min(rest.substr(0, slash).find(':'), slash);
  const std::string_view host = rest.substr(0, colon), port = rest.substr(colon, slash - colon);
  if (host.empty() || host.size() > 253 || !has_only(host, "-.") || !has_only(path, "-._~/%")) return expected;
  const bool digits = port.size() > 1 &&
                      std::all_of(port.begin() + 1, port.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  if (!port.empty() && (!digits || port.size() > 6 || std::stoi(std::string(port.substr(1))) > 65'535)) return expected;
  if (http && host != "127.0.0.1" && host != "localhost")
    return Status(Code::kInvalid, "expected https: http is for a server of this machine (127.0.0.1, localhost) only");
  return {};
}

std::string open311_address(const Open311Source& source, const PullWindow& window, int page) {
  std::string address = source.url + "/requests." + (source.json ? "json" : "xml") + "?";
  if (!source.jurisdiction_id.empty()) address += "jurisdiction_id=" + escaped(source.jurisdiction_id) + "&";
  address += source.by_requested ? "start_date=" : "updated_after=";
  address += escaped(to_rfc3339(window.from));
  address += source.by_requested ? "&end_date=" : "&updated_before=";
  address += escaped(to_rfc3339(window.to));
  if (source.page_size > 0) {
    const std::string size = std::to_string(source.page_size);
    address += "&page=" + std::to_string(page) + "&page_size=" + size + "&per_page=" + size;
  }
  return address;
}

Instant pull_start(const Open311Source& source) { return local_midnight(source.since); }

Instant pull_from(const Open311Source& source, Instant through, Instant now) {
  Instant from = {through.us - source.overlap_minutes * kMinuteUs};
  if (source.by_requested) from = std::min(from, Instant{now.us - source.look_back_days * kDayUs});
  return std::max(from, pull_start(source));
}

std::chrono::seconds wait_after_failure(int failures) {
  constexpr int kDoublings = 9;  // more than an hour
  const std::chrono::seconds wait = std::chrono::seconds(10) * (1 << std::clamp(failures - 1, 0, kDoublings));
  return std::min<std::chrono::seconds>(wait, std::chrono::hours(1));
}

PullWindows::PullWindows(Instant from, Instant to, int days_max)
    : from_(whole_second(from)),
      end_(whole_second(to)),
      longest_us_(days_max * kDayUs),
      length_us_(longest_us_),
      done_(from_ >= end_) {}

PullWindow PullWindows::window() const { return {from_, {std::min(from_.us + length_us_, end_.us)}}; }

void PullWindows::taken() {
  const Instant to = window().to;
  done_ = to >= end_;
  from_.us = to.us - kSecondUs;
  length_us_ = std::min(2 * length_us_, longest_us_);
}

bool PullWindows::halve() {
  const PullWindow now = window();
  const std::int64_t length = now.to.us - now.from.us;
  if (length < kShortestUs) return false;
  length_us_ = length / 2 - length / 2 % kSecondUs;
  return true;
}

}  // namespace moot
