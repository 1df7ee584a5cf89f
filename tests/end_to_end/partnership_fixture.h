// A small invented partnership, written into a folder: its agencies, mappings, board, caller policy and files.
//
//   millbrook-wardens   calls about anti-social behaviour: CSV, any number of rows      calls-*.csv
//   brook-homes         a landlord's cases, each row one version of a case: CSV          cases.csv
//   mill-clinic         risk assessments and answers: CloudEvents                        clinic.jsonl
//
// Everything is history of the spring of 2022, published as a backfill; the documents are for 14 June 2022.
// The same seed gives the same bytes. No name, code or date of another partnership occurs in it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace moot {

class PartnershipFixture {
 public:
  static constexpr const char* kWardens = "millbrook-wardens";
  static constexpr const char* kHomes = "brook-homes";
  static constexpr const char* kClinic = "mill-clinic";

  // Writes the definitions and the files of all three agencies, with `calls` rows of calls in three files.
  explicit PartnershipFixture(std::filesystem::path folder, std::size_t calls = 60);

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path config() const { return folder_ / "partnership.toml"; }
  std::filesystem::path calls_mapping() const { return folder_ / "calls.toml"; }
  std::filesystem::path cases_mapping() const { return folder_ / "cases.toml"; }
  std::vector<std::filesystem::path> call_files() const;  // in order
  std::filesystem::path cases_file() const { return folder_ / "cases.csv"; }
  std::filesystem::path clinic_file() const { return folder_ / "clinic.jsonl"; }
  // The words after `moot` that publish each file as its agency, in the order of the feeds.
  std::vector<std::vector<std::string>> publications() const;
  std::size_t events() const { return calls_ + kCaseRows + kClinicLines; }

  // A file of calls: its header and the rows first, first + 1, … of an endless series. `note_characters` fills the
  // notes up to a length, where events must be large.
  static std::string calls_csv(std::size_t first, std::size_t count, std::size_t note_characters = 0);
  static std::string calls_header();
  // The call of that number as `moot publish` takes it in CloudEvents, with a description of so many characters.
  static std::string call_as_cloudevent(std::size_t number, std::size_t note_characters);

 private:
  static constexpr std::size_t kCaseRows = 8;
  static constexpr std::size_t kClinicLines = 5;
  void write_definitions() const;
  void write_files() const;

  const std::filesystem::path folder_;
  const std::size_t calls_;
};

}  // namespace moot
