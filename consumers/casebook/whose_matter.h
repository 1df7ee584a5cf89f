// Whose matter a record is: for whom something was asked, done or found out, by the roles in which it names people. A
// referral that names a victim and, as subject, the household next door was made for the victim; one that names a
// subject alone was made for the subject. Thread: pure functions.
#pragma once

#include "proto/event.pb.h"

namespace moot {

// Of an order it is the matter of those it is made against: subjects, perpetrators and suspects. Of a review, of those
// who ask for it: victims, tenants, complainants, callers and reporters. Of anything else, of victims and tenants;
// where it names none, of complainants, callers, reporters and subjects; else of whoever has another role; of suspects,
// perpetrators and witnesses where it names nobody else. Somebody of whom the role alone is told counts last.
bool is_matter_of(const v1::Event& event, int person);

// The first of them; 0 where it names nobody.
int first_whose_matter(const v1::Event& event);

}  // namespace moot
