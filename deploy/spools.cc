#include "deploy/spools.h"

#include "adapters/spool_salvage.h"
#include "broker/data_folder.h"

namespace moot {

namespace {

std::filesystem::path secret_file(const Options& options) { return options.keys_folder() / "spool.key"; }

std::vector<SpoolSeen> seen_in(const std::filesystem::path& data, const Result<Key>* secret) {
  std::vector<SpoolSeen> seen;
  for (const AgencyId& agency : Spool::agencies(DataFolder::spool(data))) {
    const std::filesystem::path folder = DataFolder::spool(data) / agency.value();
    Result<SpoolFigures> figures = Spool::look(folder);
    if (figures.ok() && figures->parcels == 0) continue;
    if (figures.ok() && secret != nullptr) {
      if (secret->ok()) {
        const Key key = Spool::key_of(**secret, agency);
        figures = Spool::look(folder, &key);
      } else {
        figures = secret->status();
      }
    }
    seen.push_back({agency, folder, std::move(figures)});
  }
  return seen;
}

}  // namespace

std::vector<SpoolSeen> look_at_spools(const std::filesystem::path& data) { return seen_in(data, nullptr); }

std::vector<SpoolSeen> check_spools(const Options& options) {
  const Result<Key> secret = read_secret(secret_file(options));
  return seen_in(options.data, &secret);
}

Status spools_are_free(const std::filesystem::path& data) {
  for (const AgencyId& agency : Spool::agencies(DataFolder::spool(data)))
    MOOT_RETURN_IF_ERROR(SpoolLock::take_if_there(DataFolder::spool(data) / agency.value()).status());
  return {};
}

Result<SpoolsSaved> salvage_spools(const Options& options, const std::filesystem::path& to) {
  SpoolsSaved saved;
  for (const SpoolSeen& one : look_at_spools(options.data)) {
    const std::string name = "spool of " + one.agency.value();
    const Result<Key> secret = read_secret(secret_file(options));
    if (!secret.ok()) {
      ++saved.lost;
      saved.notes.push_back(name + ": " + secret.status().message());
      continue;
    }
    const Result<SpoolSalvage> salvage =
        salvage_spool(one.folder, Spool::key_of(*secret, one.agency), DataFolder::spool(to) / one.agency.value());
    if (!salvage.ok()) return salvage.status();
    saved.events += salvage->events;
    saved.lost += salvage->lost;
    if (salvage->lost > 0)
      saved.notes.push_back(name + ": of what was kept while the broker was away, " + std::to_string(salvage->lost) +
                            " requests or parts of files are lost");
    if (salvage->all_again)
      saved.notes.push_back(name + ": what was handed over already cannot be told from what was not; all of it is " +
                            "handed over, and what is there is recognised");
  }
  return saved;
}

}  // namespace moot
