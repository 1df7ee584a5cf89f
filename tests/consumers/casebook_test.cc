#include "consumers/casebook/casebook.h"

#include <google/protobuf/unknown_field_set.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "consumers/casebook/saved_bytes.h"
#include "tests/consumers/case_events.h"

namespace moot {
namespace {

v1::Event version(const std::string& id, std::uint64_t revision, const std::string& type, const std::string& recorded) {
  v1::Event event = make_event(type, "north-homes", id, "2021-01-05T10:00", {Who{"tenant"}});
  event.mutable_envelope()->set_record("case-1");
  event.mutable_envelope()->set_revision(revision);
  *event.mutable_envelope()->mutable_recorded_time() = to_proto(london(recorded));
  return event;
}

std::string only_id(const CaseSet& set) { return set.records().size() == 1 ? set.records()[0]->envelope().id() : ""; }

TEST(Casebook, TakesTheLatestRevisionThoughItArrivesFirst) {
  const v1::Event first = version("case-1/1", 1, "uk.csp.incident.reported.v1", "2021-01-05");
  const v1::Event second = version("case-1/2", 2, "uk.csp.incident.updated.v1", "2021-01-05");
  EXPECT_EQ(only_id(casebook_of({second, first}).as_at(london("2021-02-01"))), "case-1/2");
  EXPECT_EQ(only_id(casebook_of({first, second}).as_at(london("2021-02-01"))), "case-1/2");
}

TEST(Casebook, ShowsTheVersionThatWasKnownThen) {
  const Casebook casebook = casebook_of({version("case-1/1", 1, "uk.csp.incident.reported.v1", "2021-01-05"),
                                         version("case-1/2", 2, "uk.csp.incident.updated.v1", "2021-01-20")});
  EXPECT_TRUE(casebook.as_at(Instant{london("2021-01-05").us - 1}).records().empty());
  EXPECT_EQ(only_id(casebook.as_at(london("2021-01-05"))), "case-1/1");
  EXPECT_EQ(only_id(casebook.as_at(london("2021-01-20"))), "case-1/2");
}

TEST(Casebook, DropsARecordThatIsWithdrawnAndTakesItUpAgain) {
  const v1::Event first = version("case-1/1", 1, "uk.csp.incident.reported.v1", "2021-01-05");
  const v1::Event gone = version("case-1/2", 2, "uk.csp.incident.withdrawn.v1", "2021-01-06");
  const v1::Event again = version("case-1/3", 3, "uk.csp.incident.updated.v1", "2021-01-07");
  EXPECT_TRUE(casebook_of({gone, first}).as_at(london("2021-02-01")).records().empty());
  EXPECT_TRUE(casebook_of({gone, first}).as_at(london("2021-02-01")).persons().empty());
  EXPECT_EQ(only_id(casebook_of({again, gone, first}).as_at(london("2021-02-01"))), "case-1/3");
}

TEST(Casebook, CountsABackfilledEventFromWhenItsAgencyKnewIt) {
  v1::Event later = call("c1", "2021-01-09T10:00");
  *later.mutable_envelope()->mutable_recorded_time() = to_proto(london("2024-06-01"));
  *later.mutable_envelope()->mutable_known_time() = to_proto(london("2021-01-13T08:00"));
  // A live feed cannot backdate: without the flag it counts from when it was recorded, whatever it says.
  EXPECT_TRUE(casebook_of({later}).as_at(london("2021-02-01")).records().empty());
  later.mutable_envelope()->set_backfill(true);
  EXPECT_TRUE(casebook_of({later}).as_at(london("2021-01-12")).records().empty());
  EXPECT_EQ(casebook_of({later}).as_at(london("2021-01-14")).records().size(), 1u);
  EXPECT_EQ(casebook_of({later}).as_at(london("2021-01-14")).loaded_later, 1);
  v1::Event decision = make_event("uk.csp.identity.linked.v1", "operator", "d", "2024-07-01T09:00", {});
  decision.mutable_envelope()->set_backfill(true);
  *decision.mutable_envelope()->mutable_known_time() = to_proto(london("2021-01-13T08:00"));
  EXPECT_EQ(casebook_of({later, decision}).as_at(london("2021-01-14")).loaded_later, 1)
      << "what a person decides here is no history of an agency";
  later.mutable_envelope()->clear_known_time();
  EXPECT_EQ(casebook_of({later}).as_at(london("2021-01-10")).records().size(), 1u);
  EXPECT_EQ(casebook_of({later}).last_instant(), london("2024-06-01")) << "when the log recorded it";
  EXPECT_EQ(casebook_of({later}).default_as_at(Date{2021, 2, 1}), london("2021-02-01"));
}

TEST(Casebook, CountsABackfilledMonthOrDayWithoutAKnownTimeOnlyOnceItIsOver) {
  v1::Event event = call("c1", "2021-03-01T00:00");
  event.mutable_envelope()->set_backfill(true);
  *event.mutable_envelope()->mutable_recorded_time() = to_proto(london("2024-06-01"));
  const auto counts_at = [&](const std::string& local) {
    return !casebook_of({event}).as_at(london(local)).records().empty();
  };
  EXPECT_TRUE(counts_at("2021-03-01T00:00")) << "an exact time";
  event.mutable_envelope()->set_time_precision(v1::DAY);
  EXPECT_FALSE(counts_at("2021-03-01T23:59"));
  EXPECT_TRUE(counts_at("2021-03-02T00:00"));
  event.mutable_envelope()->set_time_precision(v1::MONTH);
  EXPECT_FALSE(counts_at("2021-03-31T23:59")) << "in summer time, an hour before midnight in Greenwich";
  EXPECT_TRUE(counts_at("2021-04-01T00:00"));
  // What the agency says it knew goes before what can be concluded.
  *event.mutable_envelope()->mutable_known_time() = to_proto(london("2021-03-20"));
  EXPECT_TRUE(counts_at("2021-03-20T00:00"));
  // December ends with the year; a live event counts from when the log recorded it, whatever its precision.
  event.mutable_envelope()->clear_known_time();
  *event.mutable_envelope()->mutable_time() = to_proto(london("2020-12-01"));
  EXPECT_FALSE(counts_at("2020-12-31T23:59"));
  EXPECT_TRUE(counts_at("2021-01-01T00:00"));
  event.mutable_envelope()->set_backfill(false);
  EXPECT_FALSE(counts_at("2024-05-31T00:00"));
  EXPECT_TRUE(counts_at("2024-06-01T00:00"));
}

TEST(Casebook, TakesAsAtFromTheDateOrTheLastRecordedInstantAndNeverFromGovernance) {
  v1::Event rule = make_event("uk.csp.governance.definitions-loaded.v1", "operator", "g1", "2021-03-01");
  const Casebook casebook = casebook_of({call("c1", "2021-01-09T10:00"), rule});
  EXPECT_EQ(casebook.last_instant(), london("2021-01-09T10:00"));
  EXPECT_EQ(casebook.default_as_at(Date{2021, 1, 9}), london("2021-01-09"));
  EXPECT_EQ(casebook.default_as_at(Date{2021, 1, 10}), london("2021-01-09T10:00"));
}

TEST(Casebook, AppliesAnEventOnce) {
  Casebook casebook = casebook_of({call("c1", "2021-01-09T10:00")});
  casebook.apply(call("c1", "2021-01-09T10:00"));
  EXPECT_EQ(casebook.version_count(), 1u);
}

TEST(Casebook, LoadsWhatItSavedAndRefusesAnythingElse) {
  const Casebook casebook = casebook_of({call("c1", "2021-01-09T10:00"), call("c2", "2021-01-10T10:00")});
  std::string saved;
  casebook.save(saved);
  Casebook loaded(test_secret());
  ASSERT_TRUE(loaded.load(saved).ok());
  EXPECT_EQ(loaded.version_count(), 2u);
  EXPECT_EQ(loaded.last_instant(), casebook.last_instant());
  for (const std::string& broken :
       {saved.substr(0, saved.size() - 1), saved + "x", std::string(), std::string("\x01\x00", 2)}) {
    EXPECT_EQ(loaded.load(broken).code(), Code::kCorrupt);
    EXPECT_EQ(loaded.version_count(), 0u);
  }
}

// What no seal can have let through, but a fault of the program's own could.
TEST(Casebook, RefusesWhatItSavedWhereverItIsCutShortAndSurvivesAnyFlippedByteOfIt) {
  std::string saved;
  casebook_of({call("c1", "2021-01-09T10:00"), version("case-1/1", 1, "uk.csp.incident.reported.v1", "2021-01-05"),
               version("case-1/2", 2, "uk.csp.incident.withdrawn.v1", "2021-01-06")})
      .save(saved);
  Casebook loaded(test_secret());
  for (std::size_t size = 0; size < saved.size(); ++size) {
    EXPECT_EQ(loaded.load(std::string_view(saved).substr(0, size)).code(), Code::kCorrupt) << size;
    EXPECT_EQ(loaded.version_count(), 0u) << size;
  }
  for (std::size_t i = 0; i < saved.size(); ++i)
    for (const int bit : {1, 16}) {
      std::string flipped = saved;
      flipped[i] = static_cast<char>(flipped[i] ^ bit);
      const bool read = loaded.load(flipped).ok();
      EXPECT_EQ(loaded.version_count(), read ? 3u : 0u) << "byte " << i;
      EXPECT_LE(loaded.as_at(london("2100-01-01")).records().size(), 3u) << "byte " << i;
    }
  ASSERT_TRUE(loaded.load(saved).ok());
  EXPECT_EQ(only_id(loaded.as_at(london("2021-01-05"))), "case-1/1");
}

// tests/data/casebook/format-2.bin: a record and its later version, and another, as the release before format 3 wrote.
TEST(Casebook, ReadsAFileOfFormat2AsItWasMeantOrNotAtAll) {
  std::ifstream in(std::filesystem::path(MOOT_SOURCE_DIR) / "tests/data/casebook/format-2.bin", std::ios::binary);
  const std::string saved((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  Casebook loaded(test_secret());
  ASSERT_TRUE(loaded.load(saved).ok());
  EXPECT_EQ(loaded.version_count(), 3u);
  EXPECT_EQ(loaded.last_instant(), london("2021-01-20T10:00"));
  const CaseSet then = loaded.as_at(london("2021-01-12")), now = loaded.as_at(london("2021-01-20T10:00"));
  EXPECT_EQ(then.find("/north-homes/records", "i1")->facts().incident().category(), "asb");
  EXPECT_EQ(now.find("/north-homes/records", "i1")->facts().incident().category(), "noise");
  ASSERT_NE(now.find("/north-homes/records", "i2"), nullptr);
  EXPECT_EQ(now.find("/north-homes/records", "i2")->personal().texts(0).text(), "second");
  EXPECT_EQ(now.persons().size(), 2u);
  Casebook again(test_secret());
  std::string packed;
  loaded.save(packed);
  ASSERT_TRUE(again.load(packed).ok());
  EXPECT_EQ(again.as_at(london("2021-01-20T10:00")).records().size(), 2u);
  for (std::size_t size = 0; size < saved.size(); ++size)
    EXPECT_EQ(loaded.load(std::string_view(saved).substr(0, size)).code(), Code::kCorrupt) << size;
  for (const char format : {0, 1, 3, 4, 127}) {
    std::string other = saved;
    other[0] = format;
    EXPECT_EQ(loaded.load(other).code(), Code::kCorrupt) << int{format};
    EXPECT_EQ(loaded.version_count(), 0u);
  }
}

// Every field that the language has, of every body, with a value of its own.
void fill_every_field(google::protobuf::Message& message, int& next, int body) {
  const google::protobuf::Descriptor& descriptor = *message.GetDescriptor();
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = descriptor.field(i);
    if (field->real_containing_oneof() != nullptr && field->number() != body) continue;
    for (int times = 0; times < (field->is_repeated() ? 2 : 1); ++times) {
      const int number = ++next;
      const auto set = [&](auto one, auto many, auto value) {
        field->is_repeated() ? (reflection.*many)(&message, field, value) : (reflection.*one)(&message, field, value);
      };
      using R = google::protobuf::Reflection;
      switch (field->cpp_type()) {
        case google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE:
          fill_every_field(field->is_repeated() ? *reflection.AddMessage(&message, field)
                                                : *reflection.MutableMessage(&message, field),
                           next, body);
          break;
        case google::protobuf::FieldDescriptor::CPPTYPE_STRING:
          set(&R::SetString, &R::AddString, "s" + std::to_string(number));
          break;
        case google::protobuf::FieldDescriptor::CPPTYPE_BOOL:
          set(&R::SetBool, &R::AddBool, true);
          break;
        case google::protobuf::FieldDescriptor::CPPTYPE_ENUM:
          set(&R::SetEnumValue, &R::AddEnumValue, 1 + number % (field->enum_type()->value_count() - 1));
          break;
        case google::protobuf::FieldDescriptor::CPPTYPE_INT32:
          set(&R::SetInt32, &R::AddInt32, -number);
          break;
        case google::protobuf::FieldDescriptor::CPPTYPE_INT64:
          set(&R::SetInt64, &R::AddInt64, std::int64_t{number} << 20);
          break;
        case google::protobuf::FieldDescriptor::CPPTYPE_UINT32:
          set(&R::SetUInt32, &R::AddUInt32, static_cast<std::uint32_t>(number));
          break;
        case google::protobuf::FieldDescriptor::CPPTYPE_UINT64:
          set(&R::SetUInt64, &R::AddUInt64, std::uint64_t{1} << 40 | static_cast<std::uint64_t>(number));
          break;
        case google::protobuf::FieldDescriptor::CPPTYPE_DOUBLE:
          set(&R::SetDouble, &R::AddDouble, number + 0.5);
          break;
        case google::protobuf::FieldDescriptor::CPPTYPE_FLOAT:
          set(&R::SetFloat, &R::AddFloat, static_cast<float>(number) + 0.5F);
          break;
      }
    }
  }
}

// One of each body, and beside them what a later release of the language may add to each of the three parts.
std::vector<v1::Event> events_with_every_field() {
  std::vector<v1::Event> events;
  int next = 0;
  for (int i = 0; i < v1::Facts::descriptor()->field_count(); ++i) {
    v1::Event& event = events.emplace_back();
    fill_every_field(event, next, v1::Facts::descriptor()->field(i)->number());
    const std::string id = "i" + std::to_string(i / 2);  // two and two are versions of one record
    event.mutable_envelope()->set_record(id);
    event.mutable_envelope()->set_source("/north-homes/records");
    for (google::protobuf::Message* part : {static_cast<google::protobuf::Message*>(&event),
                                            static_cast<google::protobuf::Message*>(event.mutable_envelope()),
                                            static_cast<google::protobuf::Message*>(event.mutable_facts()),
                                            static_cast<google::protobuf::Message*>(event.mutable_personal())})
      part->GetReflection()->MutableUnknownFields(part)->AddLengthDelimited(1000, "of a later release");
  }
  return events;
}

TEST(VersionStore, GivesBackEveryFieldAsItWasAlsoWhenSavedAndLoaded) {
  const std::vector<v1::Event> events = events_with_every_field();
  VersionStore store;
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_TRUE(store.add(events[i], Instant{static_cast<int>(i)}));
  for (const v1::Event& event : events) EXPECT_FALSE(store.add(event, Instant{})) << "once";
  ASSERT_EQ(store.version_count(), events.size());
  EXPECT_EQ(store.record_count(), (events.size() + 1) / 2);
  v1::Event read;
  v1::Facts facts;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const v1::Event& event = events[i];
    const VersionStore::Version& version = store.version(static_cast<VersionStore::Number>(i));
    store.read(version, read);
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(read, event)) << i;
    store.read_facts(version, facts);
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(facts, event.facts())) << i;
    EXPECT_EQ(version.counts_from, Instant{static_cast<int>(i)});
    EXPECT_EQ(version.time, from_proto(event.envelope().time()));
    EXPECT_EQ(version.revision, event.envelope().revision());
    EXPECT_EQ(version.id(), event.envelope().id());
    EXPECT_EQ(version.body, event.facts().body_case());
    EXPECT_TRUE(version.backfill && version.has_people && version.has_links);
    EXPECT_EQ(version.withdrawn, stage_name(event.facts()) == "withdrawn");
    EXPECT_EQ(store.head(version).agency(), event.envelope().agency());
    EXPECT_EQ(store.find("/north-homes/records", event.envelope().record()), static_cast<unsigned>(i / 2));
  }
  std::string bytes;
  store.save(bytes);
  VersionStore::Saved saved(bytes);
  for (std::size_t i = 0; saved.next(read); ++i)
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(read, events[i])) << i;
  EXPECT_TRUE(saved.whole() && saved.rest().empty());
  EXPECT_EQ(saved.count(), events.size());
}

