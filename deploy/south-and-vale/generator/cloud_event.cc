#include "deploy/south-and-vale/generator/cloud_event.h"

#include "deploy/south-and-vale/generator/csv_file.h"

namespace south_and_vale {
namespace {

std::string member(std::string_view name, std::string_view text) {
  return text.empty() ? std::string() : "," + json_text(name) + ":" + json_text(text);
}

std::string person_of(const Mentioned& mentioned) {
  const Person& person = *mentioned.person;
  const std::string& postcode = mentioned.postcode.empty() ? person.postcode : mentioned.postcode;
  std::string text = "{\"role\":" + json_text(mentioned.role) + member("reference", mentioned.reference);
  text += ",\"names\":[{\"given\":" + json_text(person.given) + ",\"family\":" + json_text(person.family) + "}]";
  text += ",\"born\":" + json_text(iso_day(person.born));
  if (!postcode.empty()) text += ",\"addresses\":[{\"postcode\":" + json_text(postcode) + "}]";
  return text + "}";
}

std::string personal_of(const CloudEvent& event) {
  std::string people;
  for (const Mentioned& mentioned : event.people) people += (people.empty() ? "" : ",") + person_of(mentioned);
  std::string parts;
  if (!people.empty()) parts = "\"people\":[" + people + "]";
  if (!event.text.empty())
    parts += (parts.empty() ? "" : ",") + std::string("\"texts\":[{\"field\":") + json_text(event.text_field) +
             ",\"text\":" + json_text(event.text) + "}]";
  return parts.empty() ? "" : ",\"personal\":{" + parts + "}";
}

}  // namespace

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

std::string facts_of(std::string_view body, const std::vector<Fact>& facts) {
  std::string members;
  for (const Fact& fact : facts) {
    if (fact.value.empty()) continue;
    const bool plain = fact.value.front() == '[' || fact.value.find_first_not_of("0123456789") == std::string::npos;
    members += (members.empty() ? "" : ",") + json_text(fact.name) + ":" + (plain ? fact.value : json_text(fact.value));
  }
  return "{" + json_text(body) + ":{" + members + "}}";
}

std::string line_of(const CloudEvent& event) {
  std::string line =
      "{\"specversion\":\"1.0\",\"id\":" + json_text(event.id) + ",\"source\":" + json_text(event.source);
  line += ",\"type\":" + json_text("uk.csp." + event.type + ".v1") + ",\"time\":" + json_text(rfc3339(event.time));
  line += ",\"datacontenttype\":\"application/json\",\"knowntime\":" + json_text(rfc3339(event.known));
  line += member("subject", event.subject) + member("record", event.record);
  if (event.revision > 0) line += ",\"revision\":" + std::to_string(event.revision);
  line += member("area", event.area);
  line += ",\"marking\":\"official-sensitive\",\"regime\":\"uk-gdpr\",\"basis\":\"public-task\"";
  line += member("links", event.links);
  return line + ",\"data\":{\"facts\":" + event.facts + personal_of(event) + "}}";
}

void write_lines(const std::vector<CloudEvent>& events, const std::filesystem::path& file) {
  std::string text;
  for (const CloudEvent& event : events) text += line_of(event) + "\n";
  write_file(file, text);
}

}  // namespace south_and_vale
