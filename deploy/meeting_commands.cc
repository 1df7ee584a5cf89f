#include "deploy/meeting_commands.h"

#include <boost/json.hpp>
#include <iostream>

#include "broker/core/event_rules.h"
#include "deploy/command.h"
#include "deploy/meeting_desk.h"
#include "deploy/minutes_command.h"
#include "deploy/unanswered.h"

namespace moot {
namespace {

using Say = MeetingDesk::Told (MeetingDesk::*)();

// What it says in words, and the events that say it: an action is known by its own from then on.
boost::json::object said_as_json(const MeetingDesk& desk, const MeetingOrder& order,
                                 const std::vector<std::string>& told) {
  boost::json::array lines, events;
  for (const std::string& line : told) lines.emplace_back(line);
  for (const v1::Event& event : desk.said())
    events.push_back(boost::json::object{
        {"source", event.envelope().source()}, {"id", event.envelope().id()}, {"record", record_of(event.envelope())}});
  return {{"board", desk.board().id}, {"area", order.area}, {"on", order.on}, {"told", lines}, {"events", events}};
}

int say(const Options& options, const MeetingOrder& order, Say what) {
  const Result<std::unique_ptr<MeetingDesk>> desk = MeetingDesk::open(options, order);
  if (!desk.ok()) return tell(desk.status());
  const MeetingDesk::Told told = ((**desk).*what)();
  if (!told.ok()) return tell(told.status());
  if (options.json) {
    std::cout << boost::json::serialize(said_as_json(**desk, order, *told)) << "\n";
    return kDone;
  }
  for (const std::string& line : *told) std::cout << line << "\n";
  return kDone;
}

int answer_command(const Options& options, const MeetingOrder& order) {
  const Status answered = answer_question(options, order.item, order.answer);
  if (answered.ok() && options.json)
    std::cout << boost::json::serialize(boost::json::object{{"item", order.item}, {"answer", order.answer}}) << "\n";
  else if (answered.ok())
    std::cout << "Answered: " << order.answer << "\n";
  return tell(answered);
}

class Words {
 public:
  Words(CLI::App& meeting, const Options& options, MeetingOrder& order, std::function<int()>& run)
      : meeting_(meeting), options_(options), order_(order), run_(run) {}

  // A command about one meeting of a board.
  CLI::App* add(const std::string& name, const std::string& help, Say what, bool needs_day = true) {
    CLI::App* command = meeting_.add_subcommand(name, help);
    command->add_option("board", order_.board, "The board, for example jtm")->required();
    command->add_option("--area", order_.area, "Of a board that meets in each of its areas: which, by its code");
    CLI::Option* on = command->add_option("--on", order_.on, "The meeting's date, as 2021-03-02");
    if (needs_day) on->required();
    command->callback([this_options = &options_, order = &order_, run = &run_, what] {
      *run = [=] { return say(*this_options, *order, what); };
    });
    return command;
  }

 private:
  CLI::App& meeting_;
  const Options& options_;
  MeetingOrder& order_;
  std::function<int()>& run_;
};

void add_before(Words& words, MeetingOrder& order) {
  CLI::App* command =
      words.add("schedule", "Schedule a meeting, or those of the board's cadence", &MeetingDesk::schedule, false);
  command->add_option("--from", order.from, "All of the cadence's from this day on …");
  command->add_option("--to", order.to, "… before this day");
  command->add_option("--instead-of", order.instead_of, "The day of a scheduled meeting that is given up");
  command->add_flag("--dry-run", order.dry_run, "Only say what would be scheduled");
  command = words.add("ask", "Ask agencies whether they know those on the agenda", &MeetingDesk::ask);
  command->add_flag("--dry-run", order.dry_run, "Only say who would be asked");
}

void add_at(Words& words, MeetingOrder& order) {
  CLI::App* command = words.add("held", "Say that it was held, and who came", &MeetingDesk::hold);
  command->add_option("--mode", order.mode, "How: a code such as in-person, video or email");
  command->add_option("--present", order.present, "Agencies with commas between them");
  command->add_option("--by-email", order.by_email, "Those that took part by e-mail");
  command->add_option("--apologies", order.apologies, "Those that sent apologies");
  command = words.add("decide", "Say what was decided of somebody", &MeetingDesk::decide);
  command->add_option("person", order.person, "Whom, as moot person find prints them")->required();
  command->add_option("decision", order.decision, "discussed, kept, removed, pinned or deferred")->required();
  command->add_option("--reason", order.reason, "Why, a code such as no-further-reports");
  command->add_option("--until", order.until, "pinned, deferred: from this day's meeting on it no longer holds");
  command->add_option("--text", order.text, "A file with what was said");
  command = words.add("action", "Ask an agency to do something", &MeetingDesk::act);
  command->add_option("--owner", order.owner, "Which agency")->required();
  command->add_option("--due", order.due, "By when, as 2021-03-02");
  command->add_option("--person", order.person, "Whom it concerns, as moot person find prints them");
  command->add_option("--text", order.text, "A file that says what is asked for")->required();
}

void add_after(CLI::App& meeting, const Options& options, MeetingOrder& order, std::function<int()>& run) {
  CLI::App* command = meeting.add_subcommand("outcome", "Say what became of an action");
  command->add_option("board", order.board, "The board, for example jtm")->required();
  command->add_option("action", order.action, "The number that agendas and minutes print behind it")->required();
  command->add_option("outcome", order.outcome, "done, not-done, overtaken, escalated, carried or taken-up")
      ->required();
  command->add_option("--on", order.on, "The day on which it came about, as 2021-03-02; else today");
  command->add_option("--due", order.due, "carried: the new date, as 2021-03-02");
  command->add_option("--area", order.area, "Of a board that meets in each of its areas: which, by its code");
  command->callback([&] { run = [&] { return say(options, order, &MeetingDesk::conclude); }; });
}

}  // namespace

void add_meeting_commands(CLI::App& app, const Options& options, MeetingOrder& order, std::function<int()>& run) {
  CLI::App* meeting = app.add_subcommand("meeting", "What is said of a meeting before it, at it and after it");
  meeting->require_subcommand(1);
  Words words(*meeting, options, order, run);
  add_before(words, order);
  add_at(words, order);
  add_after(*meeting, options, order, run);
  CLI::App* command = meeting->add_subcommand("answer", "Answer \"known to you?\", with --as AGENCY");
  command->add_option("item", order.item, "As moot inbox list has it")->required();
  command->add_option("answer", order.answer, "yes, no or declined")->required();
  command->callback([&] { run = [&] { return answer_command(options, order); }; });
  command = app.add_subcommand("minutes", "The minutes of a meeting");
  command->add_option("board", order.board, "The board, for example jtm")->required();
  command->add_option("--on", order.on, "The meeting's date, as 2021-03-02")->required();
  command->add_option("--area", order.area, "Of a board that meets in each of its areas: which, by its code");
  command->add_option("--as-at", order.as_at, "What was known then: a date (its midnight) or a time with its offset");
  command->add_option("--format", order.format, "html, odt, pdf, md (Markdown), csv or json");
  command->add_option("--output", order.output, "Write to this file instead of standard output");
  command->add_flag("--issue", order.issue, "Put on record that copies of it are given out");
  command->add_option("--to", order.to_whom, "To whom it is issued: codes with commas between them");
  command->callback([&] { run = [&] { return minutes_command(options, order); }; });
}

}  // namespace moot