// As format 2 was: how many, then whole events one after the other.
TEST(Casebook, LoadsWhatAnEarlierReleaseSaved) {
  std::string saved;
  append_number(saved, 2);
  append_number(saved, 2);
  for (const v1::Event& event : {call("c1", "2021-01-09T10:00"), call("c2", "2021-01-10T10:00")})
    append_bytes(saved, event.SerializeAsString());
  Casebook loaded(test_secret());
  ASSERT_TRUE(loaded.load(saved).ok());
  EXPECT_EQ(loaded.version_count(), 2u);
  EXPECT_EQ(loaded.last_instant(), london("2021-01-10T10:00"));
  EXPECT_EQ(loaded.load(saved.substr(0, saved.size() - 1)).code(), Code::kCorrupt);
}

TEST(Casebook, FindsTheCurrentRecordByAnyOfItsVersions) {
  const CaseSet set = casebook_of({version("case-1/1", 1, "uk.csp.incident.reported.v1", "2021-01-05"),
                                   version("case-1/2", 2, "uk.csp.incident.updated.v1", "2021-01-20")})
                          .as_at(london("2021-02-01"));
  for (const char* id : {"case-1/1", "case-1/2", "case-1"}) {
    ASSERT_NE(set.find("/north-homes/records", id), nullptr) << id;
    EXPECT_EQ(set.find("/north-homes/records", id)->envelope().id(), "case-1/2");
  }
  EXPECT_EQ(set.find("/north-police/records", "case-1"), nullptr);
}

