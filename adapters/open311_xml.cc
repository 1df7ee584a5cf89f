#include "adapters/open311_xml.h"

#include <boost/json.hpp>

#include <pugixml.hpp>

#include "adapters/encoding.h"

namespace moot {

namespace {

namespace json = boost::json;

constexpr int kDepthMax = 16;

Status unreadable(std::string why) { return Status(Code::kUnreadable, std::move(why)); }

class TooDeep final : public pugi::xml_tree_walker {
 public:
  bool for_each(pugi::xml_node&) override {
    found = found || depth() >= kDepthMax;
    return !found;
  }
  bool found = false;
};

// Whatever the prefix of its namespace: the standard has none, and some servers put one.
std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  return name.substr(name.rfind(':') + 1);  // npos + 1 = 0
}

json::object request_of(const pugi::xml_node& node) {
  json::object request;
  for (const pugi::xml_node& element : node.children()) {
    if (element.type() != pugi::node_element ||
        element.find_child([](const pugi::xml_node& inner) { return inner.type() == pugi::node_element; }))
      continue;
    std::string text;  // however it is cut up: CDATA is ended and begun again within a text
    for (const pugi::xml_node& piece : element.children())
      if (piece.type() == pugi::node_pcdata || piece.type() == pugi::node_cdata) text += piece.value();
    // Another namespace's word for it is an addition of the server's.
    if (local_name(element) == element.name() || !request.contains(local_name(element)))
      request[local_name(element)] = text;
  }
  return request;
}

}  // namespace

Result<json::array> open311_requests_in_xml(std::string_view body) {
  if (!is_utf8(body)) return unreadable("not text in UTF-8");
  pugi::xml_document document;
  const pugi::xml_parse_result parsed =
      document.load_buffer(body.data(), body.size(), pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
  if (!parsed) return unreadable("not XML: wrong at byte " + std::to_string(parsed.offset + 1));
  for (const pugi::xml_node& node : document.children())
    if (node.type() == pugi::node_doctype) return unreadable("has a document type, which is not taken: leave it out");
  TooDeep too_deep;
  document.traverse(too_deep);
  if (too_deep.found) return unreadable("has elements inside elements, too deep");
  const pugi::xml_node root = document.document_element();
  json::array requests;
  const std::string_view name = local_name(root);
  if (name == "request") {
    requests.push_back(request_of(root));
    return requests;
  }
  // Older servers call the list by the name of its address.
  if (name != "service_requests" && name != "requests")
    return unreadable("expected <service_requests>, as GeoReport v2 has them");
  for (const pugi::xml_node& request : root.children())
    if (local_name(request) == "request") requests.push_back(request_of(request));
  return requests;
}

}  // namespace moot
