#include "broker/sessions.h"

#include <algorithm>

#include "broker/audited.h"
#include "broker/core/event_rules.h"
#include "broker/core/filter.h"
#include "broker/governance.h"

namespace moot {

namespace {

constexpr std::size_t kTurnBytesMax = 4 * 1024 * 1024;
constexpr std::uint64_t kCreditMax = 64 * 1024 * 1024;
constexpr std::chrono::milliseconds kEntitlementsEvery{1000};
// Records that one batch considers, so that a reader with a narrow filter does not hold up the bus.
constexpr std::size_t kBatchRecordsMax = 1000;
// An ack waits for what readers are given in the turn in which the event comes. While somebody publishes, and for a
// while after, those that are far behind are given no more than this together, or as much as was just committed; who
// is near the end is given as much for itself, so that it stays there.
constexpr Reading::Most kBesidePublishing{64, 32 * 1024};
constexpr std::uint64_t kNearTheEnd = 1000;  // events
constexpr std::chrono::milliseconds kPublishingLasts{100};

// Not counted as a refusal: nobody did anything wrong.
Status entitlement_changed() {
  return Status(Code::kEntitlementChanged,
                "what this reader may read has changed with a sharing agreement or the date; it must begin again");
}

}  // namespace

bool Sessions::turn_is_due() const { return turn_bytes_ >= kTurnBytesMax; }

Sessions::Work Sessions::work_left() const {
  Work work = Work::kNone;
  for (const auto& [peer, session] : sessions_) {
    if (!session.outbox.empty())
      work = Work::kOutbox;
    else if (can_be_fed(session))
      return Work::kReading;
  }
  return work;
}

Status Sessions::turn(Moment now) {
  MOOT_RETURN_IF_ERROR(commit());
  turn_bytes_ = 0;
  flush_all();  // acks before anything that is read
  MOOT_RETURN_IF_ERROR(feed_all(now));
  flush_all();
  end_changed_subscriptions(now);
  cut_sessions_of_ended_keys(now);
  drop_silent_sessions(now);
  audit_refusals(now);
  save_readers(now);
  return show_figures(now);
}

void Sessions::take(const Arrival& arrival, Moment now) {
  turn_bytes_ += arrival.header.size() + arrival.events.size();
  const KeyHolder holder = parts_.registry->by_connection(arrival.connection);
  if (holder.member == nullptr) {
    // Cannot happen while ZAP guards the door, but nothing is taken on trust here.
    parts_.refusals->count(Code::kUnknownAgency, "");
    return;
  }
  // A request is given up when it is done, not when the next one comes.
  const std::unique_ptr<google::protobuf::Arena, void (*)(google::protobuf::Arena*)> emptied(
      &request_memory_, [](google::protobuf::Arena* memory) { memory->Reset(); });
  v1::Request& request = *google::protobuf::Arena::CreateMessage<v1::Request>(&request_memory_);
  std::string_view header = arrival.header, events = arrival.events;
  const bool taken_off = take_off_header(header, events);
  if (!request.ParseFromArray(header.data(), static_cast<int>(header.size()))) request.Clear();
  const std::uint64_t number = request.number();
  if (!taken_off) request.Clear();
  const bool understood = request.kind_case() != v1::Request::KIND_NOT_SET;
  if (understood && request.has_goodbye()) return take_leave(arrival, *holder.member);
  Status admitted = parts_.registry->standing(holder, parts_.clock->now());
  if (admitted.ok()) admitted = admit(arrival, *holder.member, request);
  if (!admitted.ok()) {
    parts_.refusals->count(admitted.code(), holder.member->id.value());
    return answer_stranger(arrival.peer, refusal_reply(number, admitted));
  }
  Session& session = sessions_[arrival.peer];
  session.last_heard = now;
  if (understood && arrival.frames <= 3) return handle(arrival, events, session, request, now);
  parts_.refusals->count(Code::kBadRequest, holder.member->id.value());
  // Who has a number to know the answer by asked for something; else it is no request at all.
  const char* why = understood    ? "a message has a header frame and one frame of events"
                    : number == 0 ? "the header frame is not a protobuf moot.v1.Request"
                    : taken_off   ? "the broker does not know this request; is it a newer program's?"
                                  : "a header has events once, and at its end";
  reply(session, refusal_reply(number, Status(Code::kBadRequest, why)));
}

void Sessions::handle(const Arrival& arrival, std::string_view events, Session& session, const v1::Request& request,
                      Moment now) {
  v1::Reply answer;
  answer.set_number(request.number());
  switch (request.kind_case()) {
    case v1::Request::kHello:
      return reply(session, welcome(session, request));
    case v1::Request::kPing:
      answer.mutable_pong();
      return reply(session, answer);
    case v1::Request::kPublish:
      return publish(arrival, events, session, request, now);
    case v1::Request::kConsume:
      return consume(session, request, now);
    case v1::Request::kCredit:
      return grant(session, request.credit().bytes());
    default:
      if (const Status room = may_act(session.caller, request, now); !room.ok())
        answer = refusal_reply(request.number(), room);
      else
        answer =
            parts_.administration->answer(session.caller, session.audit_reading, request, [this] { return figures(); });
      if (answer.has_refusal()) parts_.refusals->count(static_cast<Code>(answer.refusal().code()), session.caller.name);
      if (answer.has_agency_revoked()) answer.mutable_agency_revoked()->set_sessions(sessions_to_cut());
      return reply(session, answer);
  }
}

// Whatever is granted, a reader never has more than kCreditMax: bytes that are added without end do not overflow.
void Sessions::grant(Session& session, std::uint64_t bytes) {
  if (!session.subscription) return;
  std::int64_t& credit = session.subscription->credit_bytes;
  credit = std::min<std::int64_t>(kCreditMax, credit + static_cast<std::int64_t>(std::min(bytes, kCreditMax)));
}

// A hello says the newest protocol that the caller speaks, the welcome which of them is spoken: the newest that both
// know. Whether that is new enough for it is the caller's to judge.
v1::Reply Sessions::welcome(const Session& session, const v1::Request& request) const {
  const std::uint32_t newest = request.hello().protocol();
  if (newest < kOldestProtocol)
    return refusal_reply(request.number(),
                         Status(Code::kBadRequest, "this broker speaks protocol " + protocols_spoken() +
                                                       ", the caller none after " + std::to_string(newest)));
  v1::Reply answer;
  answer.set_number(request.number());
  answer.mutable_welcome()->set_protocol(std::min(newest, kProtocolVersion));
  answer.mutable_welcome()->set_agency(session.caller.agency.value());
  answer.mutable_welcome()->set_end_offset(end().value);
  // The least at first: a crowd that comes at once learns of itself with its first acks.
  answer.mutable_welcome()->set_window_bytes(PeerRoom::kWindowLeast);
  return answer;
}

void Sessions::publish(const Arrival& arrival, std::string_view frame, Session& session, const v1::Request& request,
                       Moment now) {
  const v1::Publish& publish = request.publish();
  const auto refuse = [&](const Status& why) {
    parts_.refusals->count(why.code(), session.caller.name);
    reply(session, refusal_reply(request.number(), why));
  };
  const Status allowed = may(session.caller, Right::kPublish, "publish");
  if (!allowed.ok()) return refuse(allowed);
  const std::size_t header_bytes = arrival.header.size() + arrival.events.size() - frame.size();
  const Result<std::vector<std::string_view>> events = unpacked_events(frame, header_bytes, limits_);
  if (!events.ok()) return refuse(events.status());
  if (publish.origins_size() != 0 && static_cast<std::size_t>(publish.origins_size()) != events->size())
    return refuse(Status(Code::kBadRequest, "there must be no origins, or one for each event"));
  if (events->size() + static_cast<std::size_t>(publish.refused_size()) > limits_.message_events_max)
    return refuse(Status(Code::kTooLarge, "the message has more than " + std::to_string(limits_.message_events_max) +
                                              " events and refusals"));
  const Member& member = *parts_.registry->by_id(session.caller.agency.value());
  // What was refused before it came is in the header, and is kept too.
  const auto refused = static_cast<std::size_t>(publish.refused_size());
  const std::size_t bytes = frame.size() + (refused > 0 ? header_bytes : 0);
  const Status room = parts_.traffic->may_publish(member, parts_.ingest->staged_of(session.caller.agency),
                                                  events->size() + refused, bytes, parts_.clock->now());
  if (!room.ok()) return refuse(room);
  waiting_.push_back({arrival.peer, request.number()});
  published_at_ = now;
  const std::size_t said_before = parts_.ingest->staged_governance().size();
  parts_.ingest->offer(session.caller.agency, publish, *events);
  note_governance(*parts_.audit, session.caller.name, parts_.ingest->staged_governance().subspan(said_before));
}

namespace {

// What stands in a Consume is kept for as long as the session lasts.
Status check_consume(const v1::Consume& consume) {
  constexpr std::size_t kNameMax = 64;
  for (const std::string* name : {&consume.reader(), &consume.purpose(), &consume.coverage()})
    if (name->size() > kNameMax)
      return Status(Code::kTooLarge,
                    "a reader, a purpose and a coverage have at most " + std::to_string(kNameMax) + " characters");
  for (const std::string* name : {&consume.reader(), &consume.purpose()})
    if (!name->empty() && !is_code(*name))
      return Status(Code::kBadRequest, "a reader and a purpose are codes: a to z, 0 to 9 and - _ . / :");
  return check_filter(consume.filter());
}

}  // namespace

void Sessions::count_by_minute(Moment now) {
  if (now - minute_since_ < std::chrono::minutes(1)) return;
  readings_.clear();
  acts_.clear();
  minute_since_ = now;
}

// Refused ones are audited too.
Status Sessions::may_act(const Caller& caller, const v1::Request& request, Moment now) {
  count_by_minute(now);
  if (caller.has(Right::kAdminister) || !audited(request, {}).has_value() || ++acts_[caller.name] <= kActsMax)
    return {};
  return Status(Code::kQuota, "more than " + std::to_string(kActsMax) +
                                  " acts were asked for within a minute, and each is an entry of the audit log; try "
                                  "again in a minute");
}

Status Sessions::may_begin_reading(const std::string& caller, Moment now) {
  count_by_minute(now);
  if (++readings_[caller] <= kReadingsMax) return {};
  return Status(Code::kQuota,
                "more than " + std::to_string(kReadingsMax) +
                    " readings were begun within a minute, and each is an entry of the audit log; try again "
                    "in a minute");
}

void Sessions::consume(Session& session, const v1::Request& request, Moment now) {
  Status filter = may(session.caller, Right::kRead, "read events");
  if (filter.ok()) filter = check_consume(request.consume());
  if (filter.ok()) filter = may_begin_reading(session.caller.name, now);
  const Offset from{request.consume().from_offset()};
  if (!filter.ok() || from > end()) {
    const Status refused = filter.ok()
                               ? Status(Code::kBadRequest, "there is no offset " + std::to_string(from.value) +
                                                               "; the log ends at " + std::to_string(end().value))
                               : filter;
    parts_.refusals->count(refused.code(), session.caller.name);
    return reply(session, refusal_reply(request.number(), refused));
  }
  Subscription subscription;
  subscription.reader = {session.caller.agency, request.consume().purpose()};
  subscription.coverage = parts_.reading->coverage_of(subscription.reader);
  if (!request.consume().coverage().empty() && request.consume().coverage() != subscription.coverage)
    return reply(session, refusal_reply(request.number(), entitlement_changed()));
  subscription.number = request.number();
  subscription.filter = request.consume().filter();
  subscription.next = from;
  // A look at the history, or at a part of it, is nobody's reader that would fall behind; nor is a reader without a
  // name.
  subscription.name = request.consume().reader();
  subscription.goes_on = !session.caller.is_person() && !subscription.name.empty() &&
                         subscription.name != kReplayReader && subscription.filter.offset_to() == 0;
  subscription.credit_bytes =
      static_cast<std::int64_t>(std::min<std::uint64_t>(request.consume().credit_bytes(), kCreditMax));
  v1::AuditEntry entry;
  entry.set_actor(session.caller.name);
  entry.set_act("read");
  entry.set_purpose(subscription.reader.purpose);
  entry.set_what(in_audit_words(subscription.filter, from));
  subscription.audit_number = parts_.audit->note(std::move(entry));
  end_subscription(session);
  session.subscription = std::move(subscription);
  const Subscription& begun = *session.subscription;
  if (begun.goes_on) parts_.readers->begin({begun.reader, begun.name, begun.coverage, begun.filter, begun.next});
}

Status Sessions::commit() {
  MOOT_RETURN_IF_ERROR(parts_.audit->commit(parts_.ingest->stored()));  // before anything of what it tells is given
  if (!parts_.ingest->anything_staged()) return {};
  const std::size_t events = parts_.ingest->staged_events();
  const auto began = std::chrono::steady_clock::now();
  Result<std::vector<v1::PublishAck>> acks = parts_.ingest->commit();
  if (!acks.ok()) return acks.status();
  committed_ = {events, turn_bytes_};
  if (events > 0) parts_.metrics->committed(events, std::chrono::steady_clock::now() - began);
  MOOT_CHECK(acks->size() == waiting_.size());
  const auto window = static_cast<std::uint32_t>(room_.window(sessions_.size()));
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    const auto session = sessions_.find(waiting_[i].peer);
    if (session == sessions_.end()) continue;  // gone since; what it sent is stored all the same
    (*acks)[i].set_window_bytes(window);
    acknowledge(session->second, waiting_[i].number, std::move((*acks)[i]));
  }
  waiting_.clear();
  for (auto& [peer, session] : sessions_) reply_acks(session);
  return {};
}

