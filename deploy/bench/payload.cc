#include "deploy/bench/payload.h"

#include <algorithm>
#include <cstring>

#include "broker/core/event_rules.h"
#include "proto/event.pb.h"

namespace moot::bench {

namespace {

constexpr std::size_t kTemplates = 256;
constexpr std::string_view kAgencyHere = "agency-xx";
constexpr std::string_view kIdHere = "IDIDIDIDIDIDIDID";
constexpr std::string_view kPersonHere = "P-########";
constexpr std::int64_t kFirstTime = 1'609'459'200;  // 1 January 2021

// A permutation of the 64-bit numbers (the finaliser of SplitMix64): different numbers give different ids.
std::uint64_t scatter(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

void put_hex(std::uint64_t value, char* to, int digits) {
  for (int i = digits - 1; i >= 0; --i, value >>= 4) to[i] = "0123456789abcdef"[value & 15];
}

void put_decimal(std::uint64_t value, char* to, int digits) {
  for (int i = digits - 1; i >= 0; --i, value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

// Words that look like words and compress like them, different for each seed.
std::string prose(std::uint64_t seed, std::size_t characters) {
  static constexpr std::string_view kSyllables[] = {"ba",  "ren", "to", "lis", "mar", "ke", "don", "vi",
                                                    "sal", "ert", "o",  "pin", "gra", "nu", "th",  "wes"};
  std::string text;
  for (std::uint64_t i = 0; text.size() < characters; ++i) {
    const std::uint64_t r = scatter(seed * 1000 + i);
    text += kSyllables[r % 16];
    if (r % 48 >= 32) text += ' ';
  }
  text.resize(characters);
  return text;
}

void fill_envelope(std::uint64_t number, v1::Envelope& envelope) {
  envelope.set_id(std::string(kIdHere));
  envelope.set_source("/" + std::string(kAgencyHere) + "/records");
  envelope.set_type("uk.csp.incident.reported.v1");
  envelope.set_subject("case/2021/" + std::to_string(100'000 + number % 900));
  envelope.mutable_time()->set_seconds(kFirstTime + static_cast<std::int64_t>(number) * 3607);
  envelope.mutable_known_time()->set_seconds(kFirstTime + static_cast<std::int64_t>(number) * 3607 + 1800);
  envelope.set_area("area-" + std::to_string(number % 9));
  envelope.set_lsoa("E0102" + std::to_string(8000 + number % 900));
  envelope.set_marking("official-sensitive");
  envelope.set_regime("part-3");
  envelope.set_basis("public-task");
  envelope.set_retention("seven-years");
  v1::Link& link = *envelope.add_links();
  link.set_rel("about");
  link.set_source("/agency-00/command-and-control");
  link.set_id("2021-" + std::to_string(4'000'000 + number * 977));
  v1::Link& evidence = *envelope.add_links();
  evidence.set_rel("evidence");
  evidence.set_source("/agency-00/case-files");
  evidence.set_id("CF-" + std::to_string(70'000 + number));
}

void fill_personal(std::uint64_t number, v1::Personal& personal) {
  v1::Person& person = *personal.add_people();
  person.set_role("victim");
  person.set_reference(std::string(kPersonHere));
  person.add_names()->set_given(prose(number + 1, 7));
  person.mutable_names(0)->set_family(prose(number + 2, 9));
  person.set_born(std::to_string(1940 + number % 60) + "-03-02");
  v1::Address& address = *person.add_addresses();
  address.set_lines(std::to_string(1 + number % 90) + " " + prose(number + 3, 12) + " Road");
  address.set_postcode("ZF98 " + std::to_string(number % 10) + "AB");
  person.add_phones("01632 960" + std::to_string(100 + number % 900));
}

}  // namespace

std::string agency_name(int publisher) {
  std::string name(kAgencyHere);
  put_decimal(static_cast<std::uint64_t>(publisher), name.data() + name.size() - 2, 2);
  return name;
}

Payload::Payload(const PayloadOptions& options) : options_(options) {
  for (std::uint64_t i = 0; i < kTemplates; ++i) templates_.push_back(make(i));
  personal_bytes_ /= kTemplates;
}

Payload::Template Payload::make(std::uint64_t number) {
  v1::Event event;
  fill_envelope(number, *event.mutable_envelope());
  v1::Incident& incident = *event.mutable_facts()->mutable_incident();
  incident.set_stage(v1::Incident::REPORTED);
  incident.set_category("asb");
  incident.set_nsir_class("personal");
  incident.set_alcohol(true);
  fill_personal(number, *event.mutable_personal());
  v1::Text& text = *event.mutable_personal()->add_texts();
  text.set_field("description");
  // The free text fills the event up; a length that needs another byte to be written is met by the subject.
  for (std::size_t characters = 1; event.ByteSizeLong() < kEventBytes; ++characters)
    text.set_text(prose(number + 4, characters));
  while (event.ByteSizeLong() > kEventBytes) event.mutable_envelope()->mutable_subject()->pop_back();
  while (event.ByteSizeLong() < kEventBytes) event.mutable_envelope()->mutable_subject()->push_back('0');
  Template made;
  made.bytes = event.SerializeAsString();
  MOOT_CHECK(made.bytes.size() == kEventBytes);
  made.agency_at = made.bytes.find(kAgencyHere) + kAgencyHere.size() - 2;
  made.id_at = made.bytes.find(kIdHere);
  made.person_at = made.bytes.find(kPersonHere) + 2;
  MOOT_CHECK(made.id_at != std::string::npos && made.agency_at > kAgencyHere.size() && made.person_at > 2);
  MOOT_CHECK_OK(validate(event, Limits{}));
  personal_bytes_ += event.personal().ByteSizeLong();
  return made;
}

Payload::Id Payload::id(std::uint64_t number) const {
  Id id;
  put_hex(options_.ids == IdOrder::kRandom ? scatter(number) : number, id.data(), kIdBytes);
  return id;
}

void Payload::write(int publisher, std::uint64_t number, char* to) const {
  const Template& from = templates_[number % kTemplates];
  std::memcpy(to, from.bytes.data(), kEventBytes);
  put_decimal(static_cast<std::uint64_t>(publisher), to + from.agency_at, 2);
  const Id event_id = id(number);
  std::memcpy(to + from.id_at, event_id.data(), kIdBytes);
  put_decimal(scatter(~number) % options_.people, to + from.person_at, 8);
}

std::string Payload::describe() const {
  return std::to_string(kEventBytes) +
         "-byte moot.v1.Event (incident reported; one person, one text: " + std::to_string(personal_bytes_) +
         " bytes personal), the same bytes for every system; ids of " + std::to_string(kIdBytes) + " characters, " +
         (options_.ids == IdOrder::kRandom ? "random" : "in time order") + "; about " +
         std::to_string(options_.people) + " different people";
}

}  // namespace moot::bench
