#include "broker/log/index_check.h"

#include <algorithm>
#include <map>

#include "broker/log/big_endian.h"
#include "broker/log/block.h"
#include "broker/log/checksum.h"

namespace moot {

namespace {

struct Expected {
  Known known;
  Offset block;  // the first offset of the block whose head holds it
};

}  // namespace

void IndexCheck::add_to(Sums& sums, const IndexEntry& entry) {
  std::string bytes(reinterpret_cast<const char*>(entry.key.data()), entry.key.size());
  append_known(bytes, entry.known);
  sums[part_of(entry.key)] += checksum(bytes);
}

void IndexCheck::add(const IndexEntry& entry) { add_to(of_heads_, entry); }

Status IndexCheck::for_each_in_index(std::size_t first_part, std::size_t end_part,
                                     const std::function<Status(const IndexEntry&)>& take) const {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.readahead_size = 2 << 20;
  const std::unique_ptr<rocksdb::Iterator> entry(database_.db().NewIterator(options, database_.ids()));
  const std::string first = be64(static_cast<std::uint64_t>(first_part) << 52);
  for (entry->Seek(first); entry->Valid(); entry->Next()) {
    if (entry->key().size() < sizeof(EventKey)) continue;  // how far it goes
    IndexEntry one;
    if (entry->key().size() != one.key.size() || entry->value().size() != kKnownBytes)
      return Status(Code::kCorrupt, "the index holds an entry of the wrong length");
    std::copy_n(entry->key().data(), one.key.size(), reinterpret_cast<char*>(one.key.data()));
    if (part_of(one.key) >= end_part) break;
    one.known = known_from(view(entry->value()));
    MOOT_RETURN_IF_ERROR(take(one));
  }
  return database_.status(entry->status(), "the index cannot be read");
}

void IndexCheck::compare(Offset through, const Find& find) const {
  Sums of_index{};
  const Status read = for_each_in_index(0, kParts, [&](const IndexEntry& entry) {
    add_to(of_index, entry);
    return Status();
  });
  if (!read.ok()) return find(std::nullopt, read.message());
  std::vector<std::size_t> differing;
  for (std::size_t part = 0; part < kParts; ++part)
    if (of_heads_[part] != of_index[part]) differing.push_back(part);
  if (differing.empty()) return;
  if (differing.size() > kPartsCompared) {
    find(std::nullopt, "the index differs from the events in " + std::to_string(differing.size()) + " of its " +
                           std::to_string(kParts) + " parts; the first are told in full");
    differing.resize(kPartsCompared);
  }
  compare_keys(differing, through, find);
}

void IndexCheck::compare_keys(const std::vector<std::size_t>& parts, Offset through, const Find& find) const {
  std::map<EventKey, Expected> expected;
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> entry(database_.db().NewIterator(options, database_.heads()));
  for (entry->SeekToFirst(); entry->Valid() && from_be(view(entry->key())) < through.value; entry->Next()) {
    const Result<v1::BlockHead> head = head_of(view(entry->value()));
    if (!head.ok()) return;  // told already
    (void)for_each_entry(*head, [&](const IndexEntry& one) {
      if (std::find(parts.begin(), parts.end(), part_of(one.key)) == parts.end()) return Status();
      if (!expected.emplace(one.key, Expected{one.known, Offset{head->first_offset()}}).second)
        find(Offset{head->first_offset()}, "a key of this block stands in an earlier one too");
      return Status();
    });
  }
  for (const std::size_t part : parts) {
    const Status read = for_each_in_index(part, part + 1, [&](const IndexEntry& one) {
      const auto there = expected.find(one.key);
      if (there == expected.end())
        find(std::nullopt, "the index holds a key that no event has: " +
                               to_hex({reinterpret_cast<const char*>(one.key.data()), one.key.size()}));
      else if (there->second.known != one.known)
        find(there->second.block, "the index tells something else of a key than this block");
      if (there != expected.end()) expected.erase(there);
      return Status();
    });
    if (!read.ok()) return find(std::nullopt, read.message());
  }
  for (const auto& [key, lost] : expected) find(lost.block, "the index has lost a key of this block");
}

}  // namespace moot
