#include "adapters/police_uk_row.h"

#include <charconv>
#include <cmath>
#include <initializer_list>

#include "adapters/date_format.h"
#include "adapters/field_value.h"
#include "adapters/national_grid.h"
#include "adapters/police_uk_codes.h"
#include "broker/core/calendar.h"
#include "broker/core/event_rules.h"
#include "broker/core/instant.h"
#include "broker/core/text_form.h"

namespace moot {

namespace {

using Column = PoliceUkColumn;

constexpr std::size_t kDigestBytes = 10;  // 16 characters

// Texts with their lengths, so that no other texts make the same bytes.
std::string joined(std::initializer_list<std::string_view> texts) {
  std::string all;
  for (const std::string_view text : texts) {
    all += std::to_string(text.size()) + ":";
    all += text;
  }
  return all;
}

std::string shortest(double number) {
  char text[32];
  const std::to_chars_result end = std::to_chars(text, text + sizeof text, number);
  return {text, end.ptr};
}

// As the files themselves: six decimals, a tenth of a metre.
double rounded(double degrees) { return std::round(degrees * 1e6) / 1e6; }

struct Point {
  LatLon at;
  std::string as_told;  // the file's own two numbers, however it writes them
};

// Reads one row. The first refusal is kept; after it everything reads as not supplied, so that the code stays straight.
class RowReading {
 public:
  RowReading(const PoliceUkCells& cells, PoliceUkFile& file) : cells_(cells), file_(file) {}

  std::variant<v1::Event, Refusal> street();
  std::variant<v1::Event, Refusal> outcome();

 private:
  std::string_view cell(Column column) const { return cells_[static_cast<std::size_t>(column)]; }
  void refuse(Column column, Code code, std::string_view why);
  std::string_view required(Column column, std::string_view what);

  void read_envelope(std::string_view source);
  std::optional<double> number(Column column, std::string_view what);
  std::optional<Point> point();
  std::string place(v1::Personal& personal);
  std::string digest(std::string_view text) const;
  std::string ordinal(std::string_view text);
  std::variant<v1::Event, Refusal> event_with_ids(const std::string& record, const std::string& version);

