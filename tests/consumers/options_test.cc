#include "deploy/options.h"

#include <gtest/gtest.h>

namespace moot {
namespace {

TEST(Options, TheKeysAreBesideTheDataHoweverItIsWritten) {
  Options options;
  const std::filesystem::path here = std::filesystem::current_path();
  for (const std::string data : {"d", "d/", "./d", "x/../d", "d//"}) {
    options.data = data;
    EXPECT_EQ(options.keys_folder(), here / "d.keys") << data;
  }
  options.data = ".";
  EXPECT_EQ(options.keys_folder(), std::filesystem::path(here.string() + ".keys"));
  options.keys = "elsewhere";
  EXPECT_EQ(options.keys_folder(), "elsewhere");
}

}  // namespace
}  // namespace moot
