// Measures a casebook of 100,000 events, a million and ten million, beside PostgreSQL with the same contacts and
// incidents. Exits 0 when everything was measured and both found the same, 1 otherwise, 2 on a mistake of usage. The
// report goes to standard output.
#include <algorithm>
#include <cstdio>

#include "deploy/bench/comparison.h"
#include "deploy/bench/work_folder.h"
#include "tests/bench/casebook/sql_callers.h"

namespace moot::bench {
namespace {

constexpr const char* kUsage = R"(usage: moot_bench_casebook [OPTION...]
  --config FILE        the partnership whose board, callers and rules are used (deploy/south-and-vale/partnership.toml)
  --board ID           of its boards (jtm)
  --events A,B         how many; in this order, each in a casebook of its own (100000,1000000,10000000)
  --documents N        documents only up to so many events: they take memory (1000000)
  --measures N         measures and PostgreSQL likewise, which take more (1000000)
  --repetitions N      of documents (5)
  --data DIR           PostgreSQL's data go into a new folder in DIR (build/bench)
)";

struct Words {
  std::string config = "deploy/south-and-vale/partnership.toml", board = "jtm", data = "build/bench";
  std::vector<std::uint64_t> events = {100'000, 1'000'000, 10'000'000};
  std::uint64_t documents = 1'000'000, measures = 1'000'000;
  int repetitions = 5;
};

bool read(int count, char** words, Words& into) {
  for (int i = 1; i < count; i += 2) {
    const std::string option = words[i];
    if (i + 1 == count) return false;
    const std::string value = words[i + 1];
    if (option == "--config") {
      into.config = value;
    } else if (option == "--board") {
      into.board = value;
    } else if (option == "--data") {
      into.data = value;
    } else if (option == "--documents") {
      into.documents = std::strtoull(value.c_str(), nullptr, 10);
    } else if (option == "--measures") {
      into.measures = std::strtoull(value.c_str(), nullptr, 10);
    } else if (option == "--repetitions") {
      into.repetitions = std::max(1, std::atoi(value.c_str()));
    } else if (option == "--events") {
      into.events.clear();
      for (const char* at = value.c_str(); *at != '\0'; at += *at == ',') {
        char* end = nullptr;
        into.events.push_back(std::strtoull(at, &end, 10));
        if (end == at || into.events.back() == 0) return false;
        at = end;
      }
    } else {
      return false;
    }
  }
  return true;
}

std::string told(const std::vector<Spent>& spent) {
  Numbers wall, cpu;
  for (const Spent& one : spent) wall.push_back(1000 * one.wall), cpu.push_back(1000 * one.cpu);
  char text[96];
  std::snprintf(text, sizeof text, "%.1f ms (CPU %.1f; most %.1f)", median(wall), median(cpu),
                *std::max_element(wall.begin(), wall.end()));
  return text;
}

std::string told(const std::vector<double>& seconds) {
  Numbers ms;
  for (const double one : seconds) ms.push_back(1000 * one);
  char text[64];
  std::snprintf(text, sizeof text, "%.1f ms (most %.1f)", median(ms), *std::max_element(ms.begin(), ms.end()));
  return text;
}

// `first`: of a later one the process has memory yet of those before, and what it takes cannot be told.
void print(const CasebookCost& cost, const SqlCost& sql, bool first) {
  const auto events = static_cast<double>(cost.events);
  std::printf("\n## %.0f events\n\n", events);
  std::printf("- fold: %.0f events/s (%.0f by CPU), frames of %.0f bytes\n", events / cost.folding.wall,
              events / cost.folding.cpu, cost.frame_bytes);
  if (first) std::printf("- memory: %.0f bytes an event\n", cost.resident_bytes);
  if (cost.callers.empty()) return;
  std::printf("- callers, after one more event: %s\n", told(cost.callers).c_str());
  std::printf("- agenda, after one more event: %s\n", told(cost.agenda).c_str());
  std::printf("- both once more, with no event between: %s\n", told(cost.again).c_str());
  std::printf("- the agenda lists %zu, tells of %zu why not, and has %zu bytes\n", cost.agenda_items,
              cost.agenda_not_listed, cost.agenda_bytes);
  if (sql.callers.empty()) return;
  std::printf("- both documents are, byte for byte, those of a casebook made at once\n");
  std::printf("- two measures of a year: %s\n", told(cost.measures).c_str());
  std::printf("- PostgreSQL, the same top ten: %s; the same two measures: %s; loaded and indexed in %.0f s\n",
              told(sql.callers).c_str(), told(sql.measures).c_str(), sql.loading.wall);
}

Status measure(const Words& words, const PartnershipFolder& folder, std::uint64_t events, SqlCallers& postgres,
               std::vector<CasebookCost>& costs) {
  HistorySetting setting;
  setting.events = events;
  for (const Agency& agency : folder.partnership.agencies) setting.agencies.push_back(agency.id.value());
  for (const Area& area : folder.partnership.areas) setting.areas.push_back(area.code);
  setting.board = folder.find_board(words.board)->known_as;
  const MadeUpHistory history(setting);
  CasebookMeasure casebook(folder, history, words.board);
  CasebookCost& cost = costs.emplace_back();
  SqlCost sql;
  MOOT_RETURN_IF_ERROR(casebook.fold(events, cost));
  if (events <= words.documents) {
    MOOT_RETURN_IF_ERROR(casebook.make_documents(words.repetitions, cost));
  }
  if (events <= std::min(words.documents, words.measures)) {
    MOOT_RETURN_IF_ERROR(casebook.check_documents());
    MOOT_RETURN_IF_ERROR(casebook.make_measures(words.repetitions, cost));
    MOOT_RETURN_IF_ERROR(postgres.load(history, events, sql));
    MOOT_RETURN_IF_ERROR(postgres.compare(casebook, words.repetitions, sql));
  }
  print(cost, sql, costs.size() == 1);
  std::fflush(stdout);  // what is larger may take the memory there is
  return {};
}

Status run(const Words& words) {
  const Result<PartnershipFolder> folder = load_partnership_folder(words.config);
  if (!folder.ok()) return folder.status();
  if (folder->find_board(words.board) == nullptr) return Status(Code::kUsage, "there is no board " + words.board);
  if (folder->partnership.agencies.size() < 2 || folder->partnership.areas.empty())
    return Status(Code::kUsage, "the partnership wants two agencies and an area at least");
  const WorkFolder data(words.data);
  if (data.path().empty()) return Status(Code::kDisk, "no folder can be made in " + words.data);
  std::filesystem::permissions(data.path(), std::filesystem::perms(0755));  // PostgreSQL's user has to get through
  SqlCallers postgres(data.path() / "postgres");
  MOOT_RETURN_IF_ERROR(postgres.start());
  std::printf("# The casebook\n\n%s; %s\n", machine().c_str(), postgres.version().c_str());
  std::vector<CasebookCost> costs;
  Status status;
  for (const std::uint64_t events : words.events)
    if (status.ok()) status = measure(words, *folder, events, postgres, costs);
  postgres.stop();
  if (!status.ok() || costs.size() < 2) return status;
  const auto each = [](const CasebookCost& cost) { return cost.folding.cpu / static_cast<double>(cost.events); };
  std::printf("\nFolding one event of %llu costs %.2f times what it costs of %llu (by CPU).\n",
              static_cast<unsigned long long>(costs.back().events), each(costs.back()) / each(costs.front()),
              static_cast<unsigned long long>(costs.front().events));
  return status;
}

}  // namespace
}  // namespace moot::bench

int main(int count, char** words) {
  moot::bench::Words read;
  if (!moot::bench::read(count, words, read)) {
    std::fputs(moot::bench::kUsage, stderr);
    return 2;
  }
  const moot::Status status = moot::bench::run(read);
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.message().c_str());
  return status.ok() ? 0 : 1;
}
