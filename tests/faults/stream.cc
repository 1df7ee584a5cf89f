#include "tests/faults/stream.h"

#include <algorithm>
#include <random>

#include "broker/client/producer.h"
#include "broker/core/instant.h"

namespace moot {

namespace {

constexpr std::size_t kRefusedEvery = 7;
constexpr std::size_t kStrangers = 12;
constexpr std::size_t kNoteCharactersMax = 3000;

}  // namespace

Stream& Stream::operator=(const Stream& other) {
  agency_ = other.agency_;
  seed_ = other.seed_;
  events_ = other.events_;
  refusals_ = other.refusals_;
  acknowledged_ = other.acknowledged_.load();
  ended_ = other.ended_;
  return *this;
}

v1::Event Stream::event(std::size_t number) const {
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_id("S-" + std::to_string(number));
  envelope.set_source(source());
  envelope.set_type("uk.csp.contact.received.v1");
  *envelope.mutable_time() = to_proto(*parse_rfc3339("2022-05-02T09:05:00Z"));
  v1::Contact& contact = *event.mutable_facts()->mutable_contact();
  contact.set_stage(v1::Contact::RECEIVED);
  contact.set_channel("101");
  contact.set_category("asb");
  v1::Person& person = *event.mutable_personal()->add_people();
  person.set_role("caller");
  person.set_reference("C-" + std::to_string(number % 23));
  person.add_names()->set_full("Perpetua Testwright " + std::to_string(number));
  // Now and then many without a reference: each has a key of its own.
  for (std::size_t i = 0; number % 3 == 0 && i < kStrangers; ++i) {
    v1::Person& stranger = *event.mutable_personal()->add_people();
    stranger.set_role("witness");
    stranger.add_names()->set_full("Stranger Testwright " + std::to_string(i));
  }
  v1::Text& text = *event.mutable_personal()->add_texts();
  text.set_field("description");
  text.set_text(std::string(1 + number * 2654435761u % kNoteCharactersMax, static_cast<char>('a' + number % 26)));
  return event;
}

void Stream::run(const Recording& recording, KeyFile key_file, const std::atomic<bool>& gone, std::size_t events_max) {
  key_file.ended = [&gone] { return gone ? Status(Code::kUnavailable, "the broker was killed") : Status(); };
  ProducerOptions options;
  options.timeout_ms = 10'000;
  Result<std::unique_ptr<Producer>> producer = Producer::connect(key_file, options);
  ended_ = producer.ok() ? Status() : producer.status();
  if (!producer.ok()) return;
  (*producer)->on_outcome([&](const Outcome& outcome) {
    const std::size_t now = recording.journal_bytes();
    if (outcome.origin.file() == file()) {
      refusals_[outcome.origin.row()].acknowledged = now;
    } else if (outcome.fate != Fate::kRefused) {
      events_.at(outcome.origin.row()).acknowledged = now;
      ++acknowledged_;
    } else {
      ended_ = outcome.status;
    }
  });
  std::mt19937 random(static_cast<unsigned>(seed_ + acknowledged_));
  std::size_t next = acknowledged_;
  const std::size_t end = next + events_max;
  while (ended_.ok() && !gone && next < end) {
    // Mostly a few, now and then so many that their group is written in several pieces.
    const std::size_t burst = random() % 12 == 0 ? 150 : 1 + random() % 12;
    for (std::size_t i = 0; i < burst && ended_.ok(); ++i, ++next) {
      if (events_.size() <= next) events_.resize(next + 1);
      v1::Origin origin;
      origin.set_row(next);
      events_[next].sent = std::min(events_[next].sent, recording.journal_bytes());
      ended_ = (*producer)->publish(event(next), origin);
      if (next % kRefusedEvery != 0 || !ended_.ok()) continue;
      v1::RefusedInput refused;
      refused.mutable_origin()->set_file(file());
      refused.mutable_origin()->set_row(next + 1);
      refused.set_code(static_cast<std::uint32_t>(Code::kUnreadable));
      refused.set_reason("row " + std::to_string(next + 1) + ": the date is not a date");
      refused.set_input("31.02.2022;" + std::to_string(next));
      refusals_[next + 1].sent = std::min(refusals_[next + 1].sent, recording.journal_bytes());
      ended_ = (*producer)->refuse(refused);
    }
    if (ended_.ok()) ended_ = (*producer)->flush();
  }
}

std::size_t Stream::promised(std::size_t journal_bytes) const {
  std::size_t count = 0;
  while (count < events_.size() && events_[count].acknowledged <= journal_bytes) ++count;
  return count;
}

std::size_t Stream::sent(std::size_t journal_bytes) const {
  std::size_t count = 0;
  while (count < events_.size() && events_[count].sent <= journal_bytes) ++count;
  return count;
}

std::vector<std::uint64_t> Stream::promised_refusals(std::size_t journal_bytes) const {
  std::vector<std::uint64_t> rows;
  for (const auto& [row, times] : refusals_)
    if (times.acknowledged <= journal_bytes) rows.push_back(row);
  return rows;
}

void Stream::begin_again(std::size_t journal_bytes) {
  const auto renew = [&](Times& times) {
    times.sent = 0;  // it may be stored; from the first byte of the new journal on
    times.acknowledged = times.acknowledged <= journal_bytes ? 0 : kNever;
  };
  acknowledged_ = promised(journal_bytes);
  for (Times& times : events_) renew(times);
  for (auto& [row, times] : refusals_) renew(times);
}

void Stream::forget() {
  events_.clear();
  refusals_.clear();
  acknowledged_ = 0;
}

}  // namespace moot
