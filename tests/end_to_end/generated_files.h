// Agencies' files drawn from a seed, for the invented partnership of PartnershipFixture: good rows, rows with a fault,
// rows that come again in the same file or in another, versions of a record in any order, and rows that contradict an
// earlier one. Whatever publishes them, in whatever order and however often, what must come of each row is known here,
// counted without anything of the product.
//
// A publisher offers its files one after the other. A row that contradicts another stands after it in the same
// publisher's files, so that it is always the later one that is refused.
// Thread: one, the test's.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/end_to_end/installation.h"
#include "tests/end_to_end/partnership_fixture.h"

namespace moot {

struct GeneratedFile {
  using Name = std::pair<std::string, std::string>;  // source and id

  std::filesystem::path path;
  std::int64_t rows = 0;
  std::size_t bytes = 0;
  std::int64_t refused = 0;  // with a fault, or contradicting an earlier row
  std::set<Name> only_here;  // the events whose first row is in this file and that no other publisher offers
};

struct GeneratedPublisher {
  std::string agency;
  std::filesystem::path mapping;  // empty = CloudEvents
  std::vector<GeneratedFile> files;
  std::size_t bytes() const;
  // The words after `moot` that publish them all: on the machine of the broker, or from another one by a key file.
  Words publication() const;
  Words publication(const std::filesystem::path& key_file, const std::string& bus_address) const;

 private:
  Words offering() const;
};

class GeneratedFiles {
 public:
  using Name = GeneratedFile::Name;
  using Place = std::tuple<std::string, std::string, std::int64_t>;  // agency, file, row

  // Writes the partnership and its files into the folder.
  GeneratedFiles(std::filesystem::path folder, unsigned seed);

  std::filesystem::path config() const { return partnership_.config(); }
  const std::vector<GeneratedPublisher>& publishers() const { return publishers_; }
  const std::set<Name>& events() const { return events_; }
  const std::set<Place>& refusals() const { return refusals_; }
  std::int64_t rows() const { return rows_; }

 private:
  struct Row {
    Name name;
    std::string text;
  };
  // What the rows of one agency are like.
  struct Rows {
    std::string header;
    std::function<Row()> fresh;
    std::function<std::string(const Row&)> contradicting;
    std::function<std::string()> faulty;
  };

  std::size_t pick(std::size_t below) { return static_cast<std::size_t>(random_()) % below; }
  template <typename T>
  const T& one_of(const std::vector<T>& choices) {
    return choices[pick(choices.size())];
  }
  Rows wardens_rows();
  Rows homes_rows();
  Rows clinic_rows();
  std::string call(std::size_t number);
  std::string faulty_call();
  Row next_case();
  std::string faulty_case();
  Row next_assessment();
  std::string faulty_assessment();
  void add_publisher(const std::string& name, const std::string& agency, const Rows& rows, std::size_t files,
                     std::size_t rows_each);
  GeneratedFile write_file(const std::string& file, const std::string& agency, const Rows& rows, std::size_t count,
                           std::vector<Row>& said);

  const std::filesystem::path folder_;
  const PartnershipFixture partnership_;
  std::mt19937 random_;
  std::size_t note_characters_ = 0;  // of the wardens' file that is being written
  std::size_t calls_ = 0, faults_ = 0;
  std::vector<Row> versions_;  // of cases or assessments, drawn and still to be written
  std::size_t records_ = 0;
  std::map<std::string, std::vector<Row>> said_;  // by agency: the good rows of publishers that are written
  std::vector<GeneratedPublisher> publishers_;
  std::set<Name> events_, shared_;  // all; those that two publishers offer
  std::set<Place> refusals_;
  std::int64_t rows_ = 0;
};

}  // namespace moot
