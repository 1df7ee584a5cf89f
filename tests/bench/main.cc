// The bench's command line: see options.cc for its words. Exits 0 when everything was measured, 1 when something was
// not, 2 on a mistake of usage. The report goes to standard output, what it is at to standard error.
#include <cstdio>
#include <fstream>

#include "deploy/bench/work_folder.h"
#include "tests/bench/bench.h"
#include "tests/bench/report.h"

namespace {

using namespace moot;
using namespace moot::bench;

bool write(const std::filesystem::path& file, const std::string& text) {
  if (file.empty()) return true;
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out.fail()) return true;
  std::fprintf(stderr, "%s cannot be written\n", file.c_str());
  return false;
}

int run(const Options& options) {
  const StopSignal stop;
  const WorkFolder folder(options.data.empty() ? std::filesystem::temp_directory_path() : options.data);
  if (folder.path().empty()) {
    std::fprintf(stderr, "no folder can be made in %s\n", options.data.c_str());
    return 1;
  }
  // PostgreSQL's user has to get through.
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  Bench bench(options, folder.path(), stop);
  const Status status = bench.run();
  const Findings& findings = bench.findings();
  const std::string report = markdown_of(findings);
  std::fputs(report.c_str(), stdout);
  const bool written = write(options.output, report) && write(options.json, json_of(findings));
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.message().c_str());
  return status.ok() && findings.failures.empty() && written ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  const Result<Options> options = parse_options({words + 1, words + count});
  if (!options.ok()) {
    std::fprintf(stderr, "%s\n%s", options.status().message().c_str(), usage().c_str());
    return 2;
  }
  if (options->help) {
    std::fputs(usage().c_str(), stdout);
    return 0;
  }
  return run(*options);
}
