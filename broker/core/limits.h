// Every limit of the bus and of the language, by name, with its default (DESIGN §5).
#pragma once

#include <cstddef>

namespace moot {

struct Limits {
  std::size_t event_bytes_max = 64 * 1024;
  std::size_t field_characters_max = 4000;
  std::size_t people_max = 50;  // per event
  std::size_t places_max = 50;  // per event
  std::size_t texts_max = 20;   // per event
  std::size_t links_max = 50;   // per event
  std::size_t values_max = 20;  // in any other repeated field
  std::size_t message_bytes_max = 1024 * 1024;
  std::size_t message_events_max = 1000;
  std::size_t peers_bytes_max = 64 * 1024 * 1024;  // of a broker's memory: on its way to and from all its peers
  std::size_t csv_record_bytes_max = 1024 * 1024;
  std::size_t upload_bytes_max = 256 * 1024 * 1024;
};

}  // namespace moot
