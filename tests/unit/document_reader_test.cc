// Files that are one document: read whole, up to a limit that is told before anything of them is taken.
#include "adapters/document_reader.h"

#include <gtest/gtest.h>

#include <sstream>

#include "adapters/ihub.h"

namespace moot {
namespace {

constexpr const char* kNoise = R"({"data": {"type": "incident", "id": "7", "attributes": {
  "incidentStartDateTime": "2021-03-02T09:05:00+00:00", "asbType": "noise"}}})";

// The ids of what is read, or the code of what is wrong with the file; "refused" for one that cannot be an event.
std::vector<std::string> taken_from(const std::string& file) {
  const Publisher publisher{AgencyId::parse("north-police").value(), Key{}};
  const std::unique_ptr<Reader> reader =
      open_document(std::make_unique<std::istringstream>(file), "incidents.json", "ihub",
                    [&](std::string_view text, auto&) { return read_ihub(text, publisher, Limits()); });
  std::vector<std::string> taken;
  while (true) {
    const auto record = reader->next();
    if (!record.ok()) return {std::string(code_name(record.status().code()))};
    if (!record->has_value()) return taken;
    const auto* event = std::get_if<v1::Event>(&(*record)->content);
    taken.push_back(event == nullptr ? "refused" : event->envelope().record());
  }
}

TEST(DocumentReader, TakesADocumentOfTheLargestSizeAndNoneThatIsLarger) {
  const std::string incident = kNoise;
  const std::string largest = std::string(kDocumentBytesMax - incident.size(), ' ') + incident;
  EXPECT_EQ(taken_from(largest), std::vector<std::string>{"7"});
  EXPECT_EQ(taken_from(" " + largest), std::vector<std::string>{"too-large"});
}

TEST(DocumentReader, TakesOneDocumentALineAndAMarkBeforeTheFirst) {
  std::string incident = kNoise;
  std::erase(incident, '\n');
  EXPECT_EQ(taken_from("\xef\xbb\xbf" + incident), std::vector<std::string>{"7"});
  EXPECT_EQ(taken_from(incident + "\n\n" + incident + "\r\n{\"data\":1}\n"),
            (std::vector<std::string>{"7", "7", "refused"}));
}

}  // namespace
}  // namespace moot