TEST(Casebook, CarriesForwardWhatALaterVersionOfAnActionLeavesOut) {
  v1::Event set = make_event("uk.csp.action.set.v1", "north-police", "a/1", "2021-01-05", {Who{"subject"}});
  set.mutable_envelope()->set_record("a");
  set.mutable_envelope()->set_revision(1);
  set.mutable_facts()->mutable_action()->set_owner("north-homes");
  v1::Event done = make_event("uk.csp.action.done.v1", "north-police", "a/2", "2021-01-09");
  done.mutable_envelope()->set_record("a");
  done.mutable_envelope()->set_revision(2);
  const CaseSet cases = casebook_of({done, set}).as_at(london("2021-02-01"));
  ASSERT_EQ(cases.records().size(), 1u);
  EXPECT_EQ(cases.records()[0]->facts().action().stage(), v1::Action::DONE);
  EXPECT_EQ(cases.records()[0]->facts().action().owner(), "north-homes");
  EXPECT_EQ(cases.persons().size(), 1u);
}

TEST(CaseSet, PrintsTheMostFrequentSpellingAndNamesNobodyWhereNobodyIsNamed) {
  const CaseSet set = casebook_of({call("c1", "2021-01-01", Who{"caller", "77", "CASEY EXAMPLETON"}),
                                   call("c2", "2021-01-02", Who{"caller", "77", "Casey Exampleton"}),
                                   call("c3", "2021-01-03", Who{"caller", "77", "Casey Exampleton"}),
                                   call("c4", "2021-01-04", Who{"caller", "", "Unknown male", ""})})
                          .as_at(london("2021-02-01"));
  ASSERT_EQ(set.persons().size(), 1u);
  EXPECT_EQ(set.persons()[0].name, "Casey Exampleton");
  EXPECT_EQ(set.persons()[0].born, "1980-02-29");
  EXPECT_EQ(set.persons()[0].mentions.size(), 3u);
}

