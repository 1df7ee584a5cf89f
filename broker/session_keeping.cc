// A part of broker/sessions.h: sessions given and taken away, and what each is sent.
#include <algorithm>

#include "broker/sessions.h"

namespace moot {

namespace {

bool is_about_rights(Code code) {
  return code == Code::kWrongAgency || code == Code::kUnknownAgency || code == Code::kUnknownKey ||
         code == Code::kNoKey || code == Code::kNotAllowed || code == Code::kKeyEnded;
}

}  // namespace

// Whether the peer has a session of its own, or gets one with this hello.
Status Sessions::admit(const Arrival& arrival, const Member& member, const v1::Request& request) {
  const std::string& peer = arrival.peer;
  // An id that a peer has chosen could be chosen by another one after it, and the session with it. Those that ZeroMQ
  // makes (a zero and four bytes) are never used twice.
  if (peer.size() != 5 || peer[0] != '\0') return Status(Code::kBadRequest, "the routing id is to be left to ZeroMQ");
  const auto known = sessions_.find(peer);
  if (request.has_hello()) {
    const AgencyId agency = member.member_of.value_or(member.id);
    const auto of_agency = std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& entry) {
      return entry.second.caller.agency == agency && entry.first != peer;
    });
    if (static_cast<std::size_t>(of_agency) >= kSessionsOfAgencyMax ||
        (known == sessions_.end() && sessions_.size() >= kSessionsMax))
      return Status(Code::kTooLarge, "there are " + std::to_string(sessions_.size()) + " sessions, " +
                                         std::to_string(of_agency) + " of them this agency's: no more are taken");
    if (known != sessions_.end()) end_subscription(known->second);
    sessions_[peer] = Session{};
    sessions_[peer].caller = caller_of(member);
    sessions_[peer].connection = arrival.connection;
    sessions_[peer].protocol = std::min(request.hello().protocol(), kProtocolVersion);
    return {};
  }
  // Dropped for its silence, or connected anew below it: what it had running is gone, which it must know.
  if (known == sessions_.end() || known->second.caller.name != member.id.value())
    return Status(Code::kNoSession, "say hello first");
  return {};
}

// What it published is stored all the same; what was to be sent to it is not.
void Sessions::take_leave(const Arrival& arrival, const Member& member) {
  const Entry known = sessions_.find(arrival.peer);
  if (known == sessions_.end() || known->second.caller.name != member.id.value()) return;
  forget(known);
  v1::Request goodbye;
  goodbye.ParseFromArray(arrival.header.data(), static_cast<int>(arrival.header.size()));
  v1::Reply last;
  last.set_number(goodbye.number());
  last.mutable_pong();
  answer_stranger(arrival.peer, last);
}

void Sessions::answer_stranger(const std::string& peer, const v1::Reply& reply) {
  Session passing;
  this->reply(passing, reply);
  flush(peer, passing);  // what it does not take at once it does not get: it asks again
}

void Sessions::flush_all() {
  for (auto entry = sessions_.begin(); entry != sessions_.end();)
    entry = flush(entry->first, entry->second) ? std::next(entry) : forget(entry);
}

// False when the session is over: its peer is gone, or does not read what it asked for.
bool Sessions::flush(const std::string& peer, Session& session) {
  while (!session.outbox.empty()) {
    const Outlet::Sent sent = parts_.outlet->send(peer, session.outbox.front());
    if (sent == Outlet::Sent::kGone) return false;
    if (sent == Outlet::Sent::kFull) break;
    session.outbox_bytes -= session.outbox.front().bytes();
    session.outbox.pop_front();
  }
  return session.outbox.size() <= kOutboxMessagesMax && session.outbox_bytes <= kOutboxBytesMax;
}

Sessions::Entry Sessions::forget(Entry session) {
  end_subscription(session->second);
  return sessions_.erase(session);
}

void Sessions::end_subscription(Session& session) {
  if (!session.subscription) return;
  v1::AuditEntry entry;
  entry.set_actor(session.caller.name);
  entry.set_act("read-ended");
  entry.set_purpose(session.subscription->reader.purpose);
  entry.set_what(what_of_end(session.subscription->audit_number));
  entry.set_count(session.subscription->given);
  parts_.audit->note(std::move(entry));
  reader_left_ = reader_left_ || session.subscription->goes_on;
  session.subscription.reset();
}

