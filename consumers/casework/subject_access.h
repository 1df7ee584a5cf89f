// Everything that is held of a person, for their right of access: every version of every record that names them, their
// own part of it. Who else a record names is left out and counted; free text is given whole and may name others, which
// only a person can judge before it is handed over. Thread: pure functions.
#pragma once

#include <vector>

#include "consumers/casebook/casebook.h"

namespace moot {

struct HeldRecord {
  v1::Event event;    // with the person alone among its people
  int others = 0;     // people it names beside
  bool has_text = false;
  bool current = false;  // what holds now; else an earlier version
};

// By time, then source, then id. `person`: in cases.persons().
std::vector<HeldRecord> held_of(const Casebook& casebook, const CaseSet& cases, std::size_t person);

}  // namespace moot