TEST(CaseSet, PrintsANameInCapitalsOnlyWhereNobodyWritesItOtherwise) {
  const CaseSet set = casebook_of({call("c1", "2021-01-01", Who{"caller", "77", "Casey EXAMPLETON"}),
                                   call("c2", "2021-01-02", Who{"caller", "77", "Casey EXAMPLETON"}),
                                   call("c3", "2021-01-03", Who{"caller", "77", "Casey Exampleton"}),
                                   call("c4", "2021-01-04", Who{"caller", "77", "casey exampleton"}),
                                   call("c5", "2021-01-04", Who{"caller", "78", "Avery OTHER", "1970-01-01"})})
                          .as_at(london("2021-02-01"));
  ASSERT_EQ(set.persons().size(), 2u);
  EXPECT_EQ(std::set<std::string>({set.persons()[0].name, set.persons()[1].name}),
            (std::set<std::string>{"Casey Exampleton", "Avery OTHER"}));
}

TEST(CaseSet, RemembersTheLatestDateEachAgencySpeaksOf) {
  const CaseSet set = casebook_of({call("c1", "2021-01-01T09:00"), call("c2", "2021-01-03T09:00"),
                                   incident("north-homes", "i1", "2021-01-02T09:00")})
                          .as_at(london("2021-01-02T12:00"));
  EXPECT_EQ(set.last_heard.at("north-police"), london("2021-01-01T09:00"));
  EXPECT_EQ(set.last_heard.at("north-homes"), london("2021-01-02T09:00"));
}

}  // namespace
}  // namespace moot
