#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <thread>

#include "adapters/file_publisher.h"
#include "adapters/given_mapping.h"
#include "broker/core/event_rules.h"
#include "broker/core/whole_file.h"
#include "broker/data_folder.h"
#include "broker/health_routes.h"
#include "broker/http/http_server.h"
#include "consumers/agenda/agenda.h"
#include "consumers/callers/caller_list.h"
#include "deploy/audit_command.h"
#include "deploy/calendar_command.h"
#include "deploy/command.h"
#include "deploy/documents.h"
#include "deploy/gateway_run.h"
#include "deploy/log_line.h"
#include "deploy/mail_desk.h"
#include "deploy/mail_run.h"
#include "deploy/progress.h"
#include "deploy/pull_run.h"
#include "deploy/reach.h"
#include "deploy/report_command.h"
#include "deploy/stop_signal.h"
#include "deploy/watch_run.h"

namespace moot {

namespace {

constexpr std::int64_t kStepMs = 500;

// A sink that takes nothing more once a stop was asked for, so that a long file does not hold the process.
class StoppableSink final : public RecordSink {
 public:
  StoppableSink(RecordSink& sink, const StopSignal& stop) : sink_(sink), stop_(stop) {}
  void on_outcome(std::function<void(const Outcome&)> callback) override { sink_.on_outcome(std::move(callback)); }
  Status publish(const v1::Event& event, const v1::Origin& origin) override {
    if (stop_.asked())
      return Status(Code::kUnavailable, "stopped when asked to; the rest is published at the next start");
    return sink_.publish(event, origin);
  }
  Status refuse(const v1::RefusedInput& refused) override { return sink_.refuse(refused); }
  Status flush() override { return sink_.flush(); }
  bool stores() const override { return sink_.stores(); }

 private:
  RecordSink& sink_;
  const StopSignal& stop_;
};

class Up {
 public:
  Up(const Options& options, const UpOrder& order, const PartnershipFolder& folder, Reach& reach)
      : options_(options), order_(order), folder_(folder), reach_(reach) {}

  Status run();
  bool all_taken() const { return refused_ == 0; }

 private:
  Status publish_feeds();
  Status publish_feed(const Feed& feed);
  Status write_documents();
  Status write_one(const DocumentOrder& document);
  Status write_report_of(const DocumentOrder& document);
  Status write_text(const std::string& name, const Result<std::string>& text);
  bool has_reports() const;
  Status follow();
  Status open_mails();
  void send_mails();