  const PoliceUkCells& cells_;
  PoliceUkFile& file_;
  v1::Event event_;
  std::string month_;  // "2018-06"
  std::optional<Refusal> refusal_;
};

void RowReading::refuse(Column column, Code code, std::string_view why) {
  if (refusal_) return;
  const std::string name(name_of(column));
  refusal_ = Refusal{name, code, "column \"" + name + "\": " + std::string(why)};
}

std::string_view RowReading::required(Column column, std::string_view what) {
  if (cell(column).empty()) refuse(column, Code::kMissing, "is empty; it should hold " + std::string(what));
  return cell(column);
}

void RowReading::read_envelope(std::string_view source) {
  static const DateFormat kMonth = DateFormat::parse("%Y-%m").value();
  v1::Envelope& envelope = *event_.mutable_envelope();
  envelope.set_source(std::string(source));
  envelope.set_subject(std::string(cell(Column::kCrimeId)));
  envelope.set_regime("part-3");
  const std::string_view month = required(Column::kMonth, "the month");
  if (const std::optional<LocalTime> first = kMonth.read(month)) {
    *envelope.mutable_time() = to_proto(local_midnight(first->date));
    month_ = to_iso(first->date).substr(0, 7);
  } else {
    refuse(Column::kMonth, Code::kUnreadable, "not a month of the form 2018-06");
  }
  envelope.set_time_precision(v1::MONTH);
  // Scotland and Northern Ireland have codes of other forms.
  if (is_lsoa(cell(Column::kLsoaCode))) envelope.set_lsoa(std::string(cell(Column::kLsoaCode)));
  envelope.set_area(std::string(file_.mapping.area_of(cell(Column::kLsoaCode), cell(Column::kLsoaName))));
  if (file_.mapping.refuse_outside && envelope.area().empty())
    refuse(Column::kLsoaName, Code::kUnmapped,
           cell(Column::kLsoaName).empty() ? "is empty, and the mapping refuses rows that tell none of its areas"
                                           : "is in none of the mapping's areas, and it refuses rows outside them");
}

std::optional<double> RowReading::number(Column column, std::string_view what) {
  if (cell(column).empty()) return std::nullopt;
  const std::optional<double> read = read_decimal(cell(column));
  if (!read) refuse(column, Code::kUnreadable, "not a number of " + std::string(what));
  return read;
}

// Two zeros are how some exports write that there is no point.
std::optional<Point> RowReading::point() {
  const std::optional<double> longitude = number(Column::kLongitude, "degrees");
  const std::optional<double> latitude = number(Column::kLatitude, "degrees");
  if (longitude && latitude && (*longitude != 0 || *latitude != 0) && !is_in_united_kingdom({*latitude, *longitude}))
    refuse(Column::kLatitude, Code::kUnreadable, "not in the United Kingdom, together with \"Longitude\"");
  if (longitude && latitude && (*longitude != 0 || *latitude != 0))
    return Point{{rounded(*latitude), rounded(*longitude)}, joined({shortest(*latitude), shortest(*longitude)})};
  const std::optional<double> easting = number(Column::kEasting, "metres");
  const std::optional<double> northing = number(Column::kNorthing, "metres");
  if (!easting || !northing || (*easting == 0 && *northing == 0)) return std::nullopt;
  if (!is_on_grid({*easting, *northing})) {
    refuse(Column::kEasting, Code::kUnreadable, "not on the National Grid, together with \"Northing\"");
    return std::nullopt;
  }
  const LatLon at = wgs84_of({*easting, *northing});
  return Point{{rounded(at.latitude), rounded(at.longitude)}, joined({shortest(*easting), shortest(*northing)})};
}

// Where it happened; gives the same as a text.
std::string RowReading::place(v1::Personal& personal) {
  const std::string_view location = is_no_location(cell(Column::kLocation)) ? "" : cell(Column::kLocation);
  const std::optional<Point> at = point();
  if (location.empty() && !at) return "";
  v1::Place& place = *personal.add_places();
  place.set_role("scene");
  if (!location.empty()) place.mutable_address()->set_lines(std::string(location));
  if (at) {
    place.set_latitude(at->at.latitude);
    place.set_longitude(at->at.longitude);
  }
  return joined({location, at ? at->as_told : ""});
}

std::string RowReading::digest(std::string_view text) const {
  const Digest digest = keyed_digest(file_.id_secret, joined({event_.envelope().source(), text}));
  return to_base32({reinterpret_cast<const char*>(digest.data()), kDigestBytes});
}

// Which of the file's rows of that text it is. Only asked for rows that become events.
std::string RowReading::ordinal(std::string_view text) {
  if (refusal_) return "";
  const std::optional<std::uint32_t> ordinal = file_.ordinals.next(keyed_digest(file_.id_secret, text));
  if (ordinal) return std::to_string(*ordinal);
  refusal_ = Refusal{"", Code::kTooLarge,
                     "the file has too many different rows to tell equal ones apart; publish one month at a time"};
  return "";
}

std::variant<v1::Event, Refusal> RowReading::event_with_ids(const std::string& record, const std::string& version) {
  if (refusal_) return *refusal_;
  event_.mutable_envelope()->set_record(record);
  event_.mutable_envelope()->set_id(record + "/" + version);
  event_.mutable_envelope()->set_revision(event_.envelope().area().empty() ? 0 : 1);
  event_.mutable_envelope()->set_type(type_of(event_.facts()));
  return std::move(event_);
}

std::variant<v1::Event, Refusal> RowReading::street() {
  read_envelope(file_.street_source);
  const std::string_view crime_type = required(Column::kCrimeType, "the crime type");
  const std::string category(police_uk_category(crime_type));
  if (category.empty()) refuse(Column::kCrimeType, Code::kUnmapped, "holds a crime type that is not known");
  v1::Incident& incident = *event_.mutable_facts()->mutable_incident();
  incident.set_stage(v1::Incident::REPORTED);
  incident.set_category(category);
  v1::Personal personal;
  const std::string where = place(personal);
  const std::string_view context = cell(Column::kContext);
  if (!context.empty()) {
    v1::Text& text = *personal.add_texts();
    text.set_field("context");
    text.set_text(std::string(context));
  }
  if (personal.ByteSizeLong() > 0) *event_.mutable_personal() = std::move(personal);
  const v1::Envelope& envelope = event_.envelope();
  const std::string told = joined({month_, crime_type, where, envelope.lsoa(), context});
  // Whatever is taken from a row or its mapping must be in here: else a change of it would be a conflict.
  const std::string version = digest(joined({told, category, envelope.area()}));
  const std::string_view crime_id = cell(Column::kCrimeId);
  if (!crime_id.empty()) return event_with_ids(std::string(crime_id), version);
  return event_with_ids(digest(told) + "-" + ordinal(told), version);
}

std::variant<v1::Event, Refusal> RowReading::outcome() {
  read_envelope(file_.outcomes_source);
  const std::string crime_id(required(Column::kCrimeId, "the crime that it is the outcome of"));
  const PoliceUkOutcome* outcome = find_police_uk_outcome(required(Column::kOutcomeType, "the outcome"));
  if (outcome == nullptr) {
    refuse(Column::kOutcomeType, Code::kUnmapped, "holds an outcome that is not known");
    return *refusal_;
  }
  v1::Closure& closure = *event_.mutable_facts()->mutable_closure();
  closure.set_stage(outcome->is_final ? v1::Closure::RESOLVED : v1::Closure::ONGOING);
  closure.add_outcomes(std::string(outcome->code));
  v1::Link& link = *event_.mutable_envelope()->add_links();
  link.set_rel("about");
  link.set_source(file_.street_source);
  link.set_id(crime_id);
  const v1::Envelope& envelope = event_.envelope();
  const std::string record = crime_id + "/" + month_ + "/" + std::string(outcome->code);
  const std::string where = joined({envelope.lsoa(), envelope.area()});
  return event_with_ids(record + "-" + ordinal(joined({record, where})), digest(where));
}

}  // namespace

std::variant<v1::Event, Refusal> street_event(const PoliceUkCells& cells, PoliceUkFile& file) {
  return RowReading(cells, file).street();
}

std::variant<v1::Event, Refusal> outcome_event(const PoliceUkCells& cells, PoliceUkFile& file) {
  return RowReading(cells, file).outcome();
}

}  // namespace moot
