// libFuzzer: no bytes crash the readers of FHIR, iHub and Open311 (JSON and XML); what they make is text that protobuf
// takes, and every refusal has a sentence. The first byte says which of them reads the rest.
#include <cstdint>
#include <sstream>

#include "adapters/document_reader.h"
#include "adapters/fhir.h"
#include "adapters/ihub.h"
#include "adapters/open311.h"

namespace {

moot::DocumentParse parser_of(std::uint8_t kind, const moot::Publisher& publisher) {
  if (kind % 3 == 0)
    return [publisher](std::string_view text, auto& warnings) {
      return moot::read_fhir(text, publisher, moot::Limits(), warnings);
    };
  if (kind % 3 == 1)
    return [publisher](std::string_view text, auto&) { return moot::read_ihub(text, publisher, moot::Limits()); };
  return [publisher](std::string_view text, auto&) { return moot::read_open311(text, publisher, moot::Limits()); };
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const moot::Publisher publisher{moot::AgencyId::parse("fuzz").value(), moot::Key{}};
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto reader = moot::open_document(std::make_unique<std::istringstream>(text), "fuzz", "documents",
                                          parser_of(data[0], publisher));
  while (true) {
    const auto record = reader->next();
    if (!record.ok()) {
      MOOT_CHECK(!record.status().message().empty());
      break;
    }
    if (!record->has_value()) break;
    if (const auto* event = std::get_if<moot::v1::Event>(&(*record)->content))
      MOOT_CHECK(moot::v1::Event().ParseFromString(event->SerializeAsString()));
    else
      MOOT_CHECK(!std::get<moot::v1::RefusedInput>((*record)->content).reason().empty());
  }
  return 0;
}
