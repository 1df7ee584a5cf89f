// One data directory with its key directory, driven from outside as an officer would: by `moot` commands.
//
// Thread: one, the test's. Folders belong to the test; a broker started here ends with its Process.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "deploy/bench/process.h"

namespace moot {

using Words = std::vector<std::string>;

// The texts of a set of documents, by file name.
using FileTexts = std::map<std::string, std::string>;

class Installation {
 public:
  // `keys` empty = beside the data directory, as the command has it by default. `config` empty = none is given.
  explicit Installation(std::filesystem::path data, std::filesystem::path config = {}, std::filesystem::path keys = {});

  const std::filesystem::path& data() const { return data_; }
  const std::filesystem::path& config() const { return config_; }
  std::filesystem::path keys() const;
  std::filesystem::path key_file(const std::string& agency) const;

  // The whole command line: `moot` WORDS --data DATA and, where there are, --keys and --config.
  Words command(const Words& words) const;
  Ended moot(const Words& words, std::chrono::milliseconds deadline = std::chrono::seconds(60)) const;
  std::unique_ptr<Process> start(const Words& words) const;
  // `moot broker`, returned once its bus address stands in the run file. It fails the test when that takes too long.
  std::unique_ptr<Process> start_broker() const;
  // Waits until the run file names this process; false when it has ended instead.
  bool wait_until_up(Process& broker) const;
  std::string bus_address() const;

  // `status --json`, and figures of it.
  boost::json::object status() const;
  std::uint64_t offset() const;
  std::uint64_t refused(const std::string& code) const;

  // `moot up --once --out`; fails the test when it does not exit 0.
  FileTexts documents(const std::filesystem::path& out) const;
  // All events, one JSON text each.
  std::vector<std::string> replay(const Words& words = {}) const;

 private:
  const std::filesystem::path data_;
  const std::filesystem::path config_;
  const std::filesystem::path keys_;
};

FileTexts read_files(const std::filesystem::path& folder);
std::string read_text(const std::filesystem::path& file);
void write_text(const std::filesystem::path& file, const std::string& text);
std::vector<std::string> lines_of_text(const std::string& text);
// What a command printed with --json; fails the test when it is not a JSON object.
boost::json::object json_of(const std::string& text);
// A whole number of a JSON object; -1 and a failed test when there is none.
std::int64_t number_in(const boost::json::object& object, const std::string& name);

}  // namespace moot
