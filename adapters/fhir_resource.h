// The members of a FHIR resource as senders write them, and the Patient that a reference names. Thread: one, the
// caller's; values borrow the document.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/publisher.h"
#include "broker/core/instant.h"
#include "broker/core/status.h"
#include "proto/event.pb.h"

namespace moot {

class FhirResource {
 public:
  FhirResource(const boost::json::object& json, std::vector<std::string>& warnings)
      : json_(&json), warnings_(&warnings) {}

  const boost::json::object& json() const { return *json_; }
  // A member's text; with a warning also one whose first letter is a capital.
  std::optional<std::string> text(std::string_view member) const;
  const boost::json::object* object(std::string_view member) const;
  // The objects of a list; with a warning also a single object in its place.
  std::vector<const boost::json::object*> objects(std::string_view member) const;
  // Once for each sentence.
  void warn(std::string sentence) const;

 private:
  const boost::json::value* find(std::string_view member) const;

  const boost::json::object* json_;
  std::vector<std::string>* warnings_;
};

// An instant, a day or a month, as FHIR's dateTime is; a year alone is too little. Nothing when it is none of them.
struct FhirTime {
  Instant instant;
  v1::TimePrecision precision = v1::EXACT;
};
std::optional<FhirTime> read_fhir_time(std::string_view text);

// The token of an Identifier that is a patient's national number, with or without the blanks it is written with; empty
// for any other.
std::string national_number_of(const boost::json::object& identifier, const Publisher& publisher);

// What is taken of a Patient.
v1::Person person_of_patient(const FhirResource& patient, const Publisher& publisher);

}  // namespace moot
