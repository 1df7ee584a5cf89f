// libFuzzer: no bytes crash what reads a spool: its entries, whole or torn, and the file that says how far it goes.
// What is read of an entry lies within the bytes that were given.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "adapters/spool.h"
#include "adapters/spool_file.h"

namespace {

std::filesystem::path folder_of_this_process() {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("moot-spool-fuzz-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder / "spool");
  return folder / "spool";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const moot::Key key{};
  static const std::filesystem::path folder = folder_of_this_process();
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  std::uint64_t number = 1;
  for (std::string_view left = bytes; const auto entry = moot::entry_at(left, number); ++number) {
    if (entry->bytes() > left.size()) std::abort();
    (void)moot::unseal_entry(key, *entry);
    left.remove_prefix(entry->bytes());
  }
  const std::size_t half = size / 2;
  std::ofstream(folder.string() + ".through", std::ios::binary) << bytes.substr(0, half);
  std::ofstream(folder / moot::spool_file_name(1), std::ios::binary) << bytes.substr(half);
  (void)moot::Spool::look(folder);
  (void)moot::Spool::look(folder, &key);
  return 0;
}
