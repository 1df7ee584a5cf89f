#include "adapters/web_fetch.h"

#include <curl/curl.h>

#include <algorithm>

namespace moot {

namespace {

constexpr std::size_t kHeadBytesMax = 64 * 1024;
constexpr std::chrono::hours kRetryAfterMax{24};

struct Free {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, Free>;
using List = std::unique_ptr<curl_slist, Free>;

template <typename Value>
void set(const Handle& handle, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(handle.get(), option, value);
  MOOT_CHECK(code == CURLE_OK);
}

// What an answer is collected into. Taking less than was given ends the transfer.
struct Answer {
  std::string body;
  std::size_t bytes_max = 0;
  std::size_t head_bytes = 0;
  bool too_large = false;
};

std::size_t take_body(const char* bytes, std::size_t, std::size_t count, void* to) {
  Answer& answer = *static_cast<Answer*>(to);
  answer.too_large = answer.too_large || count > answer.bytes_max - answer.body.size();
  if (answer.too_large) return 0;
  answer.body.append(bytes, count);
  return count;
}

std::size_t take_head(const char*, std::size_t, std::size_t count, void* to) {
  Answer& answer = *static_cast<Answer*>(to);
  answer.head_bytes += count;
  answer.too_large = answer.too_large || answer.head_bytes > kHeadBytesMax;
  return answer.too_large ? 0 : count;
}

int ask_stop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return (*static_cast<const std::function<bool()>*>(stop))() ? 1 : 0;
}

Status failure_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return Status(Code::kUnavailable, "its name is not known");
    case CURLE_COULDNT_CONNECT:
      return Status(Code::kUnavailable, "it cannot be reached");
    case CURLE_OPERATION_TIMEDOUT:
      return Status(Code::kUnavailable, "it did not answer whole in time");
    case CURLE_ABORTED_BY_CALLBACK:
      return Status(Code::kUnavailable, "stopped when asked to");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
      return Status(Code::kNotAllowed, "its encryption cannot be trusted");
    case CURLE_SSL_CACERT_BADFILE:
      return Status(Code::kNotAllowed, "the file of certificates cannot be read");
    case CURLE_FILESIZE_EXCEEDED:
      return Status(Code::kTooLarge, "its answer is larger than is taken");
    default:
      return Status(Code::kUnavailable, "it broke off");
  }
}

Status refusal_of(long answer) {
  const std::string number = std::to_string(answer);
  if (answer >= 300 && answer < 400)
    return Status(Code::kUnreadable,
                  "it answers " + number + ", a redirect, which is not followed: url is to say where it leads");
  if (answer == 401 || answer == 403)
    return Status(Code::kNotAllowed, "it answers " + number + ": it wants another key, or none is sent");
  const bool later = answer >= 500 || answer == 408 || answer == 429;
  return Status(later ? Code::kUnavailable : Code::kUnreadable, "it answers " + number);
}

}  // namespace

struct WebFetch::Impl {
  std::function<bool()> stop;
  Handle handle;

  void prepare(const WebRequest& request, Answer& answer, const List& headers) const;
};

WebFetch::WebFetch(std::function<bool()> stop) : impl_(std::make_unique<Impl>()) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  MOOT_CHECK(ready == CURLE_OK);
  impl_->stop = std::move(stop);
  impl_->handle.reset(curl_easy_init());
  MOOT_CHECK(impl_->handle != nullptr);
}

WebFetch::~WebFetch() = default;

void WebFetch::Impl::prepare(const WebRequest& request, Answer& answer, const List& headers) const {
  curl_easy_reset(handle.get());  // its connection stays
  set(handle, CURLOPT_URL, request.url.c_str());
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_PROXY, "");
  set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(handle, CURLOPT_HTTP09_ALLOWED, 0L);
  set(handle, CURLOPT_USERAGENT, "Moot");
  set(handle, CURLOPT_HTTPHEADER, headers.get());
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_CONNECTTIMEOUT, static_cast<long>(std::min(request.connect_timeout, request.timeout).count()));
  set(handle, CURLOPT_TIMEOUT, static_cast<long>(request.timeout.count()));
  set(handle, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request.bytes_max));
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!request.certificates.empty()) set(handle, CURLOPT_CAINFO, request.certificates.c_str());
  set(handle, CURLOPT_NOPROGRESS, 0L);
  set(handle, CURLOPT_XFERINFOFUNCTION, ask_stop);
  set(handle, CURLOPT_XFERINFODATA, const_cast<std::function<bool()>*>(&stop));
  set(handle, CURLOPT_WRITEFUNCTION, take_body);
  set(handle, CURLOPT_WRITEDATA, &answer);
  set(handle, CURLOPT_HEADERFUNCTION, take_head);
  set(handle, CURLOPT_HEADERDATA, &answer);
}

Result<std::string> WebFetch::get(const WebRequest& request) {
  retry_after_ = std::chrono::seconds(0);
  Answer answer;
  answer.bytes_max = request.bytes_max;
  List headers;
  for (const std::string& header : request.headers) {
    curl_slist* longer = curl_slist_append(headers.get(), header.c_str());
    MOOT_CHECK(longer != nullptr);
    (void)headers.release();
    headers.reset(longer);
  }
  impl_->prepare(request, answer, headers);
  const CURLcode code = curl_easy_perform(impl_->handle.get());
  long number = 0;
  curl_off_t later = 0;
  curl_easy_getinfo(impl_->handle.get(), CURLINFO_RESPONSE_CODE, &number);
  curl_easy_getinfo(impl_->handle.get(), CURLINFO_RETRY_AFTER, &later);
  const std::chrono::seconds most = kRetryAfterMax;
  retry_after_ = std::chrono::seconds(std::clamp<curl_off_t>(later, 0, most.count()));
  if (code == CURLE_OK && number == 200) return std::move(answer.body);
  // Of an error's page nothing is wanted, however it ends.
  if (number >= 300) return refusal_of(number);
  if (answer.too_large) return failure_of(CURLE_FILESIZE_EXCEEDED);
  return code == CURLE_OK ? refusal_of(number) : failure_of(code);
}

}  // namespace moot
