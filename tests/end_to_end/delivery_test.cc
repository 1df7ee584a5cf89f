// Documents by e-mail, against a real mail server: what goes out and what does not, and what becomes of what cannot go.
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "broker/core/calendar.h"
#include "broker/core/sha256.h"
#include "tests/end_to_end/mail_fixture.h"

namespace moot {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class Delivery : public MailFixture {
 protected:
  void SetUp() override {
    if (!has_server()) GTEST_SKIP() << "there is no python3-aiosmtpd";
    start_server();
    (void)here_.documents(folder_ / "out");
  }
  // Until the server has kept so many, or the process has ended.
  void wait_for_mails(std::size_t count, Process& process) const {
    for (int i = 0; i < 1500 && kept().size() < count && process.running(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    ASSERT_GE(kept().size(), count) << process.err();
  }
  std::string attached(const std::string& mail) const {
    write_text(folder_ / "mail.eml", mail);
    const Ended ended = run({"/usr/bin/python3", "-c",
                             "import email,sys\n"
                             "m = email.message_from_binary_file(open(sys.argv[1], 'rb'))\n"
                             "[sys.stdout.buffer.write(p.get_payload(decode=True)) for p in m.walk() "
                             "if p.get_filename()]\n",
                             (folder_ / "mail.eml").string()});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return ended.out;
  }

  const Words papers_ = {"tasking", "--on", "2024-02-06"};
};

TEST_F(Delivery, SendsALinkAndNoPersonalDataAndSendsItOnce) {
  send_papers("link = \"https://moot.harbour.example/papers\"\ncopies = \"served\"\n");
  const Ended before = deliver({"tasking", "--on", "2024-02-06", "--dry-run"});
  EXPECT_EQ(before.exit_code, 0) << before.err;
  EXPECT_EQ(mails_in(before).at("chair").at("state").as_string(), "would-send");
  EXPECT_TRUE(kept().empty() && documents().empty());
  const Ended ended = deliver(papers_);
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  ASSERT_EQ(kept().size(), 2u);
  const std::string mail = kept().at(0);
  EXPECT_EQ(head_of_mail(mail, "X-Rcpt-To"), "chair@council.example");
  EXPECT_EQ(head_of_mail(mail, "X-Mail-From"), "moot@harbour.example");
  EXPECT_EQ(head_of_mail(mail, "Subject"), "OFFICIAL: Weekly Tasking on 6 February 2024: papers");
  EXPECT_EQ(head_of_mail(mail, "From"), "\"Moot, Harbour and Fell\" <moot@harbour.example>");
  const std::string text = text_of_mail(mail);
  EXPECT_NE(text.find("copy 1, for the Chair of Weekly Tasking."), std::string::npos) << text;
  EXPECT_EQ(attached(mail), "");
  // The copy stands behind the link, is on record, and can be made again.
  const json::array list = documents();
  ASSERT_EQ(list.size(), 2u);
  const std::string digest(list[0].at("digest").as_string());
  EXPECT_NE(text.find(digest), std::string::npos);
  // Whoever has one link cannot tell the other's.
  const std::filesystem::path served = here_.config().parent_path() / "served";
  const auto file = [&](int number) {
    const std::string its(list[static_cast<std::size_t>(number - 1)].at("digest").as_string());
    return "agenda-tasking-2024-02-06-copy-" + std::to_string(number) + "-" + its.substr(0, 16) + ".html";
  };
  EXPECT_NE(text.find("https://moot.harbour.example/papers/" + file(1) + "\n"), std::string::npos) << text;
  const std::string copy = read_text(served / file(1));
  EXPECT_EQ(sha256_hex(copy), digest);
  EXPECT_NE(copy.find("OFFICIAL · copy 1, for the Chair of Weekly Tasking"), std::string::npos);
  EXPECT_EQ(here_.moot({"document", "fetch", digest.substr(0, 8)}).out, copy);
  EXPECT_EQ(list[0].at("server").as_string(), "127.0.0.1:" + port_);
  EXPECT_TRUE(list[0].at("sent").is_string());
  for (const char* word : {"Ash", "Quay", "ZF98", "born"}) EXPECT_EQ(mail.find(word), std::string::npos) << word;
  // Once: not again by the same command, nor under another.
  const Ended again = deliver(papers_);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(mails_in(again).at("fire-desk").at("state").as_string(), "done");
  EXPECT_EQ(kept().size(), 2u);
  // Asked back, it is no longer behind the link; the other's copy is.
  const Ended recalled = here_.moot({"document", "recall", digest.substr(0, 8), "--reason", "wrong-recipient"});
  EXPECT_EQ(recalled.exit_code, 0) << recalled.err;
  EXPECT_NE(recalled.out.find("no longer behind the link"), std::string::npos) << recalled.out;
  EXPECT_FALSE(std::filesystem::exists(served / file(1)));
  EXPECT_TRUE(std::filesystem::exists(served / file(2)));
  EXPECT_EQ(documents().size(), 2u);
  // Addresses are in the partnership's definitions alone.
  for (const std::string& event : here_.replay({"--type", "governance"}))
    EXPECT_EQ(event.find('@'), std::string::npos) << event;
}

TEST_F(Delivery, OnADryRunChangesNothingOfWhatWasMissedEither) {
  send_papers();
  const std::string yesterday = to_iso(plus_days(local_date(SystemClock().now()), -1));
  const Ended scheduled = here_.moot({"meeting", "schedule", "tasking", "--on", yesterday});
  ASSERT_EQ(scheduled.exit_code, 0) << scheduled.err;
  const std::uint64_t before = here_.offset();
  EXPECT_EQ(mails_in(deliver({"--dry-run"})).at("chair").at("state").as_string(), "missed");
  EXPECT_EQ(here_.offset(), before);
  EXPECT_TRUE(inbox().empty());
  EXPECT_EQ(deliver().exit_code, 0);
  EXPECT_GT(here_.offset(), before);
  ASSERT_EQ(inbox().size(), 2u);
  EXPECT_EQ(inbox().at(0).at("attempts").as_int64(), 0) << "nothing was tried";
}

TEST_F(Delivery, AttachesTheDocumentOnlyWhereTheMailingSaysSo) {
  send_papers("", "attach = true\nformat = \"html\"\n");
  ASSERT_EQ(deliver(papers_).exit_code, 0);
  ASSERT_EQ(kept().size(), 2u);
  const std::string document = attached(kept().at(1));
  EXPECT_EQ(sha256_hex(document), std::string(documents().at(1).at("digest").as_string()));
  EXPECT_NE(document.find("for the Partnership desk"), std::string::npos);
}

TEST_F(Delivery, GivesAnOwnerTheirOwnActionsAndTellsOfOwnersWhomNobodyGets) {
  write_mailings("",
                 "[[recipient]]\nid = \"fire-desk\"\nrole = \"Partnership desk\"\nagency = \"harbour-fire\"\n"
                 "email = \"desk@fire.example\"\n"
                 "[[recipient]]\nid = \"probation\"\nrole = \"Duty officer\"\nagency = \"fell-probation\"\n"
                 "email = \"duty@probation.example\"\n"
                 "[[mailing]]\nboard = \"tasking\"\nwhat = \"actions\"\nto = [\"fire-desk\", \"probation\"]\n"
                 "starts = 2024-01-01\nattach = true\nformat = \"json\"\n");
  const Ended ended = deliver({"tasking", "--on", "2024-01-09"});
  EXPECT_EQ(ended.exit_code, 1) << ended.err;  // the council's actions reach nobody
  const auto mails = mails_in(ended);
  EXPECT_EQ(mails.at("fire-desk").at("state").as_string(), "sent") << ended.out;
  EXPECT_FALSE(mails.contains("probation")) << ended.out;  // has nothing to do
  ASSERT_EQ(kept().size(), 1u);
  EXPECT_NE(text_of_mail(kept().at(0))
                .find("Harbour Fire and Rescue has 1 open action from the Weekly Tasking, due on "
                      "23 January 2024."),
            std::string::npos)
      << text_of_mail(kept().at(0));
  const json::object document = json_of(attached(kept().at(0)));
  ASSERT_EQ(document.at("sections").as_array().size(), 1u);
  for (const json::value& item : document.at("sections").at(0).at("items").as_array())
    for (const json::value& action : item.at("actions").as_array())
      EXPECT_EQ(action.at("owner").as_string(), "harbour-fire");
  EXPECT_TRUE(document.at("not_listed").as_array().empty());
  const json::array waits = inbox();
  ASSERT_EQ(waits.size(), 1u);
  EXPECT_EQ(waits[0].at("code").as_string(), "no-recipient");
  EXPECT_EQ(waits[0].at("agency").as_string(), "harbour-council");
  EXPECT_EQ(waits[0].at("attempts"), 0) << "no server was asked";
  const std::string shown = here_.moot({"inbox", "show", std::string(waits[0].at("item").as_string())}).out;
  EXPECT_NE(shown.find("(no attempt)"), std::string::npos) << shown;
  EXPECT_NE(shown.find("No attempt; noted on "), std::string::npos) << shown;
}

TEST_F(Delivery, KeepsWhatTheServerRefusesInTheInboxUntilItIsRetriedOrDropped) {
  mode("refuse");
  const Ended refused = deliver(papers_);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(mails_in(refused).at("chair").at("reply").as_int64(), 550);
  const json::array waits = inbox();
  ASSERT_EQ(waits.size(), 2u);
  EXPECT_EQ(waits[0].at("code").as_string(), "refused");
  EXPECT_EQ(waits[0].at("reason").as_string(), "the mail server refused it (550)");
  const std::string chair(waits[0].at("item").as_string()), desk(waits[1].at("item").as_string());
  mode("take");
  EXPECT_EQ(mails_in(deliver(papers_)).at("chair").at("state").as_string(), "waits");  // for a person
  EXPECT_TRUE(kept().empty());
  const Ended shown = here_.moot({"inbox", "show", chair});
  EXPECT_NE(shown.out.find("Attempt 1 on "), std::string::npos) << shown.out;
  EXPECT_EQ(here_.moot({"inbox", "mend", chair, "--input", here_.config().string()}).exit_code, 2);
  const Ended retried = here_.moot({"inbox", "retry", chair});
  EXPECT_EQ(retried.exit_code, 0) << retried.err;
  ASSERT_EQ(kept().size(), 1u);
  EXPECT_EQ(text_of_mail(kept().at(0)).find("before"), std::string::npos);  // the server said that it did not take it
  EXPECT_EQ(here_.moot({"inbox", "drop", desk, "--reason", "Handed it over"}).exit_code, 2);
  EXPECT_EQ(here_.moot({"inbox", "drop", desk, "--reason", "handed-over"}).exit_code, 0);
  EXPECT_TRUE(inbox().empty());
  EXPECT_EQ(deliver(papers_).exit_code, 0);
  EXPECT_EQ(kept().size(), 1u);
}

TEST_F(Delivery, TriesAgainByItselfWhatTheServerDoesNotTakeNow) {
  mode("busy");
  const auto busy = mails_in(deliver(papers_));
  EXPECT_EQ(busy.at("chair").at("reason").as_string(), "refused-for-now");
  EXPECT_TRUE(inbox().empty());
  stop_server();
  const auto away = mails_in(deliver(papers_));
  EXPECT_EQ(away.at("chair").at("reason").as_string(), "unreachable");
  EXPECT_EQ(away.at("chair").at("attempt").as_int64(), 2);
  for (int i = 3; i <= 5; ++i) (void)deliver(papers_);
  EXPECT_EQ(inbox().size(), 2u);      // five attempts are the most
  EXPECT_EQ(documents().size(), 2u);  // of the one copy each
}

TEST_F(Delivery, SaysSoInAMailThatMayArriveTwice) {
  for (const std::string how : {"keep-drop", "keep-stall"}) {
    SCOPED_TRACE(how);
    const Words papers = {"tasking", "--on", how == "keep-drop" ? "2024-02-06" : "2024-02-13"};
    const std::size_t before = kept().size();
    mode(how);
    const auto mails = mails_in(deliver(papers));
    EXPECT_EQ(mails.at("chair").at("reason").as_string(), "not-confirmed");
    mode("take");
    EXPECT_EQ(mails_in(deliver(papers)).at("chair").at("state").as_string(), "sent");
    ASSERT_EQ(kept().size(), before + 4);
    const std::string first = kept().at(before), second = kept().at(before + 2);
    EXPECT_EQ(head_of_mail(first, "Message-ID"), head_of_mail(second, "Message-ID"));
    EXPECT_EQ(text_of_mail(first).find("You may have had"), std::string::npos);
    EXPECT_NE(text_of_mail(second).find("You may have had this message before"), std::string::npos);
  }
  mode("drop");  // nothing kept: what follows has the sentence all the same, because nobody can tell
  (void)deliver({"tasking", "--on", "2024-02-20"});
  mode("take");
  (void)deliver({"tasking", "--on", "2024-02-20"});
  EXPECT_NE(text_of_mail(kept().back()).find("You may have had this message before"), std::string::npos);
}

TEST_F(Delivery, TellsOfRecipientsItCannotReach) {
  write_mailings("",
                 "[[recipient]]\nid = \"chair\"\nrole = \"Chair\"\nagency = \"harbour-council\"\n"
                 "[[recipient]]\nid = \"gone\"\nrole = \"Officer\"\nagency = \"fell-trust\"\n"
                 "email = \"officer@trust.example\"\n"
                 "[[mailing]]\nboard = \"tasking\"\nwhat = \"papers\"\nto = [\"chair\", \"gone\"]\n"
                 "starts = 2024-01-01\n");
  const auto mails = mails_in(deliver(papers_));
  EXPECT_EQ(mails.at("chair").at("reason").as_string(), "no-address");
  EXPECT_EQ(mails.at("gone").at("reason").as_string(), "not-an-agency");
  EXPECT_TRUE(kept().empty());
  EXPECT_TRUE(documents().empty());  // no copy for whom nothing is sent to
  const json::array waits = inbox();
  ASSERT_EQ(waits.size(), 2u);
  send_papers();  // an address for the chair; the other is named no more
  const Ended retried = here_.moot({"inbox", "retry", "--all", "--json"});
  EXPECT_EQ(retried.exit_code, 1);
  EXPECT_EQ(json_of(retried.out).at("taken").as_int64(), 1) << retried.err;
  EXPECT_NE(retried.err.find("no more; drop it"), std::string::npos) << retried.err;
}

// Killed at any moment: whoever goes on afterwards sends what may not have gone, and says so.
TEST_F(Delivery, LosesNothingAndRepeatsNothingSilentlyWhenKilled) {
  send_papers("attempts = 20\n");
  mode("keep-stall");  // the mail has arrived, and the program does not know yet
  {
    const std::unique_ptr<Process> delivering = here_.start({"deliver", "tasking", "--on", "2024-02-06"});
    wait_for_mails(1, *delivering);
    delivering->kill();
  }
  mode("take");
  const Ended at_once = deliver(papers_);
  EXPECT_EQ(mails_in(at_once).at("chair").at("state").as_string(), "under-way") << at_once.err;
  for (int round = 0; round < (std::getenv("MOOT_LONG") != nullptr ? 40 : 6); ++round) {
    const std::unique_ptr<Process> delivering = here_.start({"deliver", "tasking", "--on", "2024-02-06"});
    std::this_thread::sleep_for(std::chrono::milliseconds(60 + 90 * round % 800));
    delivering->kill();
  }
  std::this_thread::sleep_for(std::chrono::seconds(8));
  const Ended last = deliver(papers_);
  EXPECT_EQ(last.exit_code, 0) << last.out << last.err;
  std::map<std::string, int> mails;
  for (const std::string& mail : kept()) {
    const bool repeated = mails[head_of_mail(mail, "X-Rcpt-To")]++ > 0;
    const bool says_so = text_of_mail(mail).find("You may have had this message before") != std::string::npos;
    EXPECT_TRUE(says_so || !repeated) << mail;
  }
  EXPECT_GE(mails["chair@council.example"], 2);
  EXPECT_GE(mails["desk@fire.example"], 1);
  EXPECT_TRUE(inbox().empty());
}

// Whoever puts the attempt on record first sends it.
TEST_F(Delivery, SendsOnceWhenTwoProgramsSendAtOnce) {
  const std::unique_ptr<Process> broker = here_.start_broker();
  for (const char* on : {"2024-02-06", "2024-02-13", "2024-02-20"}) {
    SCOPED_TRACE(on);
    const std::size_t before = kept().size();
    mode("busy");  // the copies are issued by now, so that the attempt alone can tell the two apart
    EXPECT_EQ(deliver({"tasking", "--on", on}).exit_code, 1);
    mode("take");
    const std::unique_ptr<Process> one = here_.start({"deliver", "tasking", "--on", on});
    const std::unique_ptr<Process> other = here_.start({"deliver", "tasking", "--on", on});
    EXPECT_TRUE(one->wait(std::chrono::seconds(60)) && other->wait(std::chrono::seconds(60)));
    EXPECT_EQ(deliver({"tasking", "--on", on}).exit_code, 0);
    EXPECT_EQ(kept().size(), before + 2) << one->out() << one->err() << other->out() << other->err();
  }
}

class DeliveryOverTls : public Delivery {
 protected:
  void SetUp() override {
    Delivery::SetUp();
    const Ended made =
        run({"/usr/bin/env", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
             (folder_ / "key.pem").string(), "-out", (folder_ / "cert.pem").string()});
    if (made.exit_code != 0) GTEST_SKIP() << "there is no openssl to make a certificate with";
  }
  std::string trusting(const std::string& encryption) const {
    return "server = \"localhost\"\nencryption = \"" + encryption + "\"\ncertificates = \"" +
           (folder_ / "cert.pem").string() + "\"\n";
  }
  void start(const std::string& kind) {
    start_server(
        {"--tls", kind, (folder_ / "cert.pem").string(), (folder_ / "key.pem").string(), "--user", "moot", "right"});
  }
};

TEST_F(DeliveryOverTls, EncryptsAndSignsIn) {
  for (const std::string kind : {"starttls", "tls"}) {
    SCOPED_TRACE(kind);
    start(kind == "tls" ? "smtps" : kind);
    const std::string user = "user = \"moot\"\npassword_file = \"" + (folder_ / "password").string() + "\"\n";
    const Words papers = {"tasking", "--on", kind == "tls" ? "2024-02-13" : "2024-02-06"};
    write_text(folder_ / "password", "wrong\n");
    send_papers(trusting(kind) + user);
    EXPECT_EQ(mails_in(deliver(papers)).at("chair").at("reason").as_string(), "login-refused");
    write_text(folder_ / "password", "right\n");
    const Ended retried = here_.moot({"inbox", "retry", "--all"});
    EXPECT_EQ(retried.exit_code, 0) << retried.err;
    ASSERT_FALSE(kept().empty());
    EXPECT_EQ(head_of_mail(kept().back(), "X-Tls"), "True");
    fs::remove_all(mail_);
    fs::create_directories(mail_);
  }
}

TEST_F(DeliveryOverTls, DoesNotTrustWhoeverAnswers) {
  const auto reason = [&](const std::string& mail, const std::string& on) {
    send_papers(mail);
    return std::string(mails_in(deliver({"tasking", "--on", on})).at("chair").at("reason").as_string());
  };
  // A server without encryption.
  EXPECT_EQ(reason(trusting("starttls"), "2024-02-06"), "not-trusted");
  start("starttls");
  // A certificate that nobody vouches for, and one of another name.
  EXPECT_EQ(reason("server = \"localhost\"\nencryption = \"starttls\"\n", "2024-02-13"), "not-trusted");
  std::string other_name = trusting("starttls");
  other_name.replace(other_name.find("localhost"), 9, "127.0.0.1");
  EXPECT_EQ(reason(other_name, "2024-02-20"), "not-trusted");
  EXPECT_TRUE(kept().empty());
}

// --- by itself -----------------------------------------------------------------------------------------------------

class ScheduledDelivery : public Delivery {
 protected:
  void SetUp() override {
    Delivery::SetUp();
    // A board that meets every week: the papers of its next meeting are due, whatever day the test runs on.
    std::string board = read_text(here_.config().parent_path() / "rules/tasking.toml");
    board.insert(board.find("subject_roles"),
                 "cadence = { every = \"week\", weekday = \"tuesday\", papers_working_days = 5 }\n");
    write_text(here_.config().parent_path() / "rules/tasking.toml", board);
    const std::string today = to_iso(local_date(SystemClock().now()));
    write_mailings("",
                   "[[recipient]]\nid = \"chair\"\nrole = \"Chair\"\nagency = \"harbour-council\"\n"
                   "email = \"chair@council.example\"\n"
                   "[[mailing]]\nboard = \"tasking\"\nwhat = \"papers\"\nto = [\"chair\"]\nat = \"00:00\"\nstarts = " +
                       today + "\n");
  }
};

TEST_F(ScheduledDelivery, GoesOutWhileThePartnershipRuns) {
  const std::unique_ptr<Process> up = here_.start({"up"});
  wait_for_mails(1, *up);
  up->signal(SIGTERM);
  EXPECT_EQ(up->wait(std::chrono::seconds(30)), 0) << up->err();
  EXPECT_TRUE(documents().at(0).at("sent").is_string());
  const std::size_t sent = kept().size();  // two, on the day of a meeting
  EXPECT_EQ(deliver().exit_code, 0);
  EXPECT_EQ(kept().size(), sent);
}

TEST_F(ScheduledDelivery, StallsNothingElseAndGoesOnAfterAKill) {
  mode("keep-stall");
  {
    const std::unique_ptr<Process> up = here_.start({"up"});
    wait_for_mails(1, *up);
    EXPECT_EQ(here_.moot({"status"}).exit_code, 0);
    up->kill();
  }
  mode("take");
  std::this_thread::sleep_for(std::chrono::seconds(8));
  const std::unique_ptr<Process> up = here_.start({"up"});
  wait_for_mails(2, *up);
  EXPECT_NE(text_of_mail(kept().at(1)).find("You may have had this message before"), std::string::npos);
  up->signal(SIGTERM);
  EXPECT_EQ(up->wait(std::chrono::seconds(30)), 0) << up->err();
}

}  // namespace
}  // namespace moot