void Sessions::acknowledge(Session& session, std::uint64_t number, v1::PublishAck&& ack) {
  if (session.protocol < kFirstWithAcksTogether) {
    v1::Reply answer;
    answer.set_number(number);
    answer.mutable_publish_ack()->Swap(&ack);
    return reply(session, answer);
  }
  const std::size_t bytes = ack.ByteSizeLong();
  if (session.acks_bytes + bytes > kAcksTogetherBytes) reply_acks(session);
  session.acks_bytes += bytes;
  v1::PublishAcks::Numbered& numbered = *session.acks.mutable_publish_acks()->add_acks();
  numbered.set_number(number);
  numbered.mutable_ack()->Swap(&ack);
}

void Sessions::reply_acks(Session& session) {
  if (session.acks.publish_acks().acks_size() == 0) return;
  reply(session, session.acks);
  session.acks_bytes = 0;
  google::protobuf::RepeatedPtrField<v1::PublishAcks::Numbered>& acks =
      *session.acks.mutable_publish_acks()->mutable_acks();
  if (acks.size() > kAcksKept)
    session.acks = {};
  else
    acks.Clear();
}

bool Sessions::can_be_fed(const Session& session) const {
  if (!session.subscription || session.subscription->credit_bytes <= 0 || !session.outbox.empty()) return false;
  return !session.subscription->told || session.subscription->told_through < end();
}

