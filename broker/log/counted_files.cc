#include "broker/log/counted_files.h"

#include <rocksdb/file_system.h>

#include <atomic>

namespace moot {

namespace {

struct Count {
  ReadSoFar tell;
  std::atomic<std::uint64_t> bytes{0};
};

class CountedFile final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  CountedFile(std::unique_ptr<rocksdb::FSSequentialFile>&& file, std::shared_ptr<Count> count)
      : FSSequentialFileOwnerWrapper(std::move(file)), count_(std::move(count)) {}

  rocksdb::IOStatus Read(std::size_t wanted, const rocksdb::IOOptions& options, rocksdb::Slice* result, char* scratch,
                         rocksdb::IODebugContext* context) override {
    rocksdb::IOStatus status = FSSequentialFileOwnerWrapper::Read(wanted, options, result, scratch, context);
    if (status.ok()) count_->tell(count_->bytes += result->size());
    return status;
  }

 private:
  const std::shared_ptr<Count> count_;
};

class CountedFiles final : public rocksdb::FileSystemWrapper {
 public:
  explicit CountedFiles(ReadSoFar read)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), count_(std::make_shared<Count>()) {
    count_->tell = std::move(read);
  }

  const char* Name() const override { return "moot-counted-files"; }
  rocksdb::IOStatus NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      rocksdb::IODebugContext* context) override {
    std::unique_ptr<rocksdb::FSSequentialFile> opened;
    rocksdb::IOStatus status = target()->NewSequentialFile(name, options, &opened, context);
    if (status.ok()) *file = std::make_unique<CountedFile>(std::move(opened), count_);
    return status;
  }

 private:
  const std::shared_ptr<Count> count_;
};

}  // namespace

std::unique_ptr<rocksdb::Env> counted_files(ReadSoFar read) {
  if (!read) read = [](std::uint64_t) {};
  return rocksdb::NewCompositeEnv(std::make_shared<CountedFiles>(std::move(read)));
}

}  // namespace moot
