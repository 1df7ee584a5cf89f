#include "broker/log/entry_walk.h"

#include "broker/log/big_endian.h"

namespace moot {

EntryWalk::EntryWalk(const LogDatabase& database, rocksdb::ColumnFamilyHandle* family)
    : database_(database), family_(family) {
  options_.fill_cache = false;
  options_.readahead_size = 2 << 20;
  iterator_.reset(database_.db().NewIterator(options_, family_));
  iterator_->SeekToFirst();
  sound_ = iterator_->Valid() || iterator_->status().ok();
}

std::optional<Offset> EntryWalk::here() const {
  if (!iterator_->Valid()) return std::nullopt;
  return Offset{from_be(view(iterator_->key()))};
}

bool EntryWalk::seek(Offset from) {
  iterator_->Seek(be64(from.value));
  return iterator_->Valid() || iterator_->status().ok();
}

rocksdb::Status EntryWalk::read(Offset at, std::string_view& value) {
  if (sound_ && next(at) == at) {
    value = view(iterator_->value());
    return rocksdb::Status::OK();
  }
  if (sound_) return rocksdb::Status::NotFound();
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const rocksdb::Status read = database_.db().Get(options, family_, be64(at.value), &value_);
  value = value_;
  return read;
}

std::optional<Offset> EntryWalk::next(Offset from) {
  if (sound_) {
    while (iterator_->Valid() && from_be(view(iterator_->key())) < from.value) iterator_->Next();
    sound_ = iterator_->Valid() || iterator_->status().ok();
    if (sound_) return here();
  }
  if (seek(from)) return here();
  // Damage is of whole stretches of keys: leap over it, then come back as near to its end as can be read.
  constexpr std::uint64_t kFarthest = std::uint64_t{1} << 48;
  std::uint64_t damaged = 0, leap = 1;
  while (leap < kFarthest && !seek(Offset{from.value + leap})) {
    damaged = leap;
    leap *= 2;
  }
  if (leap >= kFarthest) return std::nullopt;
  while (leap - damaged > 1) {
    const std::uint64_t middle = damaged + (leap - damaged) / 2;
    (seek(Offset{from.value + middle}) ? leap : damaged) = middle;
  }
  return seek(Offset{from.value + leap}) ? here() : std::nullopt;
}

}  // namespace moot
