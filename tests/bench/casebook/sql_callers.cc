#include "tests/bench/casebook/sql_callers.h"

#include <map>
#include <set>

#include "broker/core/event_rules.h"

namespace moot::bench {
namespace {

constexpr const char* kTables =
    "DROP TABLE IF EXISTS people, contacts, incidents;"
    "CREATE TABLE people (person bigint, name text, born text);"
    "CREATE TABLE contacts (person bigint, at timestamptz, channel text, category text, about_source text, about_id "
    "text);"
    "CREATE TABLE incidents (source text, id text, record text, revision int, at timestamptz, category text, withdrawn "
    "bool)";
constexpr const char* kNull = "\\N";  // in rows that are copied
constexpr const char* kIndexes =
    "CREATE INDEX ON people (person);"
    "CREATE INDEX ON contacts (at);"
    "CREATE INDEX ON contacts (person, at);"
    "CREATE INDEX ON incidents (at);"
    "CREATE INDEX ON incidents (source, record, revision);"
    "CREATE INDEX ON incidents (source, id);"
    "ANALYZE";
// Of a version i of an incident.
const std::string kIsLatest =
    "NOT EXISTS (SELECT 1 FROM incidents later WHERE later.source = i.source AND later.record = i.record AND "
    "(later.revision, later.at) > (i.revision, i.at))";
constexpr std::size_t kCopyBytes = 1 << 20;

// Rows of one table on their way in.
class Copy {
 public:
  Copy(TcpStreams& session, std::string table) : session_(session), table_(std::move(table)) {}
  void add(const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) rows_.append(i == 0 ? "" : "\t").append(row[i]);
    rows_.push_back('\n');
  }
  bool is_full() const { return rows_.size() > kCopyBytes; }
  Status send() {
    std::string request = query("COPY " + table_ + " FROM STDIN") + "d";
    put_u32(request, static_cast<std::uint32_t>(4 + rows_.size()));
    request += rows_ + "c";
    put_u32(request, 4);
    rows_.clear();
    return ask(session_, 0, request).status();
  }

 private:
  TcpStreams& session_;
  const std::string table_;
  std::string rows_;
};

std::string in_sql(const std::vector<std::string>& codes) {
  std::string list;
  for (const std::string& code : codes) list += (list.empty() ? "'" : ", '") + code + "'";
  return "(" + list + ")";
}

std::string in_sql(Instant instant) { return "timestamptz '" + to_rfc3339(instant) + "'"; }

std::string top_ten(const CallerRule& rule, Date on) {
  return "WITH calls AS (SELECT person, at, lag(at) OVER (PARTITION BY person ORDER BY at) AS before FROM contacts "
         "WHERE at >= " +
         in_sql(local_midnight(plus_days(on, -rule.window_days))) + " AND at < " + in_sql(local_midnight(on)) +
         " AND channel IN " + in_sql(rule.channels) + " AND (category IN " + in_sql(rule.categories) +
         " OR (about_id IS NOT NULL AND EXISTS (SELECT 1 FROM incidents one JOIN incidents i ON i.source = one.source "
         "AND i.record = one.record "
         "WHERE one.source = about_source AND one.id = about_id AND i.category IN " +
         in_sql(rule.categories) + " AND NOT i.withdrawn AND " + kIsLatest +
         ")))), counted AS (SELECT person, count(*) AS calls, count(*) FILTER (WHERE before IS NULL OR at - before >= "
         "interval '" +
         std::to_string(rule.episode_hours) +
         " hours') AS episodes FROM calls GROUP BY person), ranked AS (SELECT *, rank() OVER (ORDER BY episodes DESC, "
         "calls DESC) AS place FROM counted) SELECT place, name, born, calls, episodes FROM ranked JOIN people USING "
         "(person) WHERE place <= " +
         std::to_string(rule.top) + " AND episodes >= " + std::to_string(rule.episodes_min);
}

std::string within(const Period& year) {
  return "at >= " + in_sql(local_midnight(year.from)) + " AND at < " + in_sql(local_midnight(year.to));
}

Status differ(const std::string& what) { return Status(Code::kCorrupt, "PostgreSQL and Moot differ: " + what); }

}  // namespace

Status SqlCallers::start() {
  MOOT_RETURN_IF_ERROR(server_.start());
  Result<std::unique_ptr<TcpStreams>> session = server_.sessions(1);
  if (!session.ok()) return session.status();
  session_ = std::move(*session);
  return {};
}

