// Figures that reach the partnership as figures, as the published report has them, impossible ones among them; and the
// register of Safe Places.
#include <array>

#include "deploy/south-and-vale/generator/agency_files.h"
#include "deploy/south-and-vale/generator/cloud_event.h"
#include "deploy/south-and-vale/generator/csv_file.h"
#include "deploy/south-and-vale/generator/fields.h"
#include "deploy/south-and-vale/generator/random.h"

namespace south_and_vale {
namespace {

// figure | key | value, empty = not supplied | of the year that begins then | as at | population | said on
constexpr const char* kTeam[] = {
    "pcc-grant||104310|2019|||2019-03-18",
    "pcc-grant||106846|2020|||2020-03-16",
    "pcc-grant||105831|2021|||2021-03-22",
    "neighbourhood-cases-ongoing||30|2020|2020-04-01||2021-03-31",
    "mediation-agreements-without-joint-meeting||7|2020|||2021-03-31",
    "mediation-agreements-breached||1|2020|||2021-03-31",
};
constexpr const char* kService[] = {
    "outreach-outcomes|increased-safety||2020||oxfordshire|2021-03-31",
    "outreach-outcomes|increased-independence||2020||oxfordshire|2021-03-31",
    "outreach-outcomes|better-able-to-recover||2020||oxfordshire|2021-03-31",
    "outreach-outcomes|improved-wellbeing||2020||oxfordshire|2021-03-31",
    "outreach-outcomes|signposted||2020||oxfordshire|2021-03-31",
    "outreach-outcomes|planned-exit||2020||oxfordshire|2021-03-31",
    "outreach-outcomes|safety-planning||2020||oxfordshire|2021-03-31",
    "idva-outcomes|increased-safety||2020||south-and-vale|2021-03-31",
    "idva-outcomes|increased-independence||2020||south-and-vale|2021-03-31",
    "idva-outcomes|improved-wellbeing||2020||south-and-vale|2021-03-31",
    "idva-outcomes|signposted||2020||south-and-vale|2021-03-31",
    "idva-outcomes|planned-exit||2020||south-and-vale|2021-03-31",
    "idva-outcomes|safety-planning||2020||south-and-vale|2021-03-31",
};

template <typename Rows>
void write_figures(const Rows& rows, const std::string& source, const std::filesystem::path& file) {
  std::vector<CloudEvent> events;
  for (const char* row : rows) {
    const auto cells = fields(row, 7);
    const std::string year(cells[3]);
    CloudEvent event;
    event.id = "F-" + std::string(cells[0]) + (cells[1].empty() ? "" : "-" + std::string(cells[1])) + "-" + year;
    event.source = source;
    event.type = "measure.reported";
    event.time = at_hour(moment(cells[6]), 12);
    event.known = plus_minutes(event.time, 30);
    event.facts = facts_of("measure", {{"measure", std::string(cells[0])},
                                       {"key", std::string(cells[1])},
                                       {"value", std::string(cells[2])},
                                       {"starts", year + "-04-01"},
                                       {"ends", std::to_string(whole_number(year) + 1) + "-04-01"},
                                       {"as_at", std::string(cells[4])},
                                       {"population", std::string(cells[5])}});
    events.push_back(std::move(event));
  }
  write_lines(events, file);
}

}  // namespace

void write_supplied_figures(const Folder& out) {
  write_figures(kTeam, "/community-safety/figures", out / "community-safety" / "figures.jsonl");
  write_figures(kService, "/odas/figures", out / "odas" / "figures.jsonl");
}

// 79 were open on 23 March 2020; shops have joined and left before and since.
void write_safe_places(const Folder& out) {
  static constexpr std::array<const char*, 7> kTowns = {"Abingdon",    "Didcot", "Faringdon", "Henley",
                                                        "Wallingford", "Thame",  "Wantage"};
  static constexpr std::array<const char*, 4> kKinds = {"Shop", "Library", "Community centre", "Leisure centre"};
  Random random("safe places");
  CsvFile file({}, {"Place", "Row", "Change", "Date", "Keyed", "Town", "Kind"});
  const auto add = [&](int place, int row, const char* change, Moment day, const char* town, const char* kind) {
    file.add(day, {"SP-" + padded(place, 3), std::to_string(row), change, slashed_day(day), slashed(at_hour(day, 16)),
                   town, kind});
  };
  constexpr int kPlaces = 88, kLeftBefore = 6, kJoinedSince = 3, kLeftSince = 4;  // 88 - 3 - 6 = 79
  for (int place = 1; place <= kPlaces; ++place) {
    const bool since = place > kPlaces - kJoinedSince;
    const char* town = random.pick(kTowns);
    const char* kind = random.pick(kKinds);
    add(place, 1, "Joined", random.day_from(since ? at(2020, 7, 1) : at(2017, 5, 2), since ? 200 : 900), town, kind);
    if (place <= kLeftBefore) add(place, 2, "Left", random.day_from(at(2019, 12, 2), 100), town, kind);
    if (place > kLeftBefore && place <= kLeftBefore + kLeftSince)
      add(place, 2, "Left", random.day_from(at(2020, 3, 24), 300), town, kind);
  }
  file.write(out / "community-safety-places" / "safe-places.csv");
}

}  // namespace south_and_vale
