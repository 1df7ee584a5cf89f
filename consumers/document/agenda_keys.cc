#include "consumers/document/agenda_keys.h"

#include <algorithm>
#include <map>

namespace moot {

std::string agenda_key_in_words(const std::string& key) {
  static const std::map<std::string, std::string> kWords = {
      {"title", "its title"},
      {"name", "its title"},
      {"actions", "its actions"},
      {"decisions", "what was decided"},
      {"pinned", "the chair's pin"},
      {"due", "when it is due"},
      {"state", "its state"},
      {"clock", "the rule"},
      {"interventions", "calls before and after what was done"},
      {"noted_because", "why it is only noted"},
      {"sections", "notes of a section, or what stands in another as well"},
      {"feeds", "what the agencies have sent"},
      {"notes", "notes"},
      {"loaded_later", "how many events were loaded later"},
      {"last_meeting", "the meeting before this one"},
      {"next_meeting", "the next meeting"},
      {"next_meeting_moved_from", "the day that the next meeting was moved from"},
      {"moved_from", "the day that this meeting was moved from"},
      {"papers_by", "the last day for papers"},
      {"copy", "which copy it is"},
      {"not_listed_more", "how many cases are neither listed nor named as not listed"}};
  const auto found = kWords.find(key);
  if (found != kWords.end()) return found->second;
  std::string words = key;
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

}  // namespace moot
