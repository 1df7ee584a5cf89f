// Whose matter a record is: for whom something was asked, done or found out, by the roles in which it names people. A
// referral that names a victim and, as subject, the household next door was made for the victim; one that names a
// subject alone was made for the subject. Thread: pure functions.
#pragma once

#include "proto/event.pb.h"

namespace moot {

// Of the people named it is the matter of those whose role comes first in this order: victims, complainants, tenants
// and callers; subjects; whoever has another role; suspects, perpetrators and witnesses.
bool is_matter_of(const v1::Event& event, int person);

// The first of them; 0 where it names nobody.
int first_whose_matter(const v1::Event& event);

}  // namespace moot
