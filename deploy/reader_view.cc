#include "deploy/reader_view.h"

#include "broker/data_folder.h"

namespace moot {

Result<std::unique_ptr<ReaderView>> ReaderView::open(Projection& projection, const Options& options,
                                                     const Reach& reach) {
  const Result<KeyFile> key = reach.key_of(options.as.empty() ? std::string(kCasebook) : options.as);
  if (!key.ok()) return key.status();
  const std::string log_id = read_log_id(options.data);
  // Each reader has a view of its own: what one may know must not reach another.
  const std::filesystem::path own = options.as.empty() ? "" : "of-" + options.as;
  auto reader = std::unique_ptr<ReaderView>(new ReaderView(*key));
  Result<std::unique_ptr<View>> view =
      View::open(projection, options.data / "views" / own, options.keys_folder() / "logs" / log_id / "views" / own,
                 log_id, options.purpose.empty() ? kMeetings : options.purpose);
  if (!view.ok()) return view.status();
  reader->view_ = std::move(*view);
  return reader;
}

Status ReaderView::catch_up(std::int64_t timeout_ms) {
  MOOT_RETURN_IF_ERROR(view_->catch_up(key_, timeout_ms));
  return save();
}

}  // namespace moot
