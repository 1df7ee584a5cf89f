// How alike two spellings are. Letters are UTF-16 units, so that a Cyrillic letter counts as one letter.
// Thread: pure functions; nothing allocates. Texts longer than kLettersMax are compared by their beginnings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace moot {

inline constexpr std::size_t kLettersMax = 64;

// Insertions, deletions, replacements and swaps of neighbours that turn one into the other; `most` + 1 when more.
int edits_between(std::u16string_view a, std::u16string_view b, int most);

// Jaro-Winkler, in thousandths: 1000 = the same.
int jaro_winkler(std::u16string_view a, std::u16string_view b);

// What a name sounds like, by classes of consonants and its first letter; 0 for no letters. Equal for "Smith" and
// "Smyth", "Philip" and "Phillip", "Catherine" and "Katharine".
std::uint32_t sound_of(std::u16string_view name);

// A set of pairs of neighbouring letters, hashed into 64 bits: texts that have few in common are not alike.
std::uint64_t letter_pairs(std::u16string_view text);

std::u16string to_letters(std::string_view utf8);

}  // namespace moot
