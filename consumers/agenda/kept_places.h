// The places that one section of an agenda looks at: where incidents happened in 12 months, how many lately, and what
// they score. Kept with the set of cases (consumers/casebook/kept.h): after a change a place is looked at again where
// an incident of it changed, or a record that one of them links to.
// Thread: that of the casebook.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "consumers/agenda/agenda_input.h"
#include "consumers/casebook/kept.h"

namespace moot {

// In the section's window, and in 12 months, which its score looks at.
struct PlaceIncidents {
  std::vector<Occurrence> all, lately;
};

struct AtPlace {
  std::vector<std::uint32_t> records;  // positions of incidents, in no order
  std::string id;                      // of the case; empty = not looked at yet
  std::size_t lately = 0;              // incidents in the section's window
  int score = 0;                       // where the section claims it
};

class KeptPlaces : public Kept {
 public:
  static std::shared_ptr<const KeptPlaces> of(const AgendaInput& input, const Section& section);

  const std::map<std::string, AtPlace>& all() const { return places_; }  // by their normal form
  static PlaceIncidents incidents_of(const AgendaInput& input, const Section& section, const AtPlace& place);
  // As its agencies write it most; of equals the first by text.
  static std::string title_of(const AgendaInput& input, const Section& section, const std::string& key,
                              const AtPlace& place);

  void changed(const SetChange& change) override;
  std::size_t bytes() const override;

 private:
  void work_out(const AgendaInput& input, const Section& section);
  void take(const AgendaInput& input, const Section& section, std::uint32_t record);
  void look_at(const AgendaInput& input, const Section& section, const std::string& key);

  std::map<std::string, AtPlace> places_;
  std::unordered_map<std::uint32_t, std::vector<std::string>> places_of_;  // by record
  std::vector<std::uint32_t> records_unknown_;
  std::vector<std::string> places_unknown_;
  bool all_unknown_ = true;
  Dependents<std::string> looked_up_;  // places
};

// What a section of places says of one, before the points.
std::string incidents_in_words(const Section& section, std::size_t lately);

}  // namespace moot
