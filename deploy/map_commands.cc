#include "deploy/map_commands.h"

#include <boost/json.hpp>
#include <fstream>
#include <iostream>

#include "adapters/dry_run_sink.h"
#include "adapters/file_publisher.h"
#include "adapters/given_mapping.h"
#include "adapters/mapping_check.h"
#include "adapters/mapping_suggestion.h"
#include "broker/core/whole_file.h"
#include "deploy/command.h"
#include "deploy/dry_run_report.h"
#include "deploy/reach.h"

namespace moot {

namespace {

namespace json = boost::json;

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

json::array failures_of(const std::vector<MappingFailure>& failures, const std::string& column) {
  json::array out;
  for (const MappingFailure& failure : failures) {
    if (failure.column != column) continue;
    json::array rows(failure.first_rows.begin(), failure.first_rows.end());
    json::array shapes(failure.shapes.begin(), failure.shapes.end());
    out.push_back(json::object{{"code", code_name(failure.code)},
                               {"reason", failure.reason},
                               {"rows", failure.rows},
                               {"first_rows", std::move(rows)},
                               {"examples", std::move(shapes)}});
  }
  return out;
}

void print_check_json(const MapOrder& order, const FileTotals& totals, const DryRunReport& report,
                      const MappingCheck& check) {
  json::object out = {{"file", totals.file},
                      {"mapping", order.mapping.filename().string()},
                      {"ok", totals.refused == 0},
                      {"read", totals.read},
                      {"accepted", totals.accepted},
                      {"duplicate", totals.duplicate},
                      {"superseding", totals.superseding},
                      {"refused", totals.refused},
                      {"footer_rows", totals.footer_rows}};
  add_dry_run(out, totals, report);
  out.erase("refused_rows");
  out.erase("refused_rows_left_out");
  const std::vector<MappingFailure> failures = check.failures();
  for (json::value& column : out["columns"].as_array())
    column.as_object()["failures"] = failures_of(failures, std::string(column.at("column").as_string()));
  out["failures"] = failures_of(failures, "");
  std::cout << json::serialize(out) << "\n";
}

std::string failure_words(const MappingFailure& failure) {
  std::string text =
      "  " + failure.reason + "\n    " + std::to_string(failure.rows) + (failure.rows == 1 ? " row" : " rows");
  std::string rows;
  for (const std::uint64_t row : failure.first_rows)
    if (row > 0) rows += (rows.empty() ? "" : ", ") + std::to_string(row);
  if (!rows.empty()) text += ": " + rows + (failure.rows > failure.first_rows.size() ? ", …" : "");
  if (!failure.shapes.empty()) text += "; looks like  " + joined(failure.shapes);
  return text + "\n";
}

void print_check_words(const MapOrder& order, const FileTotals& totals, DryRunReport report,
                       const MappingCheck& check) {
  report.refused.clear();  // told by reason below
  report.refused_left_out = 0;
  std::cout << totals.file << ", read by " << order.mapping.filename().string() << ": " << totals.read << " rows, "
            << totals.accepted << " would be accepted, " << totals.duplicate << " the same as another, "
            << totals.superseding << " superseding, " << totals.refused << " refused\n"
            << dry_run_words(totals, report);
  const std::vector<MappingFailure> failures = check.failures();
  if (failures.empty()) return;
  std::cout << "What fails (in examples x stands for letters, 9 for a digit):\n";
  for (const MappingFailure& failure : failures) std::cout << failure_words(failure);
  if (check.rows_left_out() > 0) std::cout << "  and " << check.rows_left_out() << " rows for more reasons\n";
}

Status check_is_file(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return Status(Code::kUsage, file.string() + ": there is no such file");
  if (std::filesystem::is_directory(file, error)) return Status(Code::kUsage, file.string() + ": is a folder");
  return {};
}

}  // namespace

int map_check_command(const Options& options, const MapOrder& order) {
  const Status there = check_is_file(order.file);
  if (!there.ok()) return tell(there);
  const Result<PartnershipFolder> folder =
      options.config.empty() ? partnership_of(options) : load_partnership_folder(options.config);
  if (!folder.ok()) return tell(folder.status());
  const Result<GivenMapping> mapping =
      load_given_mapping(order.mapping, std::make_shared<const AreaTable>(folder->partnership.areas));
  if (!mapping.ok()) return tell(mapping.status());
  DryRunOptions dry_options;
  dry_options.limits = folder->limits;
  dry_options.now = SystemClock().now();
  if (!options.as.empty()) {
    const Result<AgencyId> agency = AgencyId::parse(options.as);
    if (!agency.ok()) return tell(agency.status().with("--as"));
    dry_options.agency = *agency;
  }
  DryRunSink dry(dry_options);
  MappingCheck check(dry, mapping->csv ? mapping->csv->delimiter : ',',
                     mapping->csv ? mapping->csv->encoding : Encoding::kUtf8);
  FileOptions file_options;
  file_options.limits = folder->limits;
  file_options.mapping = mapping->csv ? &*mapping->csv : nullptr;
  file_options.police_uk = mapping->police_uk ? &*mapping->police_uk : nullptr;
  if (mapping->csv) file_options.format = FileFormat::kCsv;
  file_options.publisher = Publisher{dry_options.agency.value_or(AgencyId::parse(kOperator).value()), Key{}};
  const FileTotals totals = publish_file(order.file, file_options, check);
  if (totals.status.code() == Code::kUsage) return tell(totals.status);
  DryRunReport report = dry.take_report();
  if (options.json)
    print_check_json(order, totals, report, check);
  else
    print_check_words(order, totals, std::move(report), check);
  return totals.refused == 0 ? kDone : kRefused;
}

int map_suggest_command(const Options& options, const MapOrder& order) {
  const Status there = check_is_file(order.file);
  if (!there.ok()) return tell(there);
  if (!options.as.empty() && !AgencyId::parse(options.as).ok())
    return tell(AgencyId::parse(options.as).status().with("--as"));
  std::ifstream stream(order.file, std::ios::binary);
  if (!stream.is_open()) return tell(Status(Code::kUnreadable, order.file.string() + ": cannot be opened"));
  const Result<MappingSuggestion> suggestion = suggest_mapping(stream, order.file.filename().string(), options.as);
  if (!suggestion.ok()) return tell(suggestion.status());
  if (!order.output.empty()) {
    const Status written = create_whole_file(order.output, suggestion->toml);
    if (!written.ok()) return tell(written);
  }
  if (options.json) {
    json::array personal;
    for (const ColumnGuess& column : suggestion->table.columns)
      if (column.personal) personal.emplace_back(column.column);
    std::cout << json::serialize(json::object{{"mapping", suggestion->toml}, {"looks_personal", std::move(personal)}})
              << "\n";
  } else if (order.output.empty()) {
    std::cout << suggestion->toml;
  }
  return kDone;
}

void add_map_commands(CLI::App& app, const Options& options, MapOrder& order, std::function<int()>& run) {
  CLI::App* map = app.add_subcommand("map", "Mappings: how the rows of an export become events");
  map->require_subcommand(1);
  CLI::App* command = map->add_subcommand("check", "Try a mapping on a file: what each column becomes, and what fails");
  command->add_option("file", order.file, "The export")->required();
  command->add_option("--mapping", order.mapping, "The mapping (TOML)")->required();
  command->callback([&] { run = [&] { return map_check_command(options, order); }; });
  command = map->add_subcommand("suggest", "Write a first mapping from a file's header and first rows");
  command->add_option("file", order.file, "The export")->required();
  command->add_option("--output", order.output, "Write to this new file instead of standard output");
  command->callback([&] { run = [&] { return map_suggest_command(options, order); }; });
}

}  // namespace moot
