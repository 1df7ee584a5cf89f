#include <boost/json.hpp>
#include <iostream>

#include "broker/data_repair.h"
#include "deploy/command.h"
#include "deploy/progress.h"
#include "deploy/spools.h"

namespace moot {

namespace {

namespace json = boost::json;

void print_json(const DataRepair& repair, const SpoolsSaved& spools, const std::filesystem::path& to) {
  json::array lost, notes, findings;
  for (const OffsetRange& range : repair.lost)
    lost.push_back(json::object{{"from", std::to_string(range.from.value)}, {"to", std::to_string(range.to.value)}});
  for (const std::string& note : repair.notes) notes.push_back(json::string(note));
  for (const std::string& note : spools.notes) notes.push_back(json::string(note));
  for (const Finding& one : repair.check.findings)
    findings.push_back(json::object{{"file", one.file.string()}, {"text", one.text}});
  json::value moved = nullptr;
  if (repair.moved_from) moved = json::string(std::to_string(repair.moved_from->value));
  std::cout << json::serialize(json::object{{"complete", repair.complete() && spools.lost == 0},
                                            {"directory", to.string()},
                                            {"events", repair.events},
                                            {"lost", std::move(lost)},
                                            {"moved_from", moved},
                                            {"inbox_items", repair.inbox_items},
                                            {"inbox_lost", repair.inbox_lost},
                                            {"audit_entries", repair.audit_entries},
                                            {"audit_lost", repair.audit_lost},
                                            {"spool_events", spools.events},
                                            {"spool_lost", spools.lost},
                                            {"notes", std::move(notes)},
                                            {"findings", std::move(findings)}})
            << "\n";
}

void print_words(const DataRepair& repair, const SpoolsSaved& spools, const std::filesystem::path& to) {
  std::cout << "Saved " << repair.events << " events, " << repair.audit_entries << " entries of the audit log and "
            << repair.inbox_items << " inbox items to " << to.string() << "; the damaged directory is as it was.\n";
  for (const OffsetRange& range : repair.lost)
    std::cout << "LOST the events from offset " << range.from.value << " to " << range.to.value - 1 << "\n";
  if (repair.moved_from)
    std::cout << "Events from offset " << repair.moved_from->value << " on have moved up to lower offsets.\n";
  if (repair.audit_lost > 0) std::cout << "LOST " << repair.audit_lost << " entries of the audit log\n";
  if (repair.inbox_lost > 0) std::cout << "LOST " << repair.inbox_lost << " inbox items\n";
  if (spools.events > 0) std::cout << "Saved " << spools.events << " events that wait at the gateway.\n";
  for (const std::string& note : repair.notes) std::cout << note << "\n";
  for (const std::string& note : spools.notes) std::cout << note << "\n";
  for (const Finding& one : repair.check.findings)
    std::cout << "FOUND " << one.file.string() << ": "
              << (one.offset ? "offset " + std::to_string(one.offset->value) + ": " : "") << one.text << "\n";
  if (repair.complete() && spools.lost == 0)
    std::cout << "Nothing was lost.\n";
  else
    std::cout << "Let the agencies publish again what they have of that time: what is there already is recognised.\n";
}

}  // namespace

int repair_command(const Options& options, const std::filesystem::path& to_given) {
  std::filesystem::path data = std::filesystem::absolute(options.data).lexically_normal();
  if (data.filename().empty()) data = data.parent_path();
  const std::filesystem::path to = to_given.empty() ? std::filesystem::path(data.string() + ".repaired") : to_given;
  const Status free = spools_are_free(data);
  if (!free.ok()) return tell(free.with("stop the gateway first"));
  Progress progress("repair");
  const Result<DataRepair> repair =
      repair_data(data, options.keys_folder(), to, [&](std::uint64_t events) { progress.show(events, 0, events); });
  progress.make_room();
  if (!repair.ok()) return tell(repair.status());
  Options from = options;
  from.data = data;
  const Result<SpoolsSaved> spools = salvage_spools(from, to);
  if (!spools.ok()) return tell(spools.status());
  options.json ? print_json(*repair, *spools, to) : print_words(*repair, *spools, to);
  return repair->complete() && spools->lost == 0 ? kDone : kRefused;
}

}  // namespace moot