BusFigures Sessions::figures() {
  for (const auto& [peer, session] : sessions_)
    if (session.subscription && session.subscription->goes_on)
      parts_.readers->still_there(session.caller.agency, session.subscription->name);
  BusFigures figures;
  figures.behind = parts_.readers->behind(end());
  figures.sessions = sessions_.size();
  figures.connections = connections_;
  for (const auto& [peer, session] : sessions_) {
    ++figures.sessions_of[session.caller.agency.value()];
    figures.outbox_messages += session.outbox.size();
  }
  return figures;
}

// What is not written is written with the next: they are figures.
void Sessions::save_readers(Moment now) {
  constexpr std::chrono::seconds kEvery{60}, kAfterOneLeft{1};
  if (now - saved_readers_at_ < (reader_left_ ? kAfterOneLeft : kEvery)) return;
  saved_readers_at_ = now;
  reader_left_ = false;
  (void)parts_.readers->save();
}

// For whoever watches from another thread.
Status Sessions::show_figures(Moment now) {
  constexpr std::chrono::seconds kEvery{1};
  if (now - showed_figures_at_ < kEvery) return {};
  showed_figures_at_ = now;
  Result<v1::BrokerStatus> status = parts_.administration->status(figures());
  if (!status.ok()) return status.status();
  parts_.metrics->show(std::move(*status), parts_.clock->now());
  return {};
}

Status Sessions::end_all(Moment now) {
  for (auto& [peer, session] : sessions_) end_subscription(session);
  audited_refusals_at_ = {};
  audit_refusals(now);
  (void)parts_.readers->save();
  return parts_.audit->commit(parts_.ingest->stored());
}

// Who is refused for what he is or may do, at most once a minute for each agency and code: a flood of refusals must not
// become a flood of entries.
void Sessions::audit_refusals(Moment now) {
  constexpr std::chrono::minutes kEvery{1};
  if (!audited_refusals_.empty() && now - audited_refusals_at_ < kEvery) return;
  for (const auto& [who, count] : parts_.refusals->by_agency_and_code) {
    std::uint64_t& told = audited_refusals_[who];
    if (!is_about_rights(who.second) || told == count) continue;
    v1::AuditEntry entry;
    entry.set_actor(who.first.empty() ? "unknown" : who.first);
    entry.set_act("refused");
    entry.set_what(std::string(code_name(who.second)));
    entry.set_code(static_cast<std::uint32_t>(who.second));
    entry.set_count(count - std::exchange(told, count));
    parts_.audit->note(std::move(entry));
    audited_refusals_at_ = now;
  }
}

void Sessions::drop_silent_sessions(Moment now) {
  for (auto entry = sessions_.begin(); entry != sessions_.end();)
    entry = now - entry->second.last_heard > kSessionSilenceMax ? forget(entry) : std::next(entry);
}

// What waits in the outbox was allowed when it was made, and is not any more.
void Sessions::take_back_batches(Session& session) {
  std::erase_if(session.outbox, [&](const BusMessage& message) {
    if (message.events.empty()) return false;
    session.outbox_bytes -= message.bytes();
    return true;
  });
}

// Ok, or why its key opens nothing any more.
Status Sessions::key_of(const Session& session) const {
  const KeyHolder holder = parts_.registry->by_connection(session.connection);
  MOOT_CHECK(holder.member != nullptr);  // keys stay on record
  return parts_.registry->standing(holder, parts_.clock->now());
}

std::size_t Sessions::sessions_to_cut() const {
  return static_cast<std::size_t>(
      std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& entry) { return !key_of(entry.second).ok(); }));
}

// With the turn that revokes a key, and within kKeysEvery of one that expires. ZeroMQ cannot hang up on one peer: it is
// told, has no session any more, and nothing that it sends is taken.
void Sessions::cut_sessions_of_ended_keys(Moment now) {
  constexpr std::chrono::milliseconds kKeysEvery{500};
  if (registry_changes_ == parts_.registry->changes() && now - looked_at_keys_ < kKeysEvery) return;
  registry_changes_ = parts_.registry->changes();
  looked_at_keys_ = now;
  for (auto entry = sessions_.begin(); entry != sessions_.end();) {
    const Status key = key_of(entry->second);
    if (key.ok()) {
      ++entry;
      continue;
    }
    parts_.refusals->count(key.code(), entry->second.caller.name);
    take_back_batches(entry->second);
    reply(entry->second, refusal_reply(0, key));
    flush(entry->first, entry->second);
    entry = forget(entry);
  }
}

}  // namespace moot
