#include "consumers/report/predicate.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "broker/core/event_rules.h"
#include "consumers/report/codes.h"

namespace moot {
namespace {

using google::protobuf::FieldDescriptor;

const FieldDescriptor* field_of(const std::string& body, const std::string& field) {
  const FieldDescriptor* found = v1::Facts::descriptor()->FindFieldByName(body);
  return found == nullptr ? nullptr : found->message_type()->FindFieldByName(field);
}

bool holds(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool has_link(const v1::Event& event, const std::string& rel) {
  return std::any_of(event.envelope().links().begin(), event.envelope().links().end(),
                     [&](const v1::Link& link) { return link.rel() == rel; });
}

// Whatever its type: a text, a list of texts, true or false, or a whole number, as texts.
std::vector<std::string> texts_of(Definition& table, const std::string& name, const FieldDescriptor* field) {
  if (field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL)
    return {table.flag_or(name, false) ? "true" : "false"};
  if (field != nullptr && !field->is_repeated() && field->cpp_type() != FieldDescriptor::CPPTYPE_STRING)
    return {std::to_string(table.integer_or(name, 0, 0, 1'000'000'000))};
  if (const std::optional<std::string> one = table.text_if(name)) return {*one};
  return table.texts(name);
}

}  // namespace

Predicate Predicate::read(Definition& table, bool needs_type) {
  Predicate predicate;
  predicate.place_ = table.place();
  predicate.read_type(table, needs_type);
  predicate.rel_ = table.text_or("rel", "");
  if (!predicate.rel_.empty()) expect_codes(table, "rel", {predicate.rel_});
  predicate.read_values(table, predicate.values_);
  if (std::optional<Definition> without = table.table("not")) predicate.read_values(*without, predicate.not_);
  return predicate;
}

void Predicate::read_type(Definition& table, bool needed) {
  const std::optional<std::string> one = table.text_if("type");
  types_ = one ? std::vector<std::string>{*one} : table.texts("type");
  if (types_.empty() && needed)
    table.mistake("type", "is required: the bodies or stages counted, as [\"review.held\"]");
  for (const std::string& type : types_) {
    const std::string body = type.substr(0, type.find('.'));
    v1::Facts facts;
    const bool known = body == type ? v1::Facts::descriptor()->FindFieldByName(body) != nullptr
                                    : set_body_and_stage("uk.csp." + type + ".v1", facts).ok();
    if (!known)
      table.mistake("type", "expected a body, or a body and its stage, such as \"incident\", \"review.held\"");
    if (!holds(bodies_, body)) bodies_.push_back(body);
  }
}

void Predicate::read_values(Definition& table, Values& values) const {
  for (const std::string& name : table.keys()) {
    if (name == "type" || name == "rel" || name == "not") continue;
    const FieldDescriptor* field = nullptr;
    for (const std::string& body : bodies_)
      if (field == nullptr) field = field_of(body, name);
    const bool usable = field != nullptr && field->cpp_type() != FieldDescriptor::CPPTYPE_ENUM &&
                        field->cpp_type() != FieldDescriptor::CPPTYPE_DOUBLE;
    if (!is_common_name(name) && !usable) continue;  // finish() says that this is no key of the table
    values[name] = texts_of(table, name, is_common_name(name) ? nullptr : field);
    if (values[name].empty()) table.mistake(name, "expected at least one value");
    const bool any_text = name == "area" || name == "sex" || name == "source";  // by name; of people; with capitals
    if (!any_text) expect_codes(table, name, values[name]);
  }
}

std::vector<std::string> Predicate::values(const std::string& field) const {
  const auto found = values_.find(field);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

bool Predicate::is_of_body(v1::Facts::BodyCase body) const {
  return bodies_.empty() || std::find(bodies_.begin(), bodies_.end(), name_of_body(body)) != bodies_.end();
}

std::vector<v1::Facts::BodyCase> Predicate::bodies() const {
  std::vector<v1::Facts::BodyCase> bodies;
  for (const std::string& body : bodies_)
    if (const FieldDescriptor* field = v1::Facts::descriptor()->FindFieldByName(body))
      bodies.push_back(static_cast<v1::Facts::BodyCase>(field->number()));
  return bodies;
}

bool Predicate::has_field(const std::string& field) const {
  return is_common_name(field) || std::any_of(bodies_.begin(), bodies_.end(), [&](const std::string& body) {
           const FieldDescriptor* found = field_of(body, field);
           return found != nullptr && found->cpp_type() != FieldDescriptor::CPPTYPE_ENUM &&
                  found->cpp_type() != FieldDescriptor::CPPTYPE_DOUBLE;
         });
}

bool Predicate::is_list(const std::string& field) const {
  return !is_common_name(field) && std::any_of(bodies_.begin(), bodies_.end(), [&](const std::string& body) {
    const FieldDescriptor* found = field_of(body, field);
    return found != nullptr && found->is_repeated();
  });
}

bool Predicate::has_number(const std::string& field) const {
  return !bodies_.empty() && std::all_of(bodies_.begin(), bodies_.end(), [&](const std::string& body) {
    const FieldDescriptor* found = field_of(body, field);
    return found != nullptr && !found->is_repeated() && found->cpp_type() != FieldDescriptor::CPPTYPE_STRING &&
           found->cpp_type() != FieldDescriptor::CPPTYPE_BOOL && found->cpp_type() != FieldDescriptor::CPPTYPE_ENUM;
  });
}

bool Predicate::is_of_type(const v1::Facts& facts) const {
  if (!is_of_body(facts.body_case())) return false;  // most events end here, before a text is made
  const std::string body(body_name(facts));
  return types_.empty() || holds(types_, body) || holds(types_, body + "." + stage_name(facts));
}

std::string Predicate::words() const {
  std::string words = "type";
  const auto add = [&](const std::string& one) { words += "\x1f" + std::to_string(one.size()) + ":" + one; };
  for (const std::string& type : types_) add(type);
  add("rel " + rel_);
  for (const Values* values : {&values_, &not_}) {
    add(values == &not_ ? "not" : "where");
    for (const auto& [name, wanted] : *values) {
      add("= " + name);
      for (const std::string& one : wanted) add(one);
    }
  }
  return words;
}

bool Predicate::may_match(const v1::Facts& facts) const {
  if (!is_of_type(facts)) return false;
  const auto has_one = [&](const auto& named, bool otherwise) {
    if (is_common_name(named.first)) return otherwise;
    const std::vector<std::string> values = values_of_body(facts, named.first);
    return std::any_of(values.begin(), values.end(),
                       [&](const std::string& value) { return holds(named.second, value); });
  };
  return std::all_of(values_.begin(), values_.end(), [&](const auto& named) { return has_one(named, true); }) &&
         std::none_of(not_.begin(), not_.end(), [&](const auto& named) { return has_one(named, false); });
}

bool Predicate::matches(const v1::Event& event, const AreaNames& areas) const {
  if (!is_of_type(event.facts())) return false;
  if (!rel_.empty() && !has_link(event, rel_)) return false;
  const auto has_one = [&](const auto& named) {
    const std::string& name = named.first;
    const auto& wanted = named.second;
    const std::vector<std::string> values = values_of(event, name, areas);
    return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
      return holds(wanted, value) ||
             (name == "area" && std::any_of(wanted.begin(), wanted.end(),
                                            [&](const std::string& area) { return areas.code_of(area) == value; }));
    });
  };
  return std::all_of(values_.begin(), values_.end(), has_one) && std::none_of(not_.begin(), not_.end(), has_one);
}

}  // namespace moot
