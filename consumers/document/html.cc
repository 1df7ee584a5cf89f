#include "consumers/document/html.h"

#include "broker/core/status.h"
#include "consumers/document/page.h"
#include "consumers/document/page_data.h"
#include "consumers/document/render.h"

namespace moot {
std::string rendered_html(const std::string& page_template, const PageData& page) {
  kainjow::mustache::mustache view(page_template);
  MOOT_CHECK(view.is_valid());  // the templates are part of the program
  return view.render(page);
}

std::string to_html(const v1::CallerList& list, const Partnership& partnership) {
  return rendered_html(caller_list_page(), data_of(list, partnership));
}

std::string to_html(const v1::Agenda& agenda, const Partnership& partnership) {
  return rendered_html(agenda_page(), data_of(agenda, partnership));
}

}  // namespace moot
