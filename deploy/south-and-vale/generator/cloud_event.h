// One CloudEvent as a line of JSON, as the agencies write it whose systems already speak it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "deploy/south-and-vale/generator/person.h"

namespace south_and_vale {

struct Mentioned {
  const Person* person = nullptr;
  std::string role = "subject";
  std::string reference;  // empty = none
  std::string postcode;   // empty = the person's own
};

struct CloudEvent {
  std::string id;
  std::string source;
  std::string type;  // "meeting.held"
  Moment time;
  Moment known;
  std::string subject;
  std::string record;  // of a record that changes; empty = none
  int revision = 0;
  std::string area;
  std::string links;
  std::string facts;  // a JSON object with the body in it
  std::vector<Mentioned> people;
  std::string text_field;
  std::string text;
};

std::string json_text(std::string_view text);  // as JSON writes a text
std::string line_of(const CloudEvent& event);
// A line an event, in the order given.
void write_lines(const std::vector<CloudEvent>& events, const std::filesystem::path& file);

// {"body":{"name":"value",…}}; values that are empty are left out.
struct Fact {
  const char* name;
  std::string value;
};
std::string facts_of(std::string_view body, const std::vector<Fact>& facts);

}  // namespace south_and_vale
