#include "tests/simulation/publisher.h"

namespace moot::simulation {

void Publisher::find(std::size_t place, const std::string& what) {
  findings_.push_back("G4: " + file_ + " row " + std::to_string(place) + " (" + list_[place].event.envelope().id() +
                      "): " + what);
}

void Publisher::begin() {
  ProducerOptions options;
  options.window_messages = static_cast<std::size_t>(around_.draw->between(1, 8));
  options.limits.message_events_max = static_cast<std::size_t>(around_.draw->between(1, 6));
  publishing_.emplace(options);
  publishing_->on_outcome([this](const Outcome& outcome) { told(outcome); });
  given_ = told_ = durable_;
  accepted_.clear();
  was_open_ = false;
  give();
}

void Publisher::forget() {
  if (given_ > told_) ++around_.faults->publishers_crashed;
  durable_ -= std::min(durable_, around_.draw->below(6));  // it notes now and then how far it was told
  publishing_.reset();
}

// A few more of the list, now and then.
void Publisher::give() {
  Span next(around_.draw->between(1'000, 400'000));
  for (int i = around_.draw->between(1, 5); i > 0 && given_ < list_.size(); --i) {
    if (list_[given_].not_before > around_.timeline->passed()) {
      next = list_[given_].not_before - around_.timeline->passed();
      break;
    }
    v1::Origin origin;
    origin.set_file(file_);
    origin.set_row(given_);
    publishing_->add(list_[given_].event, origin);
    ++given_;
  }
  if (around_.draw->chance(0.7) || given_ == list_.size()) publishing_->close();
  send_all();
  if (given_ < list_.size()) after(next, [this] { give(); });
}

void Publisher::send_all() {
  if (!open()) return;
  publishing_->allow(dialogue_.window_bytes());
  while (Publishing::Message* message = publishing_->next()) {
    v1::Request request;
    *request.mutable_publish() = message->publish;
    publishing_->sent(*message, send(request, message->events));
  }
}

void Publisher::opened() {
  if (!was_open_) publishing_->began(dialogue_.end_at_hello());
  was_open_ = true;
  publishing_->lost();
  send_all();
  question_number_ = 0;
}

void Publisher::tick() {
  if (!question_ || question_number_ != 0) return;
  v1::Request request = *question_;
  question_number_ = send(request);
}

void Publisher::answered(const v1::Reply& reply, const std::vector<std::string>&) {
  if (question_number_ != 0 && reply.number() == question_number_) question_.reset();
  const Status taken = publishing_->take(reply);
  if (!taken.ok()) find(told_, "the broker refused a message: " + taken.to_string());
  if (taken.ok()) send_all();
}

void Publisher::told(const Outcome& outcome) {
  const auto place = static_cast<std::size_t>(outcome.origin.row());
  if (place != told_) find(place, "was told of out of turn, instead of row " + std::to_string(told_));
  if (place >= list_.size()) return;
  ++told_;
  durable_ = std::max(durable_, told_);
  const bool refused = outcome.fate == Fate::kRefused;
  switch (list_[place].kind) {
    case Offered::Kind::kNew:
      if (refused) find(place, "was refused: " + outcome.status.to_string());
      break;
    case Offered::Kind::kRepeat:
      if (outcome.fate != Fate::kDuplicate) find(place, "is a repeat, and was not told to be one");
      break;
    case Offered::Kind::kConflict:
      ++around_.faults->conflicts;
      if (outcome.status.code() != Code::kConflict) find(place, "is a conflict, and was not told to be one");
      break;
    case Offered::Kind::kImpostor:
      ++around_.faults->impostors;
      if (outcome.status.code() != Code::kWrongAgency) find(place, "is another agency's, and was taken");
      break;
  }
  if (refused) return;
  offsets_[place] = outcome.offset;
  if (outcome.recovered || (outcome.fate == Fate::kDuplicate && list_[place].kind == Offered::Kind::kNew))
    ++around_.faults->duplicates;
  if (outcome.fate != Fate::kAccepted) return;
  const auto [other, first] = accepted_.emplace(outcome.offset.value, place);
  if (!first) find(place, "is counted as accepted, like row " + std::to_string(other->second) + " at that offset");
}

}  // namespace moot::simulation
