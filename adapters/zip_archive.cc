#include "adapters/zip_archive.h"

#include <zip.h>

#include <array>

namespace moot {

struct ZipPart::Impl {
  explicit Impl(zip_file_t* opened) : file(opened) {}
  ~Impl() { zip_fclose(file); }
  Impl(const Impl&) = delete;
  zip_file_t* const file;
  std::array<char, 64 * 1024> bytes;
};

ZipPart::ZipPart(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ZipPart::~ZipPart() = default;

Result<std::string_view> ZipPart::next() {
  const zip_int64_t read = zip_fread(impl_->file, impl_->bytes.data(), impl_->bytes.size());
  if (read < 0) return Status(Code::kUnreadable, "a part of it is damaged");
  return std::string_view(impl_->bytes.data(), static_cast<std::size_t>(read));
}

struct ZipArchive::Impl {
  ~Impl() {
    if (zip != nullptr) zip_discard(zip);
  }
  std::string bytes;  // as long as the archive
  zip_t* zip = nullptr;
};

ZipArchive::ZipArchive(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ZipArchive::~ZipArchive() = default;

Result<std::unique_ptr<ZipArchive>> ZipArchive::open(std::string bytes) {
  auto impl = std::make_unique<Impl>();
  impl->bytes = std::move(bytes);
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(impl->bytes.data(), impl->bytes.size(), 0, &error);
  MOOT_CHECK(source != nullptr);
  impl->zip = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (impl->zip == nullptr) {
    zip_source_free(source);
    zip_error_fini(&error);
    return Status(Code::kUnreadable, "is a zip file that is damaged or cut off");
  }
  zip_error_fini(&error);
  return std::unique_ptr<ZipArchive>(new ZipArchive(std::move(impl)));
}

bool ZipArchive::has(const std::string& name) const {
  return zip_name_locate(impl_->zip, name.c_str(), ZIP_FL_NOCASE) >= 0;
}

Result<std::unique_ptr<ZipPart>> ZipArchive::stream(const std::string& name) const {
  zip_file_t* file = zip_fopen(impl_->zip, name.c_str(), ZIP_FL_NOCASE);
  if (file == nullptr)
    return has(name) ? Status(Code::kUnreadable, name + " is encrypted, or compressed in a way that is not known here")
                     : Status(Code::kMissing, name + " is missing");
  return std::unique_ptr<ZipPart>(new ZipPart(std::make_unique<ZipPart::Impl>(file)));
}

Result<std::string> ZipArchive::read(const std::string& name, std::uint64_t bytes_max) const {
  const Result<std::unique_ptr<ZipPart>> part = stream(name);
  if (!part.ok()) return part.status();
  std::string all;
  for (;;) {
    const Result<std::string_view> bytes = (*part)->next();
    if (!bytes.ok()) return bytes.status();
    if (bytes->empty()) return all;
    if (all.size() + bytes->size() > bytes_max)
      return Status(Code::kTooLarge, name + " has more than " + std::to_string(bytes_max >> 20) + " MiB");
    all += *bytes;
  }
}

}  // namespace moot
