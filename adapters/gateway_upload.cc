#include "adapters/gateway_upload.h"

#include <pthread.h>

#include <atomic>
#include <boost/json.hpp>
#include <csignal>
#include <mutex>

#include "adapters/courier_sink.h"
#include "adapters/dry_run_sink.h"
#include "adapters/gateway_reply.h"
#include "adapters/upload_pipe.h"

namespace moot {

namespace {

namespace json = boost::json;

constexpr std::size_t kRefusalsToldMax = 1000;

// The report on one file, and whoever wants it: given when both are there.
class Report {
 public:
  void set(HttpResponse response) {
    Respond respond;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      response_ = std::move(response);
      respond.swap(respond_);
    }
    if (respond) respond(*response_);
  }
  void want(Respond respond) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!response_) {
        respond_ = std::move(respond);
        return;
      }
    }
    respond(*response_);
  }

 private:
  std::mutex mutex_;
  std::optional<HttpResponse> response_;  // constant once set
  Respond respond_;
};

struct Refusals {
  json::array told;
  std::uint64_t left_out = 0;
};

json::object counts_of(const FileTotals& totals) {
  return {{"read", totals.read},           {"accepted", totals.accepted},
          {"duplicate", totals.duplicate}, {"superseding", totals.superseding},
          {"refused", totals.refused},     {"withdrawn", totals.withdrawn}};
}

// The members of `moot publish --json`, and the refused rows.
json::object report_members(const FileTotals& totals, Refusals refusals, bool trial) {
  json::object members = counts_of(totals);
  const auto text = [](const std::optional<Offset>& offset) {
    return offset ? json::value(std::to_string(offset->value)) : json::value(nullptr);
  };
  members["first_offset"] = text(totals.first_offset);
  members["last_offset"] = text(totals.last_offset);
  json::object file = counts_of(totals);
  file["file"] = totals.file;
  members["files"] = json::array{std::move(file)};
  members["notes"] = json::array(totals.notes.begin(), totals.notes.end());
  members["refusals"] = std::move(refusals.told);
  members["refusals_left_out"] = refusals.left_out;
  if (trial) members["trial"] = true;
  if (totals.kept > 0) members["kept"] = totals.kept;
  return members;
}

HttpResponse answer(const FileTotals& totals, const Status& body, Refusals refusals, bool trial) {
  const Counts counts{totals.accepted + totals.superseding + totals.withdrawn, totals.refused, totals.read,
                      totals.kept};
  unsigned by_counts = status_by_counts(counts, trial);
  // Taken, but not all that it asks for: records that seem to be gone were left alone.
  if (by_counts != 0 && !totals.notes.empty()) by_counts = 207;
  // How the body ended says more than what the reader made of it.
  const Status& why = !body.ok() ? body : totals.status;
  json::object members = report_members(totals, std::move(refusals), trial);
  if (why.ok() && by_counts != 0) return {by_counts, "application/json", json::serialize(members) + "\n"};
  const Status said = why.ok() ? Status(Code::kInvalid, "every row was refused; each refusal says why") : why;
  HttpResponse refused = problem_response(said);
  json::object problem = problem_members(refused.status, said);
  for (json::key_value_pair& member : members) problem[member.key()] = std::move(member.value());
  refused.body = json::serialize(problem) + "\n";
  return refused;
}

FileOptions options_of(const UploadOrder& order, Refusals& refusals) {
  FileOptions options;
  options.format = order.format;
  options.publisher = publisher_of(order.key);
  options.limits = order.limits;
  if (order.mapping) {
    options.mapping = order.mapping->mapping.csv ? &*order.mapping->mapping.csv : nullptr;
    options.police_uk = order.mapping->mapping.police_uk ? &*order.mapping->mapping.police_uk : nullptr;
    options.mapping_file = std::filesystem::absolute(order.mapping->file).string();
  }
  options.on_outcome = [&refusals](const Outcome& outcome) {
    if (outcome.fate != Fate::kRefused) return;
    if (refusals.told.size() >= kRefusalsToldMax) {
      ++refusals.left_out;
      return;
    }
    refusals.told.push_back(json::object{{"row", outcome.origin.row()},
                                         {"code", code_name(outcome.status.code())},
                                         {"detail", outcome.status.message()}});
  };
  return options;
}

HttpResponse publish_upload(const UploadOrder& order, UploadPipe& pipe) {
  Refusals refusals;
  FileOptions options = options_of(order, refusals);
  FileTotals totals;
  if (order.trial) {
    DryRunSink sink({order.key.agency, order.backfill, order.now, order.limits});
    totals = publish_stream(pipe.reader(), order.name, options, sink);
  } else {
    options.own_events = own_events_of(order.key, order.patience_ms);
    CourierSink sink(*order.courier, order.backfill, std::chrono::milliseconds(order.patience_ms), order.limits);
    totals = publish_stream(pipe.reader(), order.name, options, sink);
  }
  return answer(totals, pipe.how_it_ended(), std::move(refusals), order.trial);
}

}  // namespace

// One upload: its thread, and what stands between that and the body.
struct Uploads::Running {
  UploadOrder order;
  UploadPipe pipe;
  Report report;
  std::thread thread;  // none before the body begins
  std::atomic<bool> done{false};
};

namespace {

// Begins with the first piece: what is refused by its head alone never gets a thread.
template <typename Running>
class UploadSink final : public BodySink {
 public:
  explicit UploadSink(std::shared_ptr<Running> running) : running_(std::move(running)) {}
  ~UploadSink() override {
    running_->pipe.finish(Status(Code::kUnavailable, "the request was refused"));
    if (!running_->thread.joinable()) running_->done = true;
  }
  void take(std::string bytes, std::function<void(bool)> taken) override {
    start();
    running_->pipe.give(std::move(bytes), std::move(taken));
  }
  void end(const Status& how, Respond respond) override {
    start();
    running_->pipe.finish(how);
    running_->report.want(std::move(respond));
  }

 private:
  void start() {
    if (running_->thread.joinable()) return;
    running_->thread = std::thread([running = running_] {
      pthread_setname_np(pthread_self(), "upload");
      sigset_t all;  // signals are the main thread's business
      sigfillset(&all);
      pthread_sigmask(SIG_BLOCK, &all, nullptr);
      HttpResponse response = publish_upload(running->order, running->pipe);
      running->pipe.abandon();
      running->done = true;
      running->report.set(std::move(response));
    });
  }
  const std::shared_ptr<Running> running_;
};

}  // namespace

void Uploads::end_finished() {
  std::erase_if(running_, [](const std::shared_ptr<Running>& running) {
    if (!running->done) return false;
    if (running->thread.joinable()) running->thread.join();
    return true;
  });
}

Uploads::~Uploads() {
  for (const auto& running : running_)
    if (running->thread.joinable()) running->thread.join();
}

std::shared_ptr<BodySink> Uploads::begin(UploadOrder order) {
  end_finished();
  if (running_.size() >= at_once_max_) return nullptr;
  // One slow sender must not shut the others out.
  const auto same = std::count_if(running_.begin(), running_.end(), [&](const std::shared_ptr<Running>& running) {
    return running->order.key.agency == order.key.agency;
  });
  if (static_cast<std::size_t>(same) >= std::max<std::size_t>(1, at_once_max_ / 2)) return nullptr;
  running_.push_back(std::make_shared<Running>());
  running_.back()->order = std::move(order);
  return std::make_shared<UploadSink<Running>>(running_.back());
}

}  // namespace moot
