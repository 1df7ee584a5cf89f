// A partnership's folder, an agreement and a key file with any bytes in them: read, or refused with a sentence that
// says where the mistake is.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "broker/access/registry.h"
#include "broker/core/definition.h"
#include "broker/wire/key_file.h"
#include "deploy/agreement_file.h"
#include "deploy/partnership_folder.h"

namespace {

std::filesystem::path write(const std::string& bytes) {
  static const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("moot-fuzz-" + std::to_string(::getpid()) + ".toml");
  std::ofstream(file, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return file;
}

void check(const moot::Status& status) {
  if (!status.ok() && status.message().empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::filesystem::path file = write(text);
  switch (data[0] % 4) {
    case 0:
      check(moot::load_partnership_folder(file).status());
      break;
    case 1:
      check(moot::load_agreement(file).status());
      break;
    case 2:
      check(moot::read_key_file(file).status());
      break;
    default:
      check(moot::Registry::open(file).status());
      break;
  }
  return 0;
}