bool Sessions::end_if_changed(Session& session) {
  if (parts_.reading->coverage_of(session.subscription->reader) == session.subscription->coverage) return false;
  take_back_batches(session);
  reply(session, refusal_reply(session.subscription->number, entitlement_changed()));
  end_subscription(session);
  return true;
}

// Those too that have read everything: a clause begins or ends with a day, without a new event.
void Sessions::end_changed_subscriptions(Moment now) {
  if (now - looked_at_entitlements_ < kEntitlementsEvery) return;
  looked_at_entitlements_ = now;
  for (auto& [peer, session] : sessions_)
    if (session.subscription) end_if_changed(session);
}

// Everybody who can be fed; or those near the end, and of the others as many as the turn has room for: the next turn
// goes on with the reader after them.
Status Sessions::feed_all(Moment now) {
  const auto readers =
      std::count_if(sessions_.begin(), sessions_.end(), [](const auto& one) { return one.second.subscription; });
  const Reading::Most batch{kBatchRecordsMax, room_.batch(static_cast<std::size_t>(readers))};
  const bool publishing = published_at_ && now - *published_at_ < kPublishingLasts;
  const Reading::Most each = publishing ? Reading::Most{std::max(kBesidePublishing.records, committed_.records),
                                                        std::max(kBesidePublishing.bytes, committed_.bytes)}
                                        : Reading::Most{SIZE_MAX, SIZE_MAX};
  const std::uint64_t near_the_end = kNearTheEnd + std::exchange(committed_, {}).records;
  Reading::Most left = each;  // of those that are far behind
  Entry next = sessions_.upper_bound(fed_last_);
  for (std::size_t rest = sessions_.size(); rest > 0; --rest, ++next) {
    if (next == sessions_.end()) next = sessions_.begin();
    if (!can_be_fed(next->second)) continue;
    const bool near = end().value - next->second.subscription->next.value <= near_the_end;
    const Reading::Most& most = near ? each : left;
    if (most.records == 0 || most.bytes == 0) continue;
    const Result<Reading::Most> took =
        feed(next->second, {std::min(most.records, batch.records), std::min(most.bytes, batch.bytes)});
    if (!took.ok()) return took.status();
    if (near) continue;
    fed_last_ = next->first;
    left.records -= std::min(left.records, took->records);
    left.bytes -= std::min(left.bytes, took->bytes);
  }
  return {};
}

