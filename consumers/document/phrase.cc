#include "consumers/document/phrase.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "broker/core/calendar.h"
#include "broker/core/event_rules.h"
#include "consumers/rules/working_days.h"

namespace moot {
namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
char upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string referral_phrase(const v1::Referral& referral, const std::string& stage) {
  const std::string scheme = code_as_name(referral.scheme());
  const bool asks = referral.stage() == v1::Referral::OFFERED || referral.stage() == v1::Referral::MADE ||
                    referral.stage() == v1::Referral::ACCEPTED || referral.stage() == v1::Referral::DECLINED;
  if (scheme.empty()) return "referral " + stage;
  return asks ? "referral to " + scheme + " " + stage : scheme + " " + stage;
}

// "closure notice issued", "PSPO extended".
std::string order_phrase(const v1::Order& order, const std::string& stage) {
  if (order.power().empty()) return "order " + stage;
  const bool abbreviation = order.power().size() <= 4 && order.power().find_first_of("-_") == std::string::npos;
  return (abbreviation ? code_as_name(order.power()) : code_as_words(order.power())) + " " + stage;
}

std::string closure_phrase(const v1::Closure& closure) {
  switch (closure.stage()) {
    case v1::Closure::CASE_CLOSED:
      return "case closed";
    case v1::Closure::RESOLVED:
      return "case resolved";
    case v1::Closure::ONGOING:
      return "case said to be ongoing";
    default:
      return {};
  }
}

}  // namespace

std::string counted(std::size_t count, std::string_view one) {
  std::string text = std::to_string(count) + " ";
  if (count == 1) return text.append(one);
  if (one == "person") return text + "people";
  const bool vowel = one.size() > 1 && std::string_view("aeiou").find(one[one.size() - 2]) != std::string_view::npos;
  if (one.ends_with("y") && !vowel) return text.append(one.substr(0, one.size() - 1)) + "ies";
  return text.append(one) + "s";
}

std::string in_list(const std::vector<std::string>& items, std::string_view last_word) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " " + std::string(last_word) + " " : ", ";
    text += items[i];
  }
  return text;
}

std::string capitalised(std::string text) {
  if (!text.empty()) text.front() = upper(text.front());
  return text;
}

std::string with_abbreviations(std::string words) {
  // Of the law and of guidance, which everybody writes so; a partnership's own read as their codes do.
  static constexpr std::array<std::string_view, 14> kAbbreviations = {
      "abc", "asb", "cctv", "cpn", "cpw", "dhr", "fpn", "idva", "mappa", "marac", "ms1", "nhs", "nrm", "pspo"};
  for (std::size_t begin = 0; begin < words.size();) {
    const std::size_t end = std::min(words.find(' ', begin), words.size());
    std::string word = words.substr(begin, end - begin);
    std::transform(word.begin(), word.end(), word.begin(), lower);
    if (std::find(kAbbreviations.begin(), kAbbreviations.end(), word) != kAbbreviations.end())
      std::transform(word.begin(), word.end(), words.begin() + static_cast<std::ptrdiff_t>(begin), upper);
    begin = end + 1;
  }
  return words;
}

std::string code_as_name(std::string_view code) {
  const bool abbreviation = code.size() <= 4 && code.find_first_of("-_") == std::string_view::npos;
  std::string name;
  bool begins = true;
  for (const char c : code) {
    const bool gap = c == '-' || c == '_';
    name.push_back(gap ? ' ' : (begins || abbreviation ? upper(c) : c));
    begins = gap;
  }
  return with_abbreviations(name);
}

std::string code_as_words(std::string_view code) {
  std::string words(code);
  for (char& c : words)
    if (c == '-' || c == '_') c = ' ';
  return with_abbreviations(words);
}

std::string date_in_words(std::string_view iso) {
  const Result<Date> date = parse_date(iso);
  return date.ok() ? to_words(*date) : std::string(iso);
}

std::string day_in_words(std::string_view iso) {
  const Result<Date> date = parse_date(iso);
  return date.ok() ? weekday_name(weekday_of(*date)) + " " + to_words(*date) : std::string();
}

std::string moved_in_words(std::string_view iso) {
  const std::string day = day_in_words(iso);
  return day.empty() ? day : " (moved from " + day + ", which is no working day)";
}

std::string intervention_phrase(const v1::Facts& facts) {
  const std::string stage = code_as_words(stage_name(facts));
  switch (facts.body_case()) {
    case v1::Facts::kReferral:
      return referral_phrase(facts.referral(), stage);
    case v1::Facts::kAction:
      return "action " + stage;
    case v1::Facts::kClosure:
      return closure_phrase(facts.closure());
    case v1::Facts::kMeeting:
      if (facts.meeting().stage() == v1::Meeting::KEPT) return "kept on the list of a meeting";
      if (facts.meeting().stage() == v1::Meeting::REMOVED) return "taken off the list of a meeting";
      return {};
    default:
      return {};
  }
}

std::string action_text(const v1::Personal& personal) {
  for (const v1::Text& text : personal.texts())
    if (text.field() == "action") return text.text();
  return personal.texts().empty() ? std::string() : personal.texts(0).text();
}

std::string but_proposed(std::size_t actions) {
  return actions == 0 ? std::string() : ", but " + counted(actions, "action") + " only proposed";
}

std::string event_phrase(const v1::Facts& facts) {
  if (facts.has_order()) return order_phrase(facts.order(), code_as_words(stage_name(facts)));
  const std::string phrase = intervention_phrase(facts);
  return phrase.empty() ? code_as_words(std::string(body_name(facts)) + " " + stage_name(facts)) : phrase;
}

}  // namespace moot
