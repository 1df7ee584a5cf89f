// What fails when a mapping is tried on a file, gathered for a person: by column and reason, with the first rows and
// what the cells that failed look like. Never a cell: of each only its shape is kept, letters as "x", digits as "9".
// Memory: kFailuresMax reasons. Thread: one, the caller's.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "adapters/encoding.h"
#include "adapters/record_sink.h"

namespace moot {

struct MappingFailure {
  std::string column;  // empty: of the row as a whole
  Code code = Code::kOk;
  std::string reason;
  std::uint64_t rows = 0;
  std::vector<std::uint64_t> first_rows;
  std::vector<std::string> shapes;  // different ones
};

// "31.02.2021" as "99.99.9999", "Mrs O'Neil" as "x x'x": any run of letters is one x. At most 32 characters.
std::string shape_of(std::string_view cell);

// Passes everything on to another sink, borrowed, and notes what is refused.
class MappingCheck final : public RecordSink {
 public:
  static constexpr std::size_t kFailuresMax = 500;
  static constexpr std::size_t kRowsShown = 5;
  static constexpr std::size_t kShapesShown = 3;

  // How the file's rows are written, so that a cell is found in its row again.
  MappingCheck(RecordSink& sink, char delimiter, Encoding encoding)
      : sink_(sink), delimiter_(delimiter), encoding_(encoding) {}

  void on_outcome(std::function<void(const Outcome&)> callback) override;
  Status publish(const v1::Event& event, const v1::Origin& origin) override;
  Status refuse(const v1::RefusedInput& refused) override;
  Status flush() override { return sink_.flush(); }
  bool stores() const override { return sink_.stores(); }

  // The most frequent first; equal ones in the order they were met.
  std::vector<MappingFailure> failures() const;
  std::uint64_t rows_left_out() const { return rows_left_out_; }  // refused for reasons over kFailuresMax

 private:
  std::string shape_in(const v1::RefusedInput& refused) const;
  void note(const std::string& column, std::uint64_t row, const Status& why, const std::string& shape);

  RecordSink& sink_;
  const char delimiter_;
  const Encoding encoding_;
  std::deque<bool> given_;  // what has no outcome yet, in order: was it refused here, and so is noted already?
  std::vector<MappingFailure> failures_;
  std::uint64_t rows_left_out_ = 0;
};

}  // namespace moot
