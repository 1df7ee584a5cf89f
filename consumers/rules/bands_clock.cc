// Kind "bands": which band a score is in, by the rule of its day, beside the band that was recorded. It repairs
// neither; of each person it looks at the latest assessment.
#include <algorithm>

#include "consumers/document/phrase.h"
#include "consumers/rules/clock_kind.h"

namespace moot {
namespace {

void read(Definition& version, ClockVersion& out) {
  out.where = predicate_of(version, "where");
  for (Definition& table : version.tables("band")) {
    ScoreBand band;
    band.band = table.text("name");
    band.from = static_cast<int>(table.integer("from", 0, 100'000));
    if (!out.bands.empty() && band.from >= out.bands.back().from)
      table.mistake("from", "expected fewer points than the band before has: highest band first");
    out.bands.push_back(std::move(band));
  }
  if (out.bands.empty()) version.mistake("band", "is required: at least one [[clock.version.band]], highest first");
}

std::string band_of(const ClockVersion& version, int score) {
  for (const ScoreBand& band : version.bands)
    if (score >= band.from) return band.band;
  return {};
}

bool is_one_of(const std::vector<ScoreBand>& bands, const std::string& name) {
  return std::any_of(bands.begin(), bands.end(), [&](const ScoreBand& one) { return one.band == name; });
}

std::vector<std::size_t> may_concern(const ClockInput& input, const ClockVersion& version, ClockScope) {
  return input.people_of(input.that_may_match({&version.where}));
}

void find(const ClockInput& input, const ClockRule& rule, const ClockVersion& version, std::size_t person,
          ClockFindings& findings) {
  const v1::Event* latest = nullptr;
  for (const Mention& mention : input.set.persons()[person].mentions) {
    if (!input.set.records().may_be(mention.record, v1::Facts::kRisk) || !input.is_matter_of(mention)) continue;
    const v1::Event* state = state_before(input, mention.record);
    if (state == nullptr || !state->facts().has_risk() || !version.where.matches(*state, input.areas)) continue;
    if (latest == nullptr || earlier(latest, state)) latest = state;
  }
  if (latest == nullptr || !latest->facts().risk().has_score()) return;  // no score, no band to compare
  const v1::Risk& risk = latest->facts().risk();
  const std::string expected = band_of(version, risk.score());
  ClockFinding finding = finding_about(input, *latest);
  finding.began = finding.date = local_date(time_of(*latest));
  // Below every band the rule says nothing but that it is none of them.
  finding.open = expected.empty() ? is_one_of(version.bands, risk.band()) : expected != risk.band();
  finding.state = !finding.open ? "agrees" : risk.band().empty() ? "band-missing" : "band-differs";
  finding.text = rule.title + ": score " + std::to_string(risk.score()) + " on " + to_words(finding.began) + " is " +
                 (expected.empty() ? "below every band" : code_as_words(expected)) + " by the rule; recorded " +
                 (risk.band().empty() ? "without a band" : "as " + code_as_words(risk.band())) + ".";
  findings.push_back(std::move(finding));
}

}  // namespace

const ClockKind kBandsClock = {.name = "bands",
                               .read = read,
                               .of_people = true,
                               .may_concern = may_concern,
                               .find = find,
                               .states = {"agrees", "band-missing", "band-differs"}};

}  // namespace moot
