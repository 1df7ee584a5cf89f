// A reader: the real reading of the client, folded into a view that is saved together with its cursor, and begun again
// when what it may read has changed. May be slow, or grant no more credit for a while.
#pragma once

#include "broker/client/consuming.h"
#include "tests/simulation/client.h"

namespace moot::simulation {

// How much of an event a reader was shown, as it looks from outside.
enum class Shown { kExistence, kIdentity, kContent };
Shown shown_of(const v1::Event& event);

struct Seen {
  std::uint64_t offset = 0;
  std::string source, id;
  Shown shown = Shown::kExistence;
  bool operator==(const Seen&) const = default;
};

class Reader final : public Client {
 public:
  struct Habits {
    std::string purpose;
    v1::Filter filter;
    std::size_t credit_bytes = 4096;
    Span handling{1};                     // of a message
    Span stopped_from{0}, stopped_to{0};  // takes nothing between
    bool saves_cursor_first = false;      // a planted mistake
  };
  Reader(const Surroundings& around, const std::string& agency, Habits habits)
      : Client(around, agency), habits_(std::move(habits)) {}

  const Habits& habits() const { return habits_; }
  Offset cursor() const { return cursor_; }
  const std::vector<Seen>& view() const { return view_; }
  const std::vector<std::string>& findings() const { return findings_; }
  Span handling() override;

 protected:
  void begin() override;
  void opened() override;
  void answered(const v1::Reply& reply, const std::vector<std::string>& events) override;
  void forget() override;

 private:
  void ask();
  void fold(const Delivery& delivery);
  void save();
  void grant();

  const Habits habits_;
  struct Saved {
    Offset cursor;
    std::string coverage;
    std::vector<Seen> view;
  };
  Saved saved_;  // on its own disk
  std::optional<Consuming> consuming_;
  Offset cursor_;
  std::string coverage_;
  std::vector<Seen> view_;
  std::vector<std::string> findings_;
};

}  // namespace moot::simulation
