// Status and Result<T>: how every expected failure travels. CHECK: what must never happen.
//
// A Status has a Code, one of the list below, and a sentence an officer understands. The sentence names fields,
// agencies, files and offsets, and never a personal value. The codes stand in acks, the inbox and `moot status`;
// code_name gives their printed form. Thread: values, usable anywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace moot {

// The numbers are on the wire and in the inbox: they never change, new ones are added at the end.
enum class Code : std::uint32_t {
  kOk = 0,
  kInvalid = 1,        // breaks a rule of the language
  kNotAnEvent = 2,     // the frame is not a protobuf Event
  kTooLarge = 3,       // over a named limit
  kWrongAgency = 4,    // another agency's source
  kUnknownAgency = 5,  // no such agency here
  kUnknownKey = 6,     // the key is not known to the broker
  kNoKey = 7,          // the connection is not encrypted with a key
  kNotAllowed = 8,     // known, but may not do this
  kConflict = 9,       // same source and id, other content
  kUnreadable = 10,    // the file or record cannot be read as what it should be
  kUnmapped = 11,      // a code that the mapping's list does not have
  kMissing = 12,       // a required value, column or file is not there
  kCorrupt = 13,       // what is on disk is not what was written
  kUnavailable = 14,   // nobody answers
  kDisk = 15,          // the disk refused
  kBadRequest = 16,    // the bus message makes no sense
  kNotFound = 17,
  kExists = 18,
  kDefinition = 19,          // a mistake in a definition file
  kUsage = 20,               // a mistake on the command line
  kNoSession = 21,           // the broker does not know this connection: it must say hello (again)
  kEntitlementChanged = 22,  // what this reader may read is no longer what it read so far: it must begin again
  kKeyEnded = 23,            // the key was revoked or replaced, or has expired
  kErased = 24,              // the person was erased, and may not come back
  kOnHold = 25,              // kept for a legal hold: it may not be erased
  kQuota = 26,               // more than the agency may publish in a day
};

std::string_view code_name(Code code);  // "wrong-agency"; "unknown" for a number not in the list

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Code code, std::string message) : code_(code), message_(std::move(message)) {}

  bool ok() const { return code_ == Code::kOk; }
  Code code() const { return code_; }
  const std::string& message() const { return message_; }
  // "wrong-agency: …", for a person; "ok" when ok.
  std::string to_string() const;
  // The same status with `context: ` before its sentence.
  Status with(std::string_view context) const;

 private:
  Code code_ = Code::kOk;
  std::string message_;
};

[[noreturn]] void check_failed(const char* file, int line, const char* condition, const std::string& detail);

// Broken invariants stop the process: what is on disk is then the truth.
#define MOOT_CHECK(condition)                                                   \
  do {                                                                          \
    if (!(condition)) ::moot::check_failed(__FILE__, __LINE__, #condition, ""); \
  } while (false)
#define MOOT_CHECK_OK(expression)                                                                                      \
  do {                                                                                                                 \
    const ::moot::Status moot_check_status = (expression);                                                             \
    if (!moot_check_status.ok()) ::moot::check_failed(__FILE__, __LINE__, #expression, moot_check_status.to_string()); \
  } while (false)

// A T, or the Status that says why not.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor): `return value;` is the point
  Result(Status status) : status_(std::move(status)) { MOOT_CHECK(!status_.ok()); }  // NOLINT

  bool ok() const { return value_.has_value(); }
  const Status& status() const { return status_; }

  T& value() & {
    MOOT_CHECK(ok());
    return *value_;
  }
  const T& value() const& {
    MOOT_CHECK(ok());
    return *value_;
  }
  T&& value() && {
    MOOT_CHECK(ok());
    return std::move(*value_);
  }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::optional<T> value_;
  Status status_;
};

#define MOOT_RETURN_IF_ERROR(expression)       \
  do {                                         \
    ::moot::Status moot_status = (expression); \
    if (!moot_status.ok()) return moot_status; \
  } while (false)

}  // namespace moot
