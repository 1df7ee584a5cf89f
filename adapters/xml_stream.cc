#include "adapters/xml_stream.h"

#include <expat.h>

namespace moot {

namespace {

std::string_view local_name(const char* name) {
  const std::string_view whole(name);
  const std::size_t colon = whole.rfind(':');
  return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

}  // namespace

struct XmlStream::Impl {
  explicit Impl(XmlEvents given) : events(std::move(given)), parser(XML_ParserCreate(nullptr)) {
    MOOT_CHECK(parser != nullptr);
    XML_SetUserData(parser, this);
    XML_SetElementHandler(parser, &Impl::begin, &Impl::end);
    XML_SetCharacterDataHandler(parser, &Impl::text);
    XML_SetStartDoctypeDeclHandler(parser, &Impl::doctype);
  }
  ~Impl() { XML_ParserFree(parser); }
  Impl(const Impl&) = delete;

  static void begin(void* self, const char* name, const char** pairs) {
    Impl& impl = *static_cast<Impl*>(self);
    if (!impl.events.begin) return;
    impl.attributes.clear();
    for (; *pairs != nullptr; pairs += 2) impl.attributes.emplace_back(pairs[0], pairs[1]);
    impl.events.begin(local_name(name), impl.attributes);
  }
  static void end(void* self, const char* name) {
    const Impl& impl = *static_cast<Impl*>(self);
    if (impl.events.end) impl.events.end(local_name(name));
  }
  static void text(void* self, const char* bytes, int length) {
    const Impl& impl = *static_cast<Impl*>(self);
    if (impl.events.text) impl.events.text({bytes, static_cast<std::size_t>(length)});
  }
  static void doctype(void* self, const char*, const char*, const char*, int) {
    Impl& impl = *static_cast<Impl*>(self);
    impl.has_doctype = true;
    XML_StopParser(impl.parser, XML_FALSE);
  }

  const XmlEvents events;
  const XML_Parser parser;
  XmlAttributes attributes;
  bool has_doctype = false;
};

XmlStream::XmlStream(XmlEvents events) : impl_(std::make_unique<Impl>(std::move(events))) {}
XmlStream::~XmlStream() = default;

Status XmlStream::feed(std::string_view bytes, bool last) {
  if (XML_Parse(impl_->parser, bytes.data(), static_cast<int>(bytes.size()), last ? 1 : 0) == XML_STATUS_OK) return {};
  if (impl_->has_doctype) return Status(Code::kUnreadable, "its XML has a document type declaration");
  return Status(Code::kUnreadable,
                "line " + std::to_string(XML_GetCurrentLineNumber(impl_->parser)) + " of its XML is not well-formed");
}

Status parse_xml(std::string_view document, const XmlEvents& events) { return XmlStream(events).feed(document, true); }

}  // namespace moot
