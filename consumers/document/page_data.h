// A document as the values its page templates print: the same for HTML and for Markdown, so that both say the same.
// Dates are written out, agencies stand by name, and "not supplied" stands for what is missing. Nothing is escaped
// here. Thread: pure functions.
#pragma once

#include <kainjow/mustache.hpp>
#include <string>

#include "broker/core/partnership.h"
#include "proto/document.pb.h"

namespace moot {

using PageData = kainjow::mustache::data;

PageData data_of(const v1::CallerList& list, const Partnership& partnership);
PageData data_of(const v1::Agenda& agenda, const Partnership& partnership);

// What both pages are made of.
PageData empty_object();
PageData empty_list();
PageData yes_or_no(bool value);
// A section of a template is printed when its value is there and not false; an empty text is left out.
void set_if(PageData& page, const std::string& key, const std::string& text);
// Marking, partnership, notice.
PageData framed(const Partnership& partnership);
PageData rows_of_notes(const google::protobuf::RepeatedPtrField<std::string>& notes);
PageData rows_of_effects(const google::protobuf::RepeatedPtrField<v1::Intervention>& effects,
                         const Partnership& partnership);
// What agencies dated later than the document is as at, a sentence each.
PageData rows_of_feeds_ahead(const google::protobuf::RepeatedPtrField<v1::Feed>& feeds, const Partnership& partnership);
// The day of the instant that a document is as at, where that is earlier than the day it is for; else empty. Days of
// silence are counted to it (feeds.h).
std::string earlier_day_in_words(const std::string& on, const std::string& as_at);
// Who is silent beyond their rhythm, and since when, a sentence each. `earlier_day`: as above.
PageData rows_of_late_feeds(const google::protobuf::RepeatedPtrField<v1::Feed>& feeds, const std::string& earlier_day,
                            const Partnership& partnership);
// "jtm 2019-04-01; callers 2020-04-01": "jtm, as from 1 April 2019; callers, as from 1 April 2020".
std::string rules_in_words(const std::string& rules);
// "/police/calls 17, 18; /homes/cases 4": a source stands once for the ids that follow it.
std::string events_in_words(const google::protobuf::RepeatedPtrField<v1::EventRef>& events);
std::string instant_in_words(const std::string& rfc3339);
std::string loaded_later_in_words(int count);
std::string or_not_supplied(const std::string& text);

}  // namespace moot