// Gives the reader one batch, and says what it took.
Result<Reading::Most> Sessions::feed(Session& session, Reading::Most most) {
  if (end_if_changed(session)) return Reading::Most{};
  Subscription& subscription = *session.subscription;
  most.bytes = std::min(most.bytes, static_cast<std::size_t>(subscription.credit_bytes));
  Result<Reading::Portion> portion =
      parts_.reading->next(subscription.reader, subscription.filter, subscription.next, most);
  if (portion.status().code() == Code::kMissing) {
    // A key is gone: this reader cannot go on, and is told; everybody else can.
    parts_.refusals->count(Code::kMissing, session.caller.agency.value());
    reply(session, refusal_reply(subscription.number, portion.status()));
    end_subscription(session);
    return Reading::Most{};
  }
  if (!portion.ok()) return portion.status();
  subscription.next = portion->through;
  subscription.credit_bytes -= static_cast<std::int64_t>(portion->bytes);
  subscription.told = true;
  subscription.given += portion->count;
  subscription.told_through = portion->through;
  if (subscription.goes_on) parts_.readers->move(subscription.reader.agency, subscription.name, portion->through);
  v1::Reply batch;
  batch.set_number(subscription.number);
  batch.mutable_batch()->set_through_offset(portion->through.value);
  batch.mutable_batch()->set_end_offset(end().value);
  batch.mutable_batch()->set_coverage(subscription.coverage);
  reply(session, batch, std::move(portion->events));
  return Reading::Most{portion->considered, portion->bytes};
}

void Sessions::reply(Session& session, const v1::Reply& reply, std::string events) {
  session.outbox.push_back({reply.SerializeAsString(), std::move(events)});
  session.outbox_bytes += session.outbox.back().bytes();
}

}  // namespace moot
