#include "consumers/casebook/kept.h"

#include <functional>
#include <string>

namespace moot {
namespace {

std::uint64_t digest_of(std::string words, std::string_view source, std::string_view id) {
  words += std::to_string(source.size()) + " ";
  words += source;
  words += id;
  return std::hash<std::string>()(words);
}

}  // namespace

std::uint64_t digest_of_id(std::string_view source, std::string_view id) { return digest_of("id ", source, id); }

std::uint64_t digest_of_link_to(std::string_view source, std::string_view id) {
  return digest_of("link to ", source, id);
}

std::uint64_t digest_of_person(std::size_t position) {
  return std::hash<std::string>()("person " + std::to_string(position));
}

}  // namespace moot
