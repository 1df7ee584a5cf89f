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

json::object request_of(const pugi::xml_node& node) {
  json::object request;
  for (const pugi::xml_node& element : node.children()) {
    if (element.type() != pugi::node_element ||
        element.find_child([](const pugi::xml_node& inner) { return inner.type() == pugi::node_element; }))
      continue;
    std::string text;  // however it is cut up: CDATA is ended and begun again within a text
    for (const pugi::xml_node& piece : element.children())
      if (piece.type() == pugi::node_pcdata || piece.type() == pugi::node_cdata) text += piece.value();
    request[element.name()] = text;
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
  if (std::string_view(root.name()) == "request") {
    requests.push_back(request_of(root));
    return requests;
  }
  // Older servers call the list by the name of its address.
  const std::string_view name = root.name();
  if (name != "service_requests" && name != "requests")
    return unreadable("expected <service_requests>, as GeoReport v2 has them");
  for (const pugi::xml_node& request : root.children("request")) requests.push_back(request_of(request));
  return requests;
}

}  // namespace moot
