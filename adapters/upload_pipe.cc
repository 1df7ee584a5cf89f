#include "adapters/upload_pipe.h"

#include <streambuf>

namespace moot {

namespace {

class PipeBuffer final : public std::streambuf {
 public:
  explicit PipeBuffer(UploadPipe& pipe) : pipe_(pipe) {}

 protected:
  int_type underflow() override {
    if (!pipe_.take(bytes_)) return traits_type::eof();
    // Whoever asks what the file is looks at its first bytes and puts them back.
    for (std::string more; at_start_ && bytes_.size() < 4 && pipe_.take(more);) bytes_ += more;
    at_start_ = false;
    setg(bytes_.data(), bytes_.data(), bytes_.data() + bytes_.size());
    return traits_type::to_int_type(*gptr());
  }

 private:
  UploadPipe& pipe_;
  std::string bytes_;
  bool at_start_ = true;
};

class PipeStream final : public std::istream {
 public:
  explicit PipeStream(UploadPipe& pipe) : std::istream(nullptr), buffer_(pipe) { rdbuf(&buffer_); }

 private:
  PipeBuffer buffer_;
};

}  // namespace

void UploadPipe::give(std::string bytes, std::function<void(bool)> taken) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!abandoned_) {
      held_ = std::move(bytes);
      taken_ = std::move(taken);
      changed_.notify_one();
      return;
    }
  }
  taken(false);
}

void UploadPipe::finish(const Status& how) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!finished_) finished_ = how;
  changed_.notify_one();
}

Status UploadPipe::how_it_ended() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return finished_.value_or(Status());
}

void UploadPipe::abandon() {
  std::function<void(bool)> taken;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    abandoned_ = true;
    held_.reset();
    taken.swap(taken_);
  }
  if (taken) taken(false);
}

bool UploadPipe::take(std::string& bytes) {
  std::function<void(bool)> taken;
  {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return held_ || finished_; });
    if (!held_) {
      if (finished_->ok()) return false;
      throw std::ios_base::failure("the body has broken off");
    }
    bytes = std::move(*held_);
    held_.reset();
    taken.swap(taken_);
  }
  taken(true);
  return true;
}

std::unique_ptr<std::istream> UploadPipe::reader() { return std::make_unique<PipeStream>(*this); }

}  // namespace moot
