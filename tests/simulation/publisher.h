// A publisher: a list of events on its own disk, which it offers from where it knows them acknowledged, with the real
// window and resending of the client. Every outcome is held against what the list says should become of the event.
#pragma once

#include "broker/client/publishing.h"
#include "tests/simulation/client.h"

namespace moot::simulation {

struct Offered {
  enum class Kind { kNew, kRepeat, kConflict, kImpostor };
  Kind kind = Kind::kNew;
  v1::Event event;
  Span not_before{0};  // since the schedule began
};

class Publisher final : public Client {
 public:
  Publisher(const Surroundings& around, const std::string& agency, std::string file, std::vector<Offered> list)
      : Client(around, agency), file_(std::move(file)), list_(std::move(list)), offsets_(list_.size()) {}

  bool waits_for_acks() const { return running() && publishing_ && given_ > told_; }
  // Everything on the list was told of.
  bool done() const { return durable_ == list_.size(); }
  const std::string& file() const { return file_; }
  const std::vector<Offered>& list() const { return list_; }
  // Where the broker said that it is, of those that it said so of.
  const std::vector<std::optional<Offset>>& offsets() const { return offsets_; }
  const std::vector<std::string>& findings() const { return findings_; }
  // Asks this of the broker too, until it is answered (an administrator's request).
  void ask(const v1::Request& request) { question_ = request; }
  bool asked() const { return !question_.has_value(); }

 protected:
  void begin() override;
  void opened() override;
  void answered(const v1::Reply& reply, const std::vector<std::string>& events) override;
  void forget() override;
  void tick() override;

 private:
  void give();
  void send_all();
  void told(const Outcome& outcome);
  void find(std::size_t place, const std::string& what);

  const std::string file_;
  const std::vector<Offered> list_;
  std::vector<std::optional<Offset>> offsets_;
  std::size_t durable_ = 0;  // on its own disk: everything before was told of
  // In memory.
  std::optional<Publishing> publishing_;
  bool was_open_ = false;
  std::size_t given_ = 0, told_ = 0;
  std::map<std::uint64_t, std::size_t> accepted_;  // by offset
  std::vector<std::string> findings_;
  std::optional<v1::Request> question_;
  std::uint64_t question_number_ = 0;
};

}  // namespace moot::simulation