Status SqlCallers::load(const MadeUpHistory& history, std::uint64_t events, SqlCost& cost) {
  const Watch watch;
  MOOT_RETURN_IF_ERROR(ask(*session_, 0, query(kTables)).status());
  Copy people(*session_, "people"), contacts(*session_, "contacts"), incidents(*session_, "incidents");
  std::set<std::string> known;
  for (std::uint64_t i = 0; i < events; ++i) {
    const v1::Event event = history.event(i);
    const v1::Envelope& envelope = event.envelope();
    const std::string at = to_rfc3339(from_proto(envelope.time()));
    if (event.facts().has_contact()) {
      const v1::Person& who = event.personal().people(0);
      const std::string number = who.reference().substr(2);
      const bool about = envelope.links_size() > 0;
      contacts.add({number, at, event.facts().contact().channel(), event.facts().contact().category(),
                    about ? envelope.links(0).source() : kNull, about ? envelope.links(0).id() : kNull});
      if (known.insert(number).second)
        people.add({number, who.names(0).given() + " " + who.names(0).family(), who.born()});
    } else if (event.facts().has_incident()) {
      incidents.add({envelope.source(), envelope.id(), record_of(envelope), std::to_string(envelope.revision()), at,
                     event.facts().incident().category(), stage_name(event.facts()) == "withdrawn" ? "t" : "f"});
    }
    for (Copy* copy : {&people, &contacts, &incidents})
      if (copy->is_full()) MOOT_RETURN_IF_ERROR(copy->send());
  }
  for (Copy* copy : {&people, &contacts, &incidents}) MOOT_RETURN_IF_ERROR(copy->send());
  MOOT_RETURN_IF_ERROR(ask(*session_, 0, query(kIndexes)).status());
  cost.loading = watch.spent();
  return {};
}

Status SqlCallers::compare_callers(const CasebookMeasure& moot, SqlCost& cost) {
  const Watch watch;
  const auto rows = rows_of(*session_, top_ten(moot.rule(), moot.on()));
  cost.callers.push_back(watch.spent().wall);
  if (!rows.ok()) return rows.status();
  std::set<PostgresRow> ours;
  for (const v1::Caller& caller : moot.callers().callers())
    ours.insert({std::to_string(caller.rank()), caller.name(), caller.born(), std::to_string(caller.calls()),
                 std::to_string(caller.episodes())});
  std::set<PostgresRow> theirs(rows->begin(), rows->end());
  if (theirs == ours) return {};
  std::string told = "the top ten";
  for (const std::set<PostgresRow>* side : {&theirs, &ours})
    for (const PostgresRow& row : *side) {
      told += side == &theirs ? "; SQL" : "; Moot";
      for (const std::string& cell : row) told += " " + cell;
    }
  return differ(told);
}

Status SqlCallers::compare_measures(const CasebookMeasure& moot, SqlCost& cost) {
  const std::string calls = "SELECT channel, count(*) FROM contacts WHERE " + within(moot.year()) + " GROUP BY channel";
  const std::string incidents = "SELECT category, count(*) FROM incidents i WHERE " + within(moot.year()) +
                                " AND NOT withdrawn AND " + kIsLatest + " GROUP BY category";
  const Watch watch;
  const auto by_channel = rows_of(*session_, calls);
  const auto by_category = rows_of(*session_, incidents);
  cost.measures.push_back(watch.spent().wall);
  if (!by_channel.ok()) return by_channel.status();
  if (!by_category.ok()) return by_category.status();
  const auto counts = [](const std::vector<PostgresRow>& rows) {
    std::map<std::string, double> counted;
    for (const PostgresRow& row : rows) counted[row[0]] = std::stod(row[1]);
    return counted;
  };
  if (by_channel->empty() || by_category->empty() || moot.report().lines.size() != 2)
    return differ("nothing to compare: the measures");
  for (const ReportLine& line : moot.report().lines) {
    std::map<std::string, double> ours;
    for (const FigurePart& part : line.figure.parts) ours[part.key] = part.value.value_or(-1);
    if (ours != counts(line.id == "calls" ? *by_channel : *by_category)) return differ("the measure " + line.id);
  }
  return {};
}

Status SqlCallers::compare(const CasebookMeasure& moot, int repetitions, SqlCost& cost) {
  for (int i = 0; i < repetitions; ++i) {
    MOOT_RETURN_IF_ERROR(compare_callers(moot, cost));
    MOOT_RETURN_IF_ERROR(compare_measures(moot, cost));
  }
  return {};
}

}  // namespace moot::bench
