#include "tests/simulation/reader.h"

namespace moot::simulation {

Shown shown_of(const v1::Event& event) {
  if (event.facts().body_case() != v1::Facts::BODY_NOT_SET) return Shown::kContent;
  return event.personal().people_size() > 0 ? Shown::kIdentity : Shown::kExistence;
}

Span Reader::handling() {
  const Span now = around_.timeline->passed();
  return now >= habits_.stopped_from && now < habits_.stopped_to ? habits_.stopped_to - now : habits_.handling;
}

void Reader::begin() {
  cursor_ = saved_.cursor;
  coverage_ = saved_.coverage;
  view_ = saved_.view;
  consuming_.reset();
}

void Reader::forget() {
  if (saved_.cursor < cursor_) ++around_.faults->views_restored;
  // Between the two halves of a save that has two, if any.
  if (habits_.saves_cursor_first) saved_.cursor = cursor_;
}

void Reader::opened() {
  if (!consuming_) {
    ConsumerOptions options;
    options.reader = "view";
    options.filter = habits_.filter;
    options.from = cursor_;
    options.purpose = habits_.purpose;
    options.coverage = coverage_;
    options.credit_bytes = habits_.credit_bytes;
    consuming_.emplace(options);
  }
  ask();
}

void Reader::ask() {
  v1::Request request = consuming_->request();
  consuming_->asked(send(request));
}

void Reader::answered(const v1::Reply& reply, const std::vector<std::string>& events) {
  const Result<Delivery> delivery = consuming_->take(reply, events);
  if (delivery.status().code() == Code::kEntitlementChanged) {
    ++around_.faults->entitlements_changed;
    saved_ = Saved();
    begin();
    return opened();
  }
  if (!delivery.ok()) {
    findings_.push_back("G5: " + agency() + " cannot read on: " + delivery.status().to_string());
    return;
  }
  fold(*delivery);
  if (around_.draw->chance(0.1))
    after(Span(around_.draw->between(1'000, 3'000'000)), [this] { grant(); });
  else
    grant();
  if (around_.draw->chance(0.3)) save();
}

void Reader::grant() {
  if (!open() || !consuming_) return;
  std::optional<v1::Request> credit = consuming_->credit_due();
  if (credit) send(*credit);
}

void Reader::fold(const Delivery& delivery) {
  for (const v1::Event& event : delivery.events) {
    const v1::Envelope& envelope = event.envelope();
    if (envelope.offset() < cursor_.value) continue;
    view_.push_back({envelope.offset(), envelope.source(), envelope.id(), shown_of(event)});
  }
  if (delivery.through < cursor_) findings_.push_back("G5: " + agency() + " was taken back");
  cursor_ = delivery.through;
  coverage_ = delivery.coverage;
}

void Reader::save() { saved_ = {cursor_, coverage_, view_}; }

}  // namespace moot::simulation
