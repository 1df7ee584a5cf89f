// The rows that the data of an agenda page is made of: an action, a case, a case that is not listed, a feed.
// Thread: pure functions.
#pragma once

#include <string>

#include "consumers/document/page_data.h"

namespace moot {

PageData item_row(const v1::AgendaItem& item, const std::string& number, const Partnership& partnership);
// The actions about one case. `elsewhere`: the number under which the case itself stands; empty = it does not.
PageData action_group(const v1::AgendaItem& item, const std::string& number, const std::string& elsewhere,
                      const Partnership& partnership);
// Sets "left_out", by name: cases that a section claims and a decision or a limit leaves out; and "not_claimed": how
// many cases each section looked at and did not claim, by reason and without names, for most were named in one report.
void add_not_listed(const v1::Agenda& agenda, PageData& page);
// Of an action. Who is none of the partnership's agencies is named by their code, and said to be none.
std::string owner_in_words(const std::string& owner, const Partnership& partnership);
PageData feed_rows(const v1::Agenda& agenda, const Partnership& partnership);

}  // namespace moot
