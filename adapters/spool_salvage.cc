#include "adapters/spool_salvage.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

#include "adapters/spool.h"
#include "adapters/spool_file.h"
#include "adapters/spool_through.h"
#include "broker/core/whole_file.h"

namespace moot {

namespace {

constexpr std::uint64_t kNoBound = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kTogether = 1 * 1024 * 1024;  // bytes of entries kept with one sync

// Parcels kept at one time, on their way into the new spool.
struct Group {
  std::vector<v1::SpooledParcel> parcels;
  Instant kept;
  std::size_t bytes = 0;

  Status pass_on(Spool& to) {
    const Status done = parcels.empty() ? Status() : to.keep(parcels, kept);
    parcels.clear();
    bytes = 0;
    return done;
  }
};

}  // namespace

Result<SpoolSalvage> salvage_spool(const std::filesystem::path& folder, const Key& key,
                                   const std::filesystem::path& to) {
  const Result<SpoolLock> held = SpoolLock::take_if_there(folder);
  if (!held.ok()) return held.status();
  const Result<std::vector<SpoolFile>> files = spool_files(folder);
  if (!files.ok()) return files.status();
  const Result<SpoolThrough> through = read_spool_through(folder);
  Result<std::unique_ptr<Spool>> made = Spool::open(to, key, kNoBound);
  if (!made.ok()) return made.status();
  SpoolSalvage salvage;
  salvage.all_again = !through.ok();
  std::uint64_t next = through.ok() ? through->forgotten + 1 : files->empty() ? 1 : files->front().first;
  Group group;
  for (const SpoolFile& file : *files) {
    const Result<std::string> text = read_whole_file(file.path);
    if (!text.ok()) continue;  // lost: counted by the numbers
    std::uint64_t number = file.first;
    for (std::string_view left = *text; !left.empty(); ++number) {
      const std::optional<SpoolEntry> entry = entry_at(left, number);
      if (!entry) break;  // where the next one begins is not known
      left.remove_prefix(entry->bytes());
      if (number < next) continue;
      Result<v1::SpooledParcel> parcel = unseal_entry(key, *entry);
      if (!parcel.ok()) continue;
      salvage.lost += number - next;
      next = number + 1;
      ++salvage.parcels;
      salvage.events += entry->events;
      if (entry->kept.us != group.kept.us || group.bytes > kTogether) MOOT_RETURN_IF_ERROR(group.pass_on(**made));
      group.kept = entry->kept;
      group.bytes += entry->bytes();
      group.parcels.push_back(std::move(*parcel));
    }
  }
  MOOT_RETURN_IF_ERROR(group.pass_on(**made));
  if (through.ok() && next <= through->end) salvage.lost += through->end + 1 - next;
  return salvage;
}

}  // namespace moot
