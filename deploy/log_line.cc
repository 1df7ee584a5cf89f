#include "deploy/log_line.h"

#include <boost/json.hpp>
#include <cstdio>
#include <string>

#include "broker/core/instant.h"

namespace moot {

namespace {

LogForm the_form = LogForm::kWords;  // set once, by main

boost::json::object line(std::string_view level, std::string_view part, std::string_view message) {
  return {{"time", to_rfc3339(SystemClock().now())}, {"level", level}, {"part", part}, {"message", message}};
}

// In one write, so that lines of several threads do not mix.
void write(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

}  // namespace

void set_log_form(LogForm form) { the_form = form; }
bool logs_json() { return the_form == LogForm::kJson; }

void announce(std::string_view part, std::string_view message) {
  write(logs_json() ? boost::json::serialize(line("info", part, message)) : std::string(message));
}

void warn(std::string_view part, std::string_view message) {
  write(logs_json() ? boost::json::serialize(line("warning", part, message)) : "moot: " + std::string(message));
}

void log_error(const Status& why) {
  boost::json::object object = line("error", "moot", why.message());
  if (!why.ok()) object["code"] = code_name(why.code());
  write(logs_json() ? boost::json::serialize(object) : "moot: " + why.message());
}

}  // namespace moot
