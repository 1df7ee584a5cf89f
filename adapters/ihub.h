// Reads incidents of the police's Single Online Home, as its iHub writes them: the Standard Data Model in the shape of
// JSON:API, {"data": incident or list of them, "included": [persons, locations, submissions]}.
//
//   data.id                          record; the id is <id>/<version> (adapters/record_version.h)
//   attributes of the incident:
//     incidentStartDateTime          time: a text, or {"dateFrom"}; without an offset it is London's. Else
//     incidentExactTimeKnown         where it is false, that time is approximate
//     incidentApproximateDate        time, approximate. Else the submission's submitTime, approximate
//     asbClass                       facts.incident.nsir_class, where it is personal, nuisance or environmental
//     asbClass or asbType            facts.incident.category "asb"; else crimeType as a code
//     subjectedToHateCrime, hadWeapon, childPresent      facts.incident.hate, weapon, child_present
//     incidentDescription            personal: text "description"
//   the submission                   the one that a relationship names, or the only one: submitTime: knowntime and
//                                    the revision, in seconds
//   relationships: victim, witness, personReporting, knownSuspect      personal: people of these roles
//   relationship incidentLocation    personal: place "scene"
//   attributes of a person           firstName, givenName or forename; lastName, familyName or surname; dateOfBirth;
//                                    gender; phone, phoneNumber or mobile; email or emailAddress
//   attributes of a location         UPRN; buildingName, buildingNumber, street, cityOrTown; postcode; latitude,
//   longitude
//
// Not taken: ipAddress, userAgent, submissionContent, incidentInfluencedByDrugsOrAlcohol (it does not say which) and
// whatever else there is. Numbers and texts are taken alike, and true, "true", "yes" and "Y". The source is
// /<agency>/ihub.
//
// Errors: kUnreadable for a body that is not such a document; what is wrong with one incident is its refusal, and names
// the attribute, never its value. Thread: pure function, usable anywhere.
#pragma once

#include <string_view>
#include <vector>

#include "adapters/publisher.h"
#include "adapters/request_item.h"
#include "broker/core/limits.h"
#include "broker/core/status.h"

namespace moot {

Result<std::vector<RequestItem>> read_ihub(std::string_view body, const Publisher& publisher, const Limits& limits);

}  // namespace moot
