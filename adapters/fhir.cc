#include "adapters/fhir.h"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "adapters/fhir_resource.h"
#include "adapters/json_document.h"
#include "adapters/record_version.h"
#include "broker/core/calendar.h"
#include "broker/core/event_rules.h"

namespace moot {

namespace {

namespace json = boost::json;

constexpr std::size_t kDepthMax = 64;

Status missing(std::string_view element) { return Status(Code::kMissing, std::string(element) + ": is required"); }

// What a resource type's status says; empty = it is not taken.
using Stages = std::map<std::string_view, std::string_view>;
const Stages kReferralStages = {{"active", "uk.csp.referral.made.v1"},
                                {"on-hold", "uk.csp.referral.made.v1"},
                                {"completed", "uk.csp.referral.completed.v1"},
                                {"revoked", "uk.csp.referral.withdrawn.v1"},
                                {"entered-in-error", "uk.csp.referral.withdrawn.v1"}};
const Stages kActionStages = {{"requested", "uk.csp.action.set.v1"},
                              {"received", "uk.csp.action.set.v1"},
                              {"accepted", "uk.csp.action.set.v1"},
                              {"ready", "uk.csp.action.set.v1"},
                              {"in-progress", "uk.csp.action.set.v1"},
                              {"on-hold", "uk.csp.action.set.v1"},
                              {"completed", "uk.csp.action.done.v1"},
                              {"rejected", "uk.csp.action.not-done.v1"},
                              {"failed", "uk.csp.action.not-done.v1"},
                              {"cancelled", "uk.csp.action.overtaken.v1"},
                              {"entered-in-error", "uk.csp.action.withdrawn.v1"}};

std::string names_of(const Stages& stages) {
  std::string names;
  for (const auto& [name, type] : stages) names += (names.empty() ? "" : ", ") + std::string(name);
  return names;
}

// "ServiceRequest/7" out of "ServiceRequest/7", "https://host/fhir/ServiceRequest/7" and the like; empty for others.
std::string local_reference(std::string_view reference, std::string_view type) {
  const std::string start = std::string(type) + "/";
  const std::size_t at = reference.rfind(start);
  if (at == std::string_view::npos || (at > 0 && reference[at - 1] != '/')) return "";
  const std::string_view rest = reference.substr(at);
  return std::string(rest.substr(0, rest.find('/', start.size())));
}

// "https://host/fhir/" of "https://host/fhir/Patient/7"; empty for what is no address.
std::string server_of(std::string_view address) {
  if (!address.starts_with("https://") && !address.starts_with("http://")) return "";
  address = address.substr(0, address.find("/_history/"));
  const std::size_t id = address.rfind('/');
  const std::size_t type = address.rfind('/', id - 1);
  return type == std::string_view::npos || type < 8 ? "" : std::string(address.substr(0, type + 1));
}

// Whether a reference of the resource at `url` is to another server than that resource's, or to one that nothing says
// is the same: its "Patient/7" is then somebody else than ours.
bool is_elsewhere(std::string_view reference, std::string_view url) {
  return reference.find("://") != std::string_view::npos && server_of(reference) != server_of(url);
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The version that an ETag names: 4 of W/"4".
std::optional<std::uint64_t> version_in(std::string_view etag) {
  const std::size_t first = etag.find('"'), last = etag.rfind('"');
  return first == last ? std::nullopt : whole_number(etag.substr(first + 1, last - first - 1));
}

// All resources of one body.
class FhirBody {
 public:
  FhirBody(const Publisher& publisher, const Limits& limits, std::vector<std::string>& warnings)
      : publisher_(publisher), limits_(limits), warnings_(warnings) {}

  Result<std::vector<RequestItem>> read(const json::object& root);

 private:
  void read_bundle(const json::object& bundle);
  void remember(const std::string& reference, const json::object& resource) {
    if (said(resource, "resourceType") == "Patient") patients_.emplace(reference, &resource);
  }
  void add(const json::object& resource, const std::string& url);
  Result<v1::Event> event_of(const json::object& json, const std::string& url) const;
  Status set_times(const FhirResource& resource, std::initializer_list<std::string_view> times,
                   v1::Envelope& envelope) const;
  const json::object* patient_at(const std::string& reference, const std::string& url) const;
  void set_person(const FhirResource& resource, std::string_view member, const std::string& url,
                  v1::Event& event) const;
  void set_links(const FhirResource& resource, std::string_view member, const std::string& url,
                 v1::Envelope& envelope) const;
  void read_referral(const FhirResource& resource, const std::string& url, v1::Event& event) const;
  Status read_action(const FhirResource& resource, const std::string& url, v1::Event& event) const;
  void add_deletion(const json::object& entry);
  Result<v1::Event> deletion_of(const json::object& entry) const;

  const Publisher& publisher_;
  const Limits& limits_;
  std::vector<std::string>& warnings_;
  std::optional<std::string> sent_;  // Bundle.timestamp
  bool several_servers_ = false;     // the Bundle's resources are of more than one
  std::map<std::string, const json::object*> patients_;
  std::vector<RequestItem> items_;
};

Status FhirBody::set_times(const FhirResource& resource, std::initializer_list<std::string_view> times,
                           v1::Envelope& envelope) const {
  for (const std::string_view name : times) {
    std::optional<std::string> text = resource.text(name);
    const json::object* period = resource.object("occurrencePeriod");
    if (name == "occurrencePeriod" && period != nullptr) text = said(*period, "start");
    if (!text) continue;
    const std::optional<FhirTime> time = read_fhir_time(*text);
    if (!time)
      return Status(Code::kInvalid, std::string(name) + ": expected a day, a month, or a time with its offset");
    *envelope.mutable_time() = to_proto(time->instant);
    envelope.set_time_precision(time->precision);
    break;
  }
  if (!envelope.has_time()) return missing(*times.begin());
  const json::object* meta = resource.object("meta");
  std::optional<std::string> known = meta == nullptr ? std::nullopt : said(*meta, "lastUpdated");
  if (!known) known = sent_;
  const std::optional<FhirTime> known_time = known ? read_fhir_time(*known) : std::nullopt;
  if (known && !known_time)
    return Status(Code::kInvalid, (known == sent_ ? std::string("Bundle.timestamp") : std::string("meta.lastUpdated")) +
                                      ": expected a time with its offset");
  if (known_time) *envelope.mutable_known_time() = to_proto(known_time->instant);
  const std::string version = meta == nullptr ? "" : said(*meta, "versionId").value_or("");
  const std::optional<std::uint64_t> number = whole_number(version);
  if (!known && version.empty())
    resource.warn(
        "a resource has neither meta.lastUpdated nor meta.versionId: which of its versions is newer cannot be "
        "told, and one that is as it was before is not stored again");
  // Some number all versions 1, some start anew when an id is used again: their time is what orders them.
  if (known_time || !number)
    envelope.set_revision(
        revision_at(from_proto(known_time ? envelope.known_time() : envelope.time()), number.value_or(0)));
  else
    envelope.set_revision(*number);
  return {};
}

// Among what came with it. A relative reference is to the server of the resource that makes it.
const json::object* FhirBody::patient_at(const std::string& reference, const std::string& url) const {
  const bool whole = reference.find("://") != std::string::npos || reference.starts_with("urn:");
  for (const std::string& name : {whole ? reference : server_of(url) + reference, reference,
                                  is_elsewhere(reference, url) ? "" : local_reference(reference, "Patient")})
    if (const auto found = patients_.find(name); found != patients_.end()) return found->second;
  return nullptr;
}

void FhirBody::set_person(const FhirResource& resource, std::string_view member, const std::string& url,
                          v1::Event& event) const {
  const json::object* named = resource.object(member);
  if (named == nullptr) return;
  const std::string reference = said(*named, "reference").value_or("");
  v1::Person person;
  const bool contained = reference.starts_with("#");
  const json::object* patient = contained ? nullptr : patient_at(reference, url);
  if (contained)
    for (const json::object* one : resource.objects("contained"))
      if (said(*one, "id") == reference.substr(1) && said(*one, "resourceType") == "Patient") patient = one;
  if (patient != nullptr) person = person_of_patient(FhirResource(*patient, warnings_), publisher_);
  if (patient == nullptr) person.set_reference(local_reference(reference, "Patient"));
  const json::object* identifier = object_in(*named, "identifier");
  if (std::string number = identifier == nullptr ? "" : national_number_of(*identifier, publisher_); !number.empty())
    person.set_reference(std::move(number));
  // A number that holds everywhere stays. Else: what is contained has its id within its resource alone, and another
  // server counts its patients by itself.
  if (person.reference().starts_with("Patient/")) {
    if (contained) person.set_reference(event.envelope().record() + reference);
    const bool whole = reference.find("://") != std::string::npos;
    const std::string server = server_of(whole ? reference : url);
    if ((is_elsewhere(reference, url) || several_servers_) && !server.empty())
      person.set_reference(server.substr(server.find("://") + 3) + person.reference());
  }
  if (patient == nullptr) {
    if (const auto display = said(*named, "display")) person.add_names()->set_full(*display);
    if (person.ByteSizeLong() == 0) return;
    person.set_role("subject");
  }
  *event.mutable_personal()->add_people() = std::move(person);
}

void FhirBody::set_links(const FhirResource& resource, std::string_view member, const std::string& url,
                         v1::Envelope& envelope) const {
  std::vector<const json::object*> named;
  if (member == "focus") {
    if (const json::object* focus = resource.object(member)) named.push_back(focus);
  } else {
    named = resource.objects(member);
  }
  for (const json::object* one : named) {
    const std::string whole = said(*one, "reference").value_or("");
    const std::string reference = local_reference(whole, "ServiceRequest");
    // Of a resource that comes alone nothing tells which server it is of.
    if (reference.empty() || (!server_of(url).empty() && is_elsewhere(whole, url))) continue;
    v1::Link& link = *envelope.add_links();
    link.set_rel("about");
    link.set_source(envelope.source());
    link.set_id(reference);
  }
}

void FhirBody::read_referral(const FhirResource& resource, const std::string& url, v1::Event& event) const {
  for (const json::object* category : resource.objects("category"))
    for (const json::object* coding : FhirResource(*category, warnings_).objects("coding"))
      if (const auto code = said(*coding, "code"); code && event.facts().referral().scheme().empty())
        event.mutable_facts()->mutable_referral()->set_scheme(as_code(*code));
  set_person(resource, "subject", url, event);
  set_links(resource, "basedOn", url, *event.mutable_envelope());
}

Status FhirBody::read_action(const FhirResource& resource, const std::string& url, v1::Event& event) const {
  v1::Action& action = *event.mutable_facts()->mutable_action();
  const std::optional<std::string> authored = resource.text("authoredOn");
  if (const std::optional<FhirTime> time = authored ? read_fhir_time(*authored) : std::nullopt;
      time && time->precision != v1::MONTH)
    action.set_set_on(to_iso(local_date(time->instant)));
  const json::object* restriction = resource.object("restriction");
  const json::object* period = restriction == nullptr ? nullptr : object_in(*restriction, "period");
  if (const std::optional<std::string> end = period == nullptr ? std::nullopt : said(*period, "end")) {
    const std::optional<FhirTime> time = read_fhir_time(*end);
    if (!time)
      return Status(Code::kInvalid, "restriction.period.end: expected a day, a month, or a time with its offset");
    const Date day = local_date(time->instant);
    action.set_due(to_iso(time->precision == v1::MONTH ? plus_days(plus_months(day, 1), -1) : day));
  }
  set_person(resource, "for", url, event);
  set_links(resource, "focus", url, *event.mutable_envelope());
  if (const auto description = resource.text("description")) {
    v1::Text& text = *event.mutable_personal()->add_texts();
    text.set_field("action");
    text.set_text(*description);
  }
  return {};
}

Result<v1::Event> FhirBody::event_of(const json::object& json, const std::string& url) const {
  const FhirResource resource(json, warnings_);
  const std::string type = resource.text("resourceType").value_or("");
  const bool is_task = type == "Task";
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_source("/" + publisher_.agency.value() + "/fhir");
  // In a message a resource may have no id but the address of its entry.
  const std::string id = resource.text("id").value_or(url.starts_with("urn:uuid:") ? url.substr(9) : "");
  if (id.empty()) return missing("id");
  envelope.set_record(type + "/" + id);
  envelope.set_subject(envelope.record());
  if (resource.text("doNotPerform") == "true")  // it turns the meaning of all the rest round
    return Status(Code::kUnmapped, "doNotPerform: is true, and a request that something is not done is no referral");
  const Stages& stages = is_task ? kActionStages : kReferralStages;
  const auto stage = stages.find(resource.text("status").value_or(""));
  if (stage == stages.end()) return Status(Code::kUnmapped, "status: expected one of " + names_of(stages));
  envelope.set_type(std::string(stage->second));
  MOOT_CHECK_OK(set_body_and_stage(envelope.type(), *event.mutable_facts()));
  if (is_task)
    MOOT_RETURN_IF_ERROR(set_times(resource, {"lastModified", "authoredOn"}, envelope));
  else
    MOOT_RETURN_IF_ERROR(set_times(resource, {"authoredOn", "occurrenceDateTime", "occurrencePeriod"}, envelope));
  if (is_task)
    MOOT_RETURN_IF_ERROR(read_action(resource, url, event));
  else
    read_referral(resource, url, event);
  envelope.set_id(envelope.record() + "/" + version_of(event, publisher_));
  return event;
}

void FhirBody::add(const json::object& resource, const std::string& url) {
  const std::size_t warned = warnings_.size();
  Result<v1::Event> event = event_of(resource, url);
  if (event.ok()) {
    items_.emplace_back(std::move(*event));
    return;
  }
  warnings_.resize(warned);  // they are of what is taken all the same, and this is not
  items_.emplace_back(
      refused_item(event.status(), json::serialize(resource).substr(0, limits_.event_bytes_max), "fhir"));
}

// "DELETE ServiceRequest/7", of a transaction or a history: that the sender has it no longer, as of the Bundle's time.
Result<v1::Event> FhirBody::deletion_of(const json::object& entry) const {
  const std::string url = said(*object_in(entry, "request"), "url").value_or("");
  const std::string referral = local_reference(url, "ServiceRequest"), task = local_reference(url, "Task");
  if ((referral.empty() && task.empty()) || url.find('?') != std::string::npos)
    return Status(Code::kUnmapped, "request: a DELETE is taken of a ServiceRequest or a Task, named by its id");
  const json::object* response = object_in(entry, "response");
  std::optional<std::string> at = response == nullptr ? std::nullopt : said(*response, "lastModified");
  if (!at) at = sent_;
  const std::optional<FhirTime> time = at ? read_fhir_time(*at) : std::nullopt;
  if (!at) return Status(Code::kMissing, "Bundle.timestamp: is required with a DELETE, which has no time of its own");
  if (!time) return Status(Code::kInvalid, "Bundle.timestamp: expected a time with its offset");
  v1::Event event;
  v1::Envelope& envelope = *event.mutable_envelope();
  envelope.set_source("/" + publisher_.agency.value() + "/fhir");
  envelope.set_record(referral.empty() ? task : referral);
  envelope.set_subject(envelope.record());
  envelope.set_type(referral.empty() ? "uk.csp.action.withdrawn.v1" : "uk.csp.referral.withdrawn.v1");
  MOOT_CHECK_OK(set_body_and_stage(envelope.type(), *event.mutable_facts()));
  *envelope.mutable_time() = to_proto(time->instant);
  envelope.set_time_precision(time->precision);
  *envelope.mutable_known_time() = envelope.time();
  const std::string etag = response == nullptr ? "" : said(*response, "etag").value_or("");
  // What a sender matches (request.ifMatch) is the version before; a deletion is after it.
  envelope.set_revision(revision_at(time->instant, version_in(etag).value_or(kLastVersion)));
  envelope.set_id(envelope.record() + "/" + version_of(event, publisher_));
  return event;
}

void FhirBody::add_deletion(const json::object& entry) {
  Result<v1::Event> event = deletion_of(entry);
  if (event.ok())
    items_.emplace_back(std::move(*event));
  else
    items_.emplace_back(
        refused_item(event.status(), json::serialize(entry).substr(0, limits_.event_bytes_max), "fhir"));
}

bool is_taken(const json::object& resource) {
  const std::optional<std::string> type = said(resource, "resourceType");
  return type == "ServiceRequest" || type == "Task";
}

void FhirBody::read_bundle(const json::object& bundle) {
  sent_ = said(bundle, "timestamp");
  std::vector<std::pair<const json::object*, std::string>> taken;
  std::set<std::string> servers;
  for (const json::object* entry : FhirResource(bundle, warnings_).objects("entry")) {
    const json::object* resource = object_in(*entry, "resource");
    const json::object* request = object_in(*entry, "request");
    if (request != nullptr && said(*request, "method") == "DELETE") {
      add_deletion(*entry);
      continue;
    }
    if (resource == nullptr) continue;
    const std::string url = said(*entry, "fullUrl").value_or("");
    servers.insert(server_of(url));
    if (!url.empty()) remember(url, *resource);
    if (const auto id = said(*resource, "id")) remember("Patient/" + *id, *resource);
    if (is_taken(*resource)) taken.emplace_back(resource, url);
  }
  servers.erase("");
  several_servers_ = servers.size() > 1;
  for (const auto& [resource, url] : taken) add(*resource, url);
  if (items_.empty())
    items_.emplace_back(refused_item(
        Status(Code::kUnmapped, "the Bundle has no ServiceRequest and no Task; nothing else says what happened"),
        json::serialize(bundle).substr(0, limits_.event_bytes_max), "fhir"));
}

Result<std::vector<RequestItem>> FhirBody::read(const json::object& root) {
  const std::optional<std::string> type = said(root, "resourceType");
  if (!type) return Status(Code::kUnreadable, "not a FHIR resource: it has no resourceType");
  if (type == "Bundle") {
    read_bundle(root);
  } else if (is_taken(root)) {
    add(root, "");
  } else {
    const std::string why =
        type == "Patient" ? "a Patient alone says nothing that happened: send it in a Bundle, with what it is about"
                          : "expected a ServiceRequest, a Task or a Bundle of them";
    items_.emplace_back(refused_item(Status(Code::kUnmapped, "resourceType: " + why),
                                     json::serialize(root).substr(0, limits_.event_bytes_max), "fhir"));
  }
  return std::move(items_);
}

}  // namespace

Result<std::vector<RequestItem>> read_fhir(std::string_view body, const Publisher& publisher, const Limits& limits,
                                           std::vector<std::string>& warnings) {
  const Result<json::value> document = parse_json_document(body, kDepthMax);
  if (!document.ok()) return document.status();
  if (!document->is_object()) return Status(Code::kUnreadable, "not a FHIR resource: expected an object in braces");
  return FhirBody(publisher, limits, warnings).read(document->as_object());
}

}  // namespace moot
