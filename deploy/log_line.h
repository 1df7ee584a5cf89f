// What a process says on stderr while it runs: lines for a person, or with `--log-json` one JSON object each, for
// whatever collects logs:
//
//   {"time":"2021-03-02T09:05:00.123456Z","level":"warning","part":"gateway","message":"…"}
//
// `level`: info, warning, error; of an error also its `code`, where it has one. Neither form holds a personal value: a
// line is made of the names of agencies, files, fields and codes, and of counts.
//
// Thread: any; the form is set before there is a second one.
#pragma once

#include <string_view>

#include "broker/core/status.h"

namespace moot {

enum class LogForm { kWords, kJson };
void set_log_form(LogForm form);
bool logs_json();

// That all is as it should be: "The broker of … is up".
void announce(std::string_view part, std::string_view message);
// What whoever runs it should know of: "moot: …".
void warn(std::string_view part, std::string_view message);
// Why it ends; a status that is ok has a sentence and no code.
void log_error(const Status& why);

}  // namespace moot
