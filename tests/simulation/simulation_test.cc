// The broker's sessions, ingest and reading, and the clients' publishing and consuming, under whatever a network and a
// power supply can do to them, in virtual time: schedules drawn from seeds, each checked by a model that knows every
// event (DESIGN §2: G1 to G5, G8, G9). And the same with a mistake planted, which must be noticed.
//
//   MOOT_LONG   set: 12,000 schedules and not 300, in tests of 300 each
//   MOOT_SEED   this seed only
#include <gtest/gtest.h>

#include <cstdlib>

#include "broker/access/curve_key.h"
#include "tests/contract/temporary_folder.h"
#include "tests/simulation/schedule.h"

namespace moot::simulation {
namespace {

class Simulation : public testing::Test {
 protected:
  Simulation()
      : keys_(folder_ / "keys", random_key()), registry_(*Registry::open(folder_ / "agencies.toml")) {
    for (const char* id : {"operator", "casebook", "council", "north", "south"}) {
      Member member;
      member.id = *AgencyId::parse(id);
      member.name = id;
      MOOT_CHECK_OK(registry_.add(member, {make_curve_key().public_key, {}, {}, {}}, Instant{}));
    }
    open_inbox();
  }

  // What is refused piles up: another inbox now and then.
  void open_inbox() {
    inbox_.reset();
    inbox_ = std::move(*Inbox::open(folder_ / ("inbox-" + std::to_string(++inboxes_)), random_key()));
  }

  Ending run(std::uint64_t seed, Planted planted = Planted::kNothing) {
    if (++runs_ % 100 == 0) open_inbox();
    return run_schedule(seed, {&keys_, inbox_.get(), secrets_, folder_.path()}, registry_, planted, faults_);
  }

  // The first of so many seeds at which the model notices; 0: at none of them.
  std::uint64_t noticed_at(Planted planted, std::uint64_t seeds, const std::string& promise) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      const Ending ending = run(seed, planted);
      for (const std::string& finding : ending.findings)
        if (finding.starts_with(promise)) return seed;
    }
    return 0;
  }

  TemporaryFolder folder_;
  KeyStore keys_;
  Registry registry_;
  std::unique_ptr<Inbox> inbox_;
  const Ingest::Secrets secrets_{random_key(), random_key()};
  Faults faults_;
  int runs_ = 0, inboxes_ = 0;
};

constexpr unsigned kInBatch = 300;

// It has one thread: ThreadSanitizer need not see it all.
unsigned batches() {
#if defined(__SANITIZE_THREAD__)
  return 1;
#else
  return std::getenv("MOOT_LONG") != nullptr && std::getenv("MOOT_SEED") == nullptr ? 40 : 1;
#endif
}

class Schedules : public Simulation {
 protected:
  void keep_every_promise(unsigned batch);
};

void Schedules::keep_every_promise(unsigned batch) {
  const char* only = std::getenv("MOOT_SEED");
  const std::uint64_t first = only != nullptr ? std::strtoull(only, nullptr, 10) : 1 + batch * kInBatch;
  const std::uint64_t count = only != nullptr ? 1 : kInBatch;
  std::uint64_t events = 0, replies = 0;
  int failed = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Ending ending = run(seed);
    events += ending.events;
    replies += ending.replies;
    for (const std::string& finding : ending.findings) ADD_FAILURE() << "MOOT_SEED=" << seed << ": " << finding;
    if (!ending.findings.empty() && ++failed == 5) break;
  }
  std::cout << count << " schedules from seed " << first << ": " << events << " events, " << replies << " replies\n";
  for (const auto& [name, times] : faults_.by_name()) {
    std::cout << "  " << times << " " << name << "\n";
    if (only == nullptr) {
      EXPECT_GT(times, 0) << name << ": this fault never bit";
    }
  }
}

// No parameter: the test that takes the longest is begun first.
TEST_F(Schedules, KeepEveryPromise) { keep_every_promise(0); }

class MoreSchedules : public Schedules, public testing::WithParamInterface<unsigned> {};
TEST_P(MoreSchedules, KeepEveryPromise) { keep_every_promise(GetParam()); }
INSTANTIATE_TEST_SUITE_P(Batch, MoreSchedules, testing::Range(1U, batches()));
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(MoreSchedules);

TEST_F(Simulation, ASeedReproduces) {
  for (const std::uint64_t seed : {7, 8, 9}) {
    const Ending once = run(seed);
    open_inbox();
    const Ending again = run(seed);
    EXPECT_EQ(once.trace, again.trace) << seed;
    EXPECT_EQ(once.events, again.events) << seed;
  }
}

TEST_F(Simulation, AnAckBeforeItsCommitIsNoticed) {
  const std::uint64_t seed = noticed_at(Planted::kAckBeforeCommit, 20, "G1");
  EXPECT_GT(seed, 0u);
  RecordProperty("seed", static_cast<int>(seed));
}

TEST_F(Simulation, ACursorSavedBeforeItsViewIsNoticed) {
  EXPECT_GT(noticed_at(Planted::kCursorBeforeView, 20, "G5"), 0u);
}

TEST_F(Simulation, KeysForgottenAtARestartAreNoticed) {
  EXPECT_GT(noticed_at(Planted::kDedupeForgotten, 20, "G3"), 0u);
}

TEST_F(Simulation, AgreementsIgnoredOnReplayAreNoticed) {
  EXPECT_GT(noticed_at(Planted::kAgreementIgnoredOnReplay, 20, "G8"), 0u);
}

TEST_F(Simulation, CreditIgnoredIsNoticed) { EXPECT_GT(noticed_at(Planted::kCreditIgnored, 20, "G9"), 0u); }

}  // namespace
}  // namespace moot::simulation
