// What a request's address and head are read as, and what is refused because it could be read in two ways.
#include <gtest/gtest.h>

#include "broker/http/http_address.h"
#include "broker/http/http_message.h"
#include "broker/http/request_head.h"

namespace moot {
namespace {

TEST(HttpTarget, IsDecodedIntoPathAndQuery) {
  const Result<HttpTarget> target = parse_target("/up%6Coad/a+b?mapping=a%20b+c&trial=1&empty");
  ASSERT_TRUE(target.ok()) << target.status().message();
  EXPECT_EQ(target->path, "/upload/a+b");
  EXPECT_EQ(target->query, (std::vector<HttpField>{{"mapping", "a b c"}, {"trial", "1"}, {"empty", ""}}));
  EXPECT_EQ(parse_target("http://elsewhere.example/events")->path, "/events");
  EXPECT_EQ(parse_target("/")->path, "/");
}

TEST(HttpTarget, IsRefusedWhereItCouldMeanAnotherPath) {
  for (const char* target :
       {"",       "events", "*",     "/../etc/passwd", "/a/../b",    "/a/./b", "/..",       "/%2e%2e/b",
        "/a%2fb", "//b",    "/a//b", "/a\\b",          "/a%5cb",     "/a%00b", "/a%0d%0ab", "/a%zz",
        "/a%4",   "/a%",    "/a#b",  "http://nowhere", "/a?x=1&x=2", "/a?x=%", "/a?x=%00"})
    EXPECT_EQ(parse_target(target).status().code(), Code::kBadRequest) << target;
}

RawHead raw(std::vector<HttpField> fields, int version = 11) { return {"POST", "/events", version, std::move(fields)}; }

TEST(HttpHead, HasItsFieldsInLowerCaseAndJoinsLists) {
  const Result<HttpHead> head = read_request_head(raw({{"Host", "x"}, {"Accept", "a"}, {"ACCEPT", "b"}}), "127.0.0.1");
  ASSERT_TRUE(head.ok()) << head.status().message();
  EXPECT_EQ(head->field("accept"), "a, b");
  EXPECT_EQ(head->field("content-type"), std::nullopt);
}

TEST(HttpHead, IsRefusedWhereItsEndOrItsSenderIsInDoubt) {
  const HttpField host = {"Host", "x"};
  EXPECT_FALSE(read_request_head(raw({}), "").ok()) << "no host";
  EXPECT_FALSE(read_request_head(raw({host, host}), "").ok()) << "two hosts";
  EXPECT_FALSE(read_request_head(raw({host, {"Content-Length", "3"}, {"Content-Length", "3"}}), "").ok());
  EXPECT_FALSE(read_request_head(raw({host, {"Content-Length", "3, 3"}}), "").ok());
  EXPECT_FALSE(read_request_head(raw({host, {"Content-Length", "+3"}}), "").ok());
  EXPECT_FALSE(read_request_head(raw({host, {"Content-Length", "3"}, {"Transfer-Encoding", "chunked"}}), "").ok());
  EXPECT_FALSE(read_request_head(raw({host, {"Authorization", "a"}, {"Authorization", "b"}}), "").ok());
  EXPECT_FALSE(read_request_head(raw({{"Transfer-Encoding", "chunked"}}, 10), "").ok());
  for (const char* coding : {"gzip", "gzip, chunked", "xchunked", "chunked, chunked", "identity", ""})
    EXPECT_EQ(read_request_head(raw({host, {"Transfer-Encoding", coding}}), "").status().code(), Code::kUsage)
        << coding;
  EXPECT_TRUE(read_request_head(raw({host, {"Transfer-Encoding", "Chunked"}}), "").ok());
}

TEST(HttpHead, NeverRepeatsAValueInARefusal) {
  const Result<HttpHead> head = read_request_head(
      raw({{"Host", "x"}, {"Authorization", "Bearer s3cret"}, {"Authorization", "Bearer s3cret"}}), "");
  EXPECT_EQ(head.status().message().find("s3cret"), std::string::npos);
}

TEST(HttpAddress, IsReadAndWritten) {
  for (const char* text : {"http://127.0.0.1:0", "https://0.0.0.0:8443", "https://[::1]:443"}) {
    const Result<HttpAddress> address = parse_http_address(text);
    ASSERT_TRUE(address.ok()) << text;
    EXPECT_EQ(to_text(*address), text);
  }
  EXPECT_EQ(parse_http_address("http://localhost:80")->host, "127.0.0.1");
  EXPECT_EQ(to_text(*parse_http_address("127.0.0.1:80")), "http://127.0.0.1:80");
  for (const char* text :
       {"", ":80", "https://http://127.0.0.1:80", "http://127.0.0.1", "http://:80",
        "http://127.0.0.1:", "http://::1:80", "http://127.0.0.1:99999", "http://127.0.0.1:8x", "ftp://127.0.0.1:1"})
    EXPECT_EQ(parse_http_address(text).status().code(), Code::kUsage) << text;
}

TEST(HttpMediaType, IsReadWithItsCharset) {
  EXPECT_EQ(parse_media_type("Text/CSV ; header=present; Charset=\"UTF-8\"").name, "text/csv");
  EXPECT_EQ(parse_media_type("Text/CSV ; header=present; Charset=\"UTF-8\"").charset, "utf-8");
  EXPECT_EQ(parse_media_type("application/json").charset, "");
}

TEST(HttpProblem, IsJsonWhateverItsSentence) {
  const HttpResponse problem = http_problem(400, "a \"quoted\"\nline \\");
  EXPECT_EQ(problem.content_type, "application/problem+json");
  EXPECT_EQ(problem.body,
            "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
            "\"detail\":\"a \\\"quoted\\\"\\u000aline \\\\\"}\n");
}

}  // namespace
}  // namespace moot