  const Options& options_;
  const UpOrder& order_;
  const PartnershipFolder& folder_;
  Reach& reach_;
  StopSignal stop_;
  std::unique_ptr<GatewayRun> gateway_;  // none when no address is configured
  std::unique_ptr<WatchRun> watch_;      // none when no folder is watched
  std::unique_ptr<PullRun> pulls_;       // none when nothing is pulled
  std::unique_ptr<Documents> documents_;
  std::unique_ptr<Records> records_;  // none when no report is to be written
  const SystemClock clock_;
  std::unique_ptr<MailDesk> desk_;  // none when nothing goes out by e-mail
  std::unique_ptr<MailRun> mails_;  // likewise
  std::string mail_trouble_;        // told before
  std::uint64_t refused_ = 0;
  std::map<std::string, std::string> withheld_;  // by document: why it is not written, told before
};

Status Up::publish_feed(const Feed& feed) {
  const Result<std::vector<std::filesystem::path>> files = files_of(feed);
  if (!files.ok()) return files.status();
  const Result<KeyFile> key = reach_.key_of(feed.agency);
  if (!key.ok()) return key.status();
  const Result<GivenMapping> mapping =
      load_given_mapping(feed.mapping, std::make_shared<const AreaTable>(folder_.partnership.areas));
  if (!mapping.ok()) return mapping.status();
  const Result<FileFormat> format = parse_file_format(feed.format);
  if (!format.ok()) return format.status();
  ProducerOptions producer_options;
  producer_options.backfill = feed.backfill;
  producer_options.limits = folder_.limits;
  producer_options.timeout_ms = options_.timeout_ms();
  Result<std::unique_ptr<Producer>> producer = Producer::connect(*key, producer_options);
  if (!producer.ok()) return producer.status();
  const std::unique_ptr<RecordSink> broker = sink_to_broker(**producer);
  StoppableSink sink(*broker, stop_);
  for (const std::filesystem::path& file : *files) {
    Progress progress(file.filename().string());
    FileOptions file_options;
    file_options.format = *format;
    file_options.limits = folder_.limits;
    file_options.mapping = mapping->csv ? &*mapping->csv : nullptr;
    file_options.police_uk = mapping->police_uk ? &*mapping->police_uk : nullptr;
    file_options.publisher = publisher_of(*key);
    file_options.own_events = own_events_of(*key, options_.timeout_ms());
    file_options.mapping_file = feed.mapping.empty() ? "" : std::filesystem::absolute(feed.mapping).string();
    file_options.on_progress = [&](const FileProgress& at) {
      progress.show(at.done_bytes, at.total_bytes, at.records);
    };
    const FileTotals totals = publish_file(file, file_options, sink);
    progress.make_room();
    refused_ += totals.refused;
    if (totals.refused > 0 || totals.accepted > 0 || totals.superseding > 0)
      announce("feed", folder_.partnership.agency_name(feed.agency) + ", " + totals.file + ": " + in_words(totals));
    if (totals.status.code() == Code::kQuota) {  // the others' feeds go on; the rest of this one at the next start
      (void)tell(totals.status);
      return {};
    }
    if (totals.unanswered > 0 || totals.status.code() == Code::kUsage) return totals.status;
    if (stop_.asked()) return {};
  }
  return {};
}

Status Up::publish_feeds() {
  for (const Feed& feed : folder_.feeds) {
    if (stop_.asked()) return {};
    MOOT_RETURN_IF_ERROR(publish_feed(feed));
  }
  if (refused_ > 0) announce("feed", "What was refused waits in the inbox: moot inbox list");
  return {};
}

Status Up::write_text(const std::string& name, const Result<std::string>& text) {
  if (!text.ok()) return text.status();
  const std::filesystem::path file = order_.out / name;
  const Result<std::string> there = read_whole_file(file);
  if (there.ok() && *there == *text) return {};  // unchanged: the file keeps its date
  MOOT_RETURN_IF_ERROR(audit_shown(reach_, options_, {"document", is_key(name) ? name : "a-file", "", 0, {}}));
  return write_whole_file(file, *text);
}

// A report that is not to be handed out as the records are now stops nothing else: it is told once, and what was
// written of it before is there no more.
Status Up::write_report_of(const DocumentOrder& document) {
  const Report report = report_of(records_->book(), documents_.get(), folder_, *folder_.find_report(document.report),
                                  document.period, std::nullopt, folder_.rules_in_force());
  Status withheld;
  for (const std::string format : {"html", "md", "csv", "json"}) {
    const std::string name = document.name + "." + format;
    const Result<std::string> text = write_report(report, folder_.partnership, format);
    if (text.status().code() != Code::kNotAllowed) {
      MOOT_RETURN_IF_ERROR(write_text(name, text));
      continue;
    }
    withheld = text.status();
    std::error_code error;
    std::filesystem::remove(order_.out / name, error);
    if (error) withheld = withheld.with((order_.out / name).string() + " is to be removed, and cannot be");
  }
  std::string& told = withheld_[document.name];
  if (!withheld.ok() && withheld.message() != told) (void)tell(withheld.with("document " + document.name));
  told = withheld.ok() ? "" : withheld.message();
  return {};
}

Status Up::write_one(const DocumentOrder& document) {
  const auto write = [&](const google::protobuf::Message& message) -> Status {
    for (const std::string format : {"html", "md", "json"})
      MOOT_RETURN_IF_ERROR(
          write_text(document.name + "." + format, write_document(message, folder_.partnership, format)));
    return {};
  };
  if (document.kind == "calendar")
    return write_text(document.name + ".ics",
                      rolling_calendar(documents_->casebook(), folder_, document.board, document.owner));
  if (document.kind == "report") return write_report_of(document);
  if (document.kind == "agenda") {
    const auto closed = documents_->may_not_say(options_, reach_, folder_.partnership);
    if (!closed.ok()) return closed.status();
    const Result<v1::Agenda> agenda = make_agenda(
        documents_->casebook(), folder_.partnership, folder_.callers, *folder_.find_board(document.board),
        {document.on, std::nullopt, *closed, document.area, folder_.rules_in_force(), folder_.every_board()});
    return agenda.ok() ? write(*agenda) : agenda.status();
  }
  CallerQuery query;
  query.on = document.on;
  query.boards = folder_.every_board();
  const Result<v1::CallerList> callers =
      make_caller_list(documents_->casebook(), folder_.partnership, folder_.callers, query);
  return callers.ok() ? write(*callers) : callers.status();
}

bool Up::has_reports() const {
  return std::any_of(folder_.documents.begin(), folder_.documents.end(),
                     [](const DocumentOrder& document) { return document.kind == "report"; });
}

Status Up::write_documents() {
  if (order_.out.empty()) return {};
  MOOT_RETURN_IF_ERROR(make_folder(order_.out));
  for (const DocumentOrder& document : folder_.documents) MOOT_RETURN_IF_ERROR(write_one(document));
  return {};
}

Status Up::open_mails() {
  if (!folder_.mailings) return {};
  Result<std::unique_ptr<MailDesk>> desk = MailDesk::open({options_, reach_, folder_, *documents_}, clock_);
  if (!desk.ok()) return desk.status();
  desk_ = std::move(*desk);
  mails_ = std::make_unique<MailRun>(*desk_, folder_.mailings->server, clock_);
  return {};
}

// What is wrong with mails stops nothing else; it is told once, and tried again.
void Up::send_mails() {
  if (mails_ == nullptr) return;
  const Status status = mails_->step();
  if (!status.ok() && status.message() != mail_trouble_) (void)tell(status.with("mails"));
  mail_trouble_ = status.ok() ? "" : status.message();
}

// Keeps the documents as new as the log until a stop is asked for.
Status Up::follow() {
  bool stale = false;
  while (!stop_.asked() && reach_.broker()->running()) {
    const Result<bool> news = documents_->step(kStepMs);
    if (!news.ok()) return news.status();
    // Written when the log is quiet for a moment: not once for every batch of a long file.
    if (stale && !*news) {
      MOOT_RETURN_IF_ERROR(documents_->save());
      if (records_) MOOT_RETURN_IF_ERROR(records_->view().catch_up(options_.timeout_ms()));
      MOOT_RETURN_IF_ERROR(write_documents());
      stale = false;
    }
    stale = stale || *news;
    send_mails();
  }
  if (mails_) (void)tell(mails_->finish());
  return documents_->save();
}

Status Up::run() {
  if (!order_.once && has_gateway(options_, folder_)) {
    // First: agencies need not wait for the feeds.
    Result<std::unique_ptr<GatewayRun>> gateway = GatewayRun::start(
        options_, folder_, [this](const std::string& agency) { return reach_.key_of(agency); }, reach_.broker());
    if (!gateway.ok()) return gateway.status();
    gateway_ = std::move(*gateway);
  }
  if (!order_.once && !folder_.watched.empty()) {
    Result<std::unique_ptr<WatchRun>> watch =
        WatchRun::start(folder_.watched, folder_.partnership, folder_.limits,
                        [this](const std::string& agency) { return reach_.key_of(agency); });
    if (!watch.ok()) return watch.status();
    watch_ = std::move(*watch);
  }
  if (!order_.once && !folder_.pulls.empty())
    pulls_ =
        PullRun::start(options_, folder_.pulls, [this](const std::string& agency) { return reach_.key_of(agency); });
  MOOT_RETURN_IF_ERROR(publish_feeds());
  if (stop_.asked()) return {};
  Result<std::unique_ptr<Documents>> documents = Documents::open(options_, reach_);
  if (!documents.ok()) return documents.status();
  documents_ = std::move(*documents);
  MOOT_RETURN_IF_ERROR(documents_->catch_up(options_.timeout_ms()));
  if (!order_.out.empty() && has_reports()) {
    Result<std::unique_ptr<Records>> records = Records::open(options_, reach_);
    if (!records.ok()) return records.status();
    records_ = std::move(*records);
    MOOT_RETURN_IF_ERROR(records_->view().catch_up(options_.timeout_ms()));
  }
  MOOT_RETURN_IF_ERROR(write_documents());
  if (!order_.out.empty() && !folder_.documents.empty())
    announce("documents", "The documents are in " + order_.out.string());
  if (order_.once) return {};
  const std::string http = gateway_ ? ", HTTP is " + gateway_->address() : "";
  announce("broker", folder_.partnership.name + " is up; the bus is " + reach_.broker()->bus_address() + http +
                         ". Ctrl-C stops it.");
  MOOT_RETURN_IF_ERROR(open_mails());
  return follow();
}

// Runs until the bus thread ends or a stop is asked for; what the broker itself ended with wins.
int end(Reach& reach, const Status& status) {
  const Status broker = reach.broker()->stop();
  if (!broker.ok()) return tell(broker.with("the broker has stopped"));
  return tell(status);
}

// What a broker alone answers over HTTP: whether it is well, and its figures. Nothing when no address is given.
Result<std::unique_ptr<HttpServer>> watch_broker(const Options& options, const PartnershipFolder& folder,
                                                 const Broker& broker) {
  HttpOptions http;
  http.address = options.http.empty() ? folder.metrics : options.http;
  if (http.address.empty()) return std::unique_ptr<HttpServer>();
  http.certificate = folder.http.certificate;
  http.private_key = folder.http.private_key;
  http.routes = [&broker](const HttpHead& head) -> HttpPlan {
    return health_response(head, &broker.metrics())
        .value_or(http_problem(404, "a broker has /healthz, /readyz and /metrics"));
  };
  Result<std::unique_ptr<HttpServer>> server = HttpServer::start(std::move(http));
  if (server.ok() && !options.http.empty()) MOOT_RETURN_IF_ERROR(tell_http_address(options.data, (*server)->address()));
  return server;
}

}  // namespace

int up_command(const Options& options, const UpOrder& order) {
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return tell(folder.status());
  Result<Reach> reach = Reach::own_to_stay(options, *folder);
  if (!reach.ok()) return tell(reach.status());
  bool all_taken = true;
  Status status;
  {
    Up up(options, order, *folder, *reach);
    status = up.run();
    all_taken = up.all_taken();
  }  // what goes through the broker ends before it
  const int code = end(*reach, status);
  return code == kDone && order.once && !all_taken ? kRefused : code;
}

int broker_command(const Options& options) {
  const Result<PartnershipFolder> folder = partnership_of(options);
  if (!folder.ok()) return tell(folder.status());
  StopSignal stop;
  Result<Reach> reach = Reach::own_to_stay(options, *folder);
  if (!reach.ok()) return tell(reach.status());
  const Result<std::unique_ptr<HttpServer>> watched = watch_broker(options, *folder, *reach->broker());
  if (!watched.ok()) return tell(watched.status());
  const std::string http = *watched ? ", its figures " + (*watched)->address() + "/metrics" : "";
  announce("broker", "The broker of " + options.data.string() + " is up; the bus is " + reach->broker()->bus_address() +
                         http + ". Ctrl-C stops it.");
  while (!stop.asked() && reach->broker()->running()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  return end(*reach, {});
}

}  // namespace moot
