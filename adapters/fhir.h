// Reads FHIR R4 in JSON: a ServiceRequest, a Task, or a Bundle of them with the Patients they are about (a message of
// the NHS Booking and Referral standard, a transaction, a search set). As little is taken as a partnership needs
// (Caldicott principle 3): no clinical code, no note, no instruction.
//
//   ServiceRequest                          Referral, one record for each ServiceRequest.id
//     status                                active, on-hold: made; completed: completed; revoked, entered-in-error:
//                                           withdrawn; draft and unknown are refused
//     authoredOn, else occurrenceDateTime, occurrencePeriod.start       time; a day or a month is one of London
//     category[].coding[].code              facts.referral.scheme, as a code
//     subject                               personal: person "subject", from the Patient it names
//     basedOn[]                             link "about", where it names a ServiceRequest
//     doNotPerform                          refused where it is true
//   Task                                    Action, one record for each Task.id
//     status                                requested, received, accepted, ready, in-progress, on-hold: set; completed:
//                                           done; rejected, failed: not-done; cancelled: overtaken; entered-in-error:
//                                           withdrawn; draft is refused
//     lastModified, else authoredOn         time
//     authoredOn, restriction.period.end    facts.action.set_on, due; due within a month is due on its last day
//     description                           personal: text "action"
//     for                                   personal: person "subject"
//     focus                                 link "about", where it names a ServiceRequest
//   Patient   name[], birthDate, gender, address[], telecom[]   into the person of whoever names it; "old" ones are not
//             identifier[system nhs-number] people.reference, as a keyed token: the number itself goes nowhere. Also of
//                                           who is named by such an identifier in place of a reference
//   DELETE      of a ServiceRequest or a Task by its id, in a transaction or a history: withdrawn, at response.
//               lastModified, else Bundle.timestamp; response.etag is its number, without it it is the last of its time
//   meta.lastUpdated, else Bundle.timestamp       knowntime, and the revision (adapters/record_version.h)
//   meta.versionId                                where it is a whole number, orders what was changed at one time, and
//                                                 is the revision where the resource came without either time
//
// Lenient where senders are known to stray: one object where a list belongs, and capitals in a member's first letter;
// each is a warning. The source is /<agency>/fhir; the id is <type>/<id>/<version> (adapters/record_version.h).
//
// Errors: kUnreadable for a body that is no FHIR resource; what is wrong with one resource is its refusal, and names
// the element, never its value. Bounds: brackets inside brackets 64 deep. Thread: pure function, usable anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/publisher.h"
#include "adapters/request_item.h"
#include "broker/core/limits.h"
#include "broker/core/status.h"

namespace moot {

// Adds to `warnings` what was taken although it is not as the standard has it; each sentence once.
Result<std::vector<RequestItem>> read_fhir(std::string_view body, const Publisher& publisher, const Limits& limits,
                                           std::vector<std::string>& warnings);

}  // namespace moot
