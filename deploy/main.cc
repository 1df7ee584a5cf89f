// `moot`: the command line (DESIGN §6). Reads the words, calls one command.
#include <google/protobuf/stubs/logging.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <iostream>

#include "deploy/agency_key_command.h"
#include "deploy/audit_command.h"
#include "deploy/calendar_command.h"
#include "deploy/command.h"
#include "deploy/deliver_command.h"
#include "deploy/document_copies_command.h"
#include "deploy/linkage_bench_command.h"
#include "deploy/linkage_commands.h"
#include "deploy/log_line.h"
#include "deploy/map_commands.h"
#include "deploy/meeting_commands.h"
#include "deploy/missing_value.h"
#include "deploy/person_commands.h"
#include "deploy/pull_command.h"
#include "deploy/report_command.h"
#include "deploy/watch_command.h"

namespace {

using moot::Options;

void add_document_words(CLI::App& command, moot::DocumentRequest& request) {
  command.add_option("--on", request.on, "The date it is for, as 2021-03-02")->required();
  command.add_option("--as-at", request.as_at, "What was known then: a date (its midnight) or a time with its offset");
  command.add_option("--format", request.format, "html, odt, pdf, md (Markdown), csv or json");
  command.add_option("--output", request.output, "Write to this file instead of standard output");
  command.add_flag("--issue", request.issue, "Put on record that copies of it are given out");
  command.add_option("--to", request.to, "To whom it is issued: codes with commas between them");
}

// An empty name is a mistake (a variable that was not set), not the wish to leave something out.
std::string is_named(const std::string& name) { return name.empty() ? "expected the name of a folder" : ""; }

// Every sub-command sets `run` to what it does.
struct CommandLine {
  CLI::App app{"Moot: the event exchange for community safety partnerships", "moot"};
  Options options;
  moot::PublishOrder publish;
  moot::ReplayOrder replay;
  moot::DocumentRequest agenda, callers;
  moot::UpOrder up;
  moot::AgencyOrder agency;
  moot::AuditOrder audit;
  std::string token_agency;
  std::string token, token_expires;
  std::filesystem::path token_certificate;
  std::string agreement_id, agreement_on, agreement_as_at;
  std::filesystem::path agreement_file;
  std::string inbox_item, inbox_reason;
  std::filesystem::path inbox_input;
  moot::RetryOrder retry;
  moot::BackupRequest backup;
  moot::RestoreRequest restore;
  moot::BenchOrder bench;
  moot::LinkageBenchOrder linkage_bench;
  moot::LinkageOrder linkage;
  moot::PersonOrder person;
  moot::ReportOrder report;
  moot::CopiesOrder copies;
  moot::DeliverOrder deliver;
  moot::CalendarOrder calendar;
  moot::MeetingOrder meeting;
  moot::MapOrder map;
  moot::WatchOrder watch;
  moot::PullOrder pull;
  std::uint64_t generation = 0;
  std::function<int()> run;

  CommandLine() {
    app.require_subcommand(1);
    app.fallthrough();  // the common words may stand before or after the command
    add_common();
    add_running();
    add_events();
    moot::add_watch_command(app, options, watch, run);
    moot::add_pull_command(app, options, pull, run);
    moot::add_map_commands(app, options, map, run);
    add_documents();
    moot::add_report(app, options, report, run);
    moot::add_document_copies(app, options, copies, run);
    moot::add_deliver(app, options, deliver, run);
    moot::add_calendar(app, options, calendar, run);
    moot::add_meeting_commands(app, options, meeting, run);
    add_administration();
    add_tokens();
    add_backups();
    add_bench();
    moot::add_linkage_commands(app, options, linkage, run);
    moot::add_person_commands(app, options, person, run);
    moot::refuse_options_as_values(app);
  }

