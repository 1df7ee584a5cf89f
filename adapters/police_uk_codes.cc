#include "adapters/police_uk_codes.h"

#include <algorithm>
#include <array>

namespace moot {

namespace {

struct CrimeType {
  std::string_view name;
  std::string_view category;
};

constexpr std::array kCrimeTypes = {
    CrimeType{"Anti-social behaviour", "asb"},
    CrimeType{"Bicycle theft", "bicycle-theft"},
    CrimeType{"Burglary", "burglary"},
    CrimeType{"Criminal damage and arson", "criminal-damage-arson"},
    CrimeType{"Drugs", "drugs"},
    CrimeType{"Other crime", "other-crime"},
    CrimeType{"Other theft", "other-theft"},
    CrimeType{"Possession of weapons", "possession-of-weapons"},
    CrimeType{"Public order", "public-order"},
    CrimeType{"Robbery", "robbery"},
    CrimeType{"Shoplifting", "shoplifting"},
    CrimeType{"Theft from the person", "theft-from-the-person"},
    CrimeType{"Vehicle crime", "vehicle-crime"},
    CrimeType{"Violence and sexual offences", "violent-crime"},
    // Until 2013.
    CrimeType{"Public disorder and weapons", "public-disorder-weapons"},
    CrimeType{"Violent crime", "violent-crime"},
};

// A charge is not final: the street files go on to say of the same crimes "Awaiting court outcome".
constexpr std::array kOutcomes = {
    PoliceUkOutcome{"Action to be taken by another organisation", "action-taken-by-another-organisation", true},
    PoliceUkOutcome{"Awaiting court outcome", "awaiting-court-result", false},
    PoliceUkOutcome{"Court case unable to proceed", "unable-to-proceed", true},
    PoliceUkOutcome{"Court result unavailable", "court-result-unavailable", true},
    PoliceUkOutcome{"Defendant found not guilty", "not-guilty", true},
    PoliceUkOutcome{"Defendant sent to Crown Court", "sent-to-crown-court", false},
    PoliceUkOutcome{"Formal action is not in the public interest", "formal-action-not-in-public-interest", true},
    PoliceUkOutcome{"Further action is not in the public interest", "further-action-not-in-public-interest", true},
    PoliceUkOutcome{"Further investigation is not in the public interest",
                    "further-investigation-not-in-public-interest", true},
    PoliceUkOutcome{"Investigation complete; no suspect identified", "no-further-action", true},
    PoliceUkOutcome{"Local resolution", "local-resolution", true},
    PoliceUkOutcome{"Offender deprived of property", "deprived-of-property", true},
    PoliceUkOutcome{"Offender fined", "fined", true},
    PoliceUkOutcome{"Offender given a caution", "cautioned", true},
    PoliceUkOutcome{"Offender given a drugs possession warning", "drugs-possession-warning", true},
    PoliceUkOutcome{"Offender given absolute discharge", "absolute-discharge", true},
    PoliceUkOutcome{"Offender given community sentence", "community-penalty", true},
    PoliceUkOutcome{"Offender given conditional discharge", "conditional-discharge", true},
    PoliceUkOutcome{"Offender given penalty notice", "penalty-notice-issued", true},
    PoliceUkOutcome{"Offender given suspended prison sentence", "suspended-sentence", true},
    PoliceUkOutcome{"Offender ordered to pay compensation", "compensation", true},
    PoliceUkOutcome{"Offender otherwise dealt with", "other-court-disposal", true},
    PoliceUkOutcome{"Offender sent to prison", "imprisoned", true},
    PoliceUkOutcome{"Status update unavailable", "status-update-unavailable", false},
    PoliceUkOutcome{"Suspect charged", "charged", false},
    PoliceUkOutcome{"Suspect charged as part of another case", "sentenced-in-another-case", true},
    PoliceUkOutcome{"Unable to prosecute suspect", "unable-to-prosecute", true},
    PoliceUkOutcome{"Under investigation", "under-investigation", false},
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_words(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

const PoliceUkOutcome* find_police_uk_outcome(std::string_view name) {
  const auto found = std::find_if(kOutcomes.begin(), kOutcomes.end(),
                                  [&](const PoliceUkOutcome& outcome) { return same_words(outcome.name, name); });
  return found == kOutcomes.end() ? nullptr : &*found;
}

std::string_view police_uk_category(std::string_view crime_type) {
  const auto found = std::find_if(kCrimeTypes.begin(), kCrimeTypes.end(),
                                  [&](const CrimeType& type) { return same_words(type.name, crime_type); });
  return found == kCrimeTypes.end() ? std::string_view() : found->category;
}

bool is_no_location(std::string_view location) { return location.empty() || same_words(location, "No Location"); }

}  // namespace moot