  void add_common() {
    app.add_option("--config", options.config, "The partnership (TOML)");
    app.add_option("--data", options.data, "The data directory (default ./moot-data)");
    app.add_option("--keys", options.keys, "The key directory (default DATA.keys)");
    app.add_option("--bus", options.bus, "The bus address, over the configured one");
    app.add_option("--http", options.http, "The HTTP address, over the configured one");
    app.add_flag("--json", options.json, "Print JSON");
    app.add_flag_callback(
        "--log-json", [] { moot::set_log_form(moot::LogForm::kJson); }, "Say what happens in lines of JSON, on stderr");
    app.add_option("--as", options.as, "Act as this agency (default: the operator)");
    app.add_option("--key", options.key, "Act with this key file");
    app.add_option("--purpose", options.purpose,
                   "What it is for: sharing agreements may ask (default: meetings for documents, else operations)");
    app.add_option("--timeout", options.timeout_s, "Seconds to wait for an absent broker (default 30)")
        ->check(CLI::Range(0, 86'400));
  }

  void add_running() {
    CLI::App* command = app.add_subcommand("up", "Run everything: broker, feeds, documents");
    command->add_flag("--once", up.once, "End when the documents are written");
    command->add_option("--out", up.out, "Write the partnership's documents to this folder");
    command->callback([this] { run = [this] { return moot::up_command(options, up); }; });
    command = app.add_subcommand("broker", "Run the broker alone");
    command->callback([this] { run = [this] { return moot::broker_command(options); }; });
    command = app.add_subcommand("gateway", "Run the HTTP gateway alone, beside a broker");
    command->callback([this] { run = [this] { return moot::gateway_command(options); }; });
  }

  void add_events() {
    CLI::App* command = app.add_subcommand("publish", "Publish an agency's files");
    command->add_option("files", publish.files, "The files")->required();
    command->add_option("--format", publish.format, "auto, csv, xlsx, cloudevents, police-uk, fhir, ihub or open311");
    command->add_option("--mapping", publish.mapping, "How the rows of a CSV file become events (TOML)");
    command->add_flag("--backfill", publish.backfill, "The events are history, loaded later than they happened");
    command->add_flag("--dry-run", publish.dry_run, "Check everything, publish nothing");
    command->add_option("--rate", publish.rate, "At most so many events a second")->check(CLI::Range(0.0, 1e9));
    command->callback([this] { run = [this] { return moot::publish_command(options, publish); }; });

    command = app.add_subcommand("replay", "Print stored events, one CloudEvent a line");
    command->add_option("--from", replay.from, "Events that happened at or after this date or time");
    command->add_option("--to", replay.to, "Events that happened before this date or time");
    command->add_option("--type", replay.types, "A full type, or a body such as contact");
    command->add_option("--agency", replay.agencies, "Only of this agency");
    command->add_option("--area", replay.areas, "Only of this area");
    command->add_option("--subject", replay.subjects, "Only of this subject");
    command->add_option("--offset", replay.offsets, "N..M: offsets from N, before M");
    command->add_option("--output", replay.output, "Write to this file instead of standard output");
    command->add_flag("--dry-run", replay.dry_run, "Only count, by type and agency");
    command->add_option("--rate", replay.rate, "At most so many events a second")->check(CLI::Range(0.0, 1e9));
    command->callback([this] { run = [this] { return moot::replay_command(options, replay); }; });
  }

  void add_documents() {
    CLI::App* command = app.add_subcommand("agenda", "The agenda of a meeting");
    command->add_option("board", agenda.board, "The board, for example jtm")->required();
    add_document_words(*command, agenda);
    command->add_option("--diff", agenda.diff, "Only what changed since this one, written as JSON before");
    command->add_option("--area", agenda.area, "One of the board's areas, by its code or name");
    command->add_option("--rules", agenda.rules, "Another rule pack: one of the partnership's by its id, or a file");
    command->callback([this] { run = [this] { return moot::agenda_command(options, agenda); }; });
    command = app.add_subcommand("callers", "The frequent callers");
    add_document_words(*command, callers);
    command->add_option("--window", callers.window, "How many whole days before the date, as 90d");
    command->add_option("--policy", callers.policy, "Another of the partnership's caller policies, by its id");
    command->add_option("--top", callers.top, "How many places the list has")->check(CLI::Range(1, 10'000));
    command->callback([this] { run = [this] { return moot::callers_command(options, callers); }; });
  }

  void add_administration() {
    moot::add_agency_words(app, options, agency, run);
    moot::add_audit_words(app, options, audit, run);
    add_agreements();

    CLI::App* inbox = app.add_subcommand("inbox", "What waits for a person");
    inbox->require_subcommand(1);
    CLI::App* command = inbox->add_subcommand("list", "List what waits");
    command->callback([this] { run = [this] { return moot::inbox_list_command(options); }; });
    command = inbox->add_subcommand("show", "Show an item whole, with the record as it was offered");
    command->add_option("item", inbox_item, "Its id, as the list has it")->required();
    command->callback([this] { run = [this] { return moot::inbox_show_command(options, inbox_item); }; });
    command = inbox->add_subcommand("mend", "Put a mended record in place of the one that was refused");
    command->add_option("item", inbox_item, "Its id, as the list has it")->required();
    command->add_option("--input", inbox_input, "A file that holds the mended record")->required();
    command->callback([this] { run = [this] { return moot::inbox_mend_command(options, inbox_item, inbox_input); }; });
    command = inbox->add_subcommand("retry", "Try items again, each as its own agency");
    command->add_option("items", retry.items, "Their ids, as the list has them");
    command->add_flag("--all", retry.all, "All that wait");
    command->add_option("--agency", retry.agency, "All of this agency");
    command->add_option("--code", retry.code, "All that were refused for this, for example unmapped");
    command->add_option("--file", retry.file, "All of this file, as the list has it");
    command->add_option("--mapping", retry.mapping, "Instead of the mapping they were read with");
    command->add_flag("--dry-run", retry.dry_run, "Only check them");
    command->add_option("--limit", retry.limit, "At most so many")->check(CLI::Range(1, 1'000'000'000));
    command->add_option("--rate", retry.rate, "At most so many a second")->check(CLI::Range(0.0, 1e9));
    command->add_option("--stop-at", retry.stop_at, "Leave this item, and those after it");
    command->callback([this] { run = [this] { return moot::inbox_retry_command(options, retry); }; });
    command = inbox->add_subcommand("drop", "Take an item off the list; it stays on record");
    command->add_option("item", inbox_item, "Its id, as the list has it")->required();
    command->add_option("--reason", inbox_reason, "Why")->required();
    command->callback([this] { run = [this] { return moot::inbox_drop_command(options, inbox_item, inbox_reason); }; });
    command = app.add_subcommand("status", "How the broker is doing");
    command->callback([this] { run = [this] { return moot::status_command(options); }; });
  }

  std::filesystem::path repair_to;

  void add_tokens() {
    CLI::App* tokens = app.add_subcommand("token", "The bearer tokens that agencies push over HTTP with");
    tokens->require_subcommand(1);
    const auto add_expires = [this](CLI::App& command) {
      command.add_option("--expires", token_expires, "Its last day, as 2021-03-02 (default: a year from today)");
    };
    CLI::App* command = tokens->add_subcommand("add", "Make a token; it is shown this once");
    command->add_option("agency", token_agency, "Whose")->required();
    command->add_option("--certificate", token_certificate, "A client's certificate (PEM), in place of a token");
    add_expires(*command);
    command->callback([this] {
      run = [this] {
        return token_certificate.empty()
                   ? moot::token_add_command(options, token_agency, token_expires)
                   : moot::certificate_add_command(options, token_agency, token_certificate, token_expires);
      };
    });
    command = tokens->add_subcommand("list", "List the tokens, without what they are");
    command->callback([this] { run = [this] { return moot::token_list_command(options); }; });
    command = tokens->add_subcommand("rotate", "Make another; the old one goes on for 30 days, or until it is revoked");
    command->add_option("token", token, "Its id, as the list has it")->required();
    add_expires(*command);
    command->callback([this] { run = [this] { return moot::token_rotate_command(options, token, token_expires); }; });
    command = tokens->add_subcommand("revoke", "End a token now");
    command->add_option("token", token, "Its id, as the list has it")->required();
    command->callback([this] { run = [this] { return moot::token_revoke_command(options, token); }; });
  }

  void add_backups() {
    CLI::App* command = app.add_subcommand("backup", "Add a generation to a backup, while the broker runs");
    command->add_option("destination", backup.to, "Its folder, for backups alone")->required();
    command->add_option("--keys-to", backup.keys_to, "Back up the keys too, to this other folder")->check(is_named, "");
    command->add_option("--keep", backup.keep, "Keep so many generations (default 7)")->check(CLI::Range(1, 100'000));
    command->callback([this] { run = [this] { return moot::backup_command(options, backup); }; });

    command = app.add_subcommand("restore", "Make a data directory out of a backup");
    command->add_option("source", restore.from, "The folder of the backup")->required();
    command->add_option("--keys-from", restore.keys_from, "The folder of its keys' backup")->check(is_named, "");
    command->add_option("--generation", restore.generation, "This one (default: the latest)");
    command->callback([this] { run = [this] { return moot::restore_command(options, restore); }; });

    command = app.add_subcommand("verify", "Look over a backup, or a data directory that no broker runs on");
    command->add_option("directory", options.data, "The data directory or backup; writes nothing");
    command->add_option("--generation", generation, "Of a backup: this one (default: the latest)");
    command->callback([this] { run = [this] { return moot::verify_command(options, generation); }; });

    command = app.add_subcommand("repair", "Save what can be saved of a damaged data directory into a new one");
    command->add_option("directory", options.data, "The damaged directory; it is left as it is");
    command->add_option("--to", repair_to, "The new directory (default: DIRECTORY.repaired)");
    command->callback([this] { run = [this] { return moot::repair_command(options, repair_to); }; });
  }

  void add_agreements() {
    CLI::App* agreement = app.add_subcommand("agreement", "Sharing agreements: who may read whose events");
    agreement->require_subcommand(1);
    CLI::App* command = agreement->add_subcommand("add", "Put a signed agreement, or a new version of it, on record");
    command->add_option("file", agreement_file, "The agreement (TOML)")->required();
    command->callback([this] { run = [this] { return moot::agreement_add_command(options, agreement_file); }; });
    command = agreement->add_subcommand("end", "End an agreement");
    command->add_option("id", agreement_id, "The agreement")->required();
    command->add_option("--on", agreement_on, "The first day on which it opens nothing (default: today)");
    command->callback(
        [this] { run = [this] { return moot::agreement_end_command(options, agreement_id, agreement_on); }; });
    command = agreement->add_subcommand("list", "List agreements, clause by clause");
    command->add_option("--as-at", agreement_as_at, "As they stood then (default: now)");
    command->callback([this] { run = [this] { return moot::agreement_list_command(options, agreement_as_at); }; });
  }

  void add_bench() {
    CLI::App* command = app.add_subcommand("bench", "Measure this machine: its disk, and Moot on it");
    command->add_option("--repetitions", bench.repetitions, "Of everything (default 3)")->check(CLI::Range(1, 1000));
    command->add_option("--seconds", bench.seconds, "Of each measurement (default 2)")->check(CLI::Range(0.1, 3600.0));
    command->add_option("--events", bench.events, "Stored when it is killed and started again (default 100,000)")
        ->check(CLI::Range(10, 1'000'000'000));
    command->callback([this, command] {
      if (command->get_subcommands().empty()) run = [this] { return moot::bench_command(options, bench); };
    });
    moot::add_linkage_bench(*command, options, linkage_bench, run);
  }
};

}  // namespace

// libprotobuf writes a line of its own for each message that is not as it should be, so that a peer could fill the log:
// whoever sent it is answered, and it is counted. What it says of a message of ours is a mistake in this program.
void say_for_protobuf(google::protobuf::LogLevel, const char*, int, const std::string& message) {
  if (message.find("serializing") != std::string::npos) moot::warn("protobuf", message);
}

int main(int argc, char** argv) {
  google::protobuf::SetLogHandler(say_for_protobuf);
  CommandLine line;
  try {
    line.app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help is a success; any other way of not running a command is a mistake of usage.
    return line.app.exit(error) == 0 ? moot::kDone : moot::kUsageError;
  }
  if (line.options.data.empty())
    return moot::tell(moot::Status(moot::Code::kUsage, "--data: expected the name of a folder"));
  line.options.data_given = line.app.count("--data") > 0;
  if (!line.options.as.empty() && !line.options.key.empty())
    return moot::tell(moot::Status(moot::Code::kUsage, "--as and --key do not go together"));
  try {
    const int code = line.run();
    std::cout.flush();
    if (std::cout || code != moot::kDone) return code;
    return moot::tell(moot::Status(moot::Code::kDisk, "the output cannot be written"));
  } catch (const std::exception& error) {
    moot::log_error(
        moot::Status(moot::Code::kOk, "stopped by an error it did not expect: " + std::string(error.what())));
    return moot::kRefused;
  }
}
