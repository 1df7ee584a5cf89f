#include "broker/log/block.h"

#include <sodium.h>

#include <algorithm>

#include "broker/log/big_endian.h"
#include "broker/log/chain.h"
#include "broker/log/checksum.h"
#include "broker/log/summary.h"

namespace moot {

namespace {

constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kEntryBytes = sizeof(EventKey) + kKnownBytes;

void append_entry(std::string& out, const EventKey& key, const Known& known) {
  out.append(reinterpret_cast<const char*>(key.data()), key.size());
  append_known(out, known);
}

}  // namespace

void append_known(std::string& out, const Known& known) {
  append_be(out, known.value, 8);
  out.append(reinterpret_cast<const char*>(known.content.data()), known.content.size());
}

Known known_from(std::string_view bytes) {
  MOOT_CHECK(bytes.size() == kKnownBytes);
  Known known;
  known.value = from_be(bytes.substr(0, 8));
  std::copy_n(bytes.data() + 8, known.content.size(), reinterpret_cast<char*>(known.content.data()));
  return known;
}

std::string digest_of(std::string_view stored) {
  std::string digest(kDigestBytes, '\0');
  MOOT_CHECK(crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                                reinterpret_cast<const unsigned char*>(stored.data()), stored.size(), nullptr, 0) == 0);
  return digest;
}

std::size_t records_of_next_block(std::span<const SealedRecord> group) {
  MOOT_CHECK(!group.empty());
  std::size_t count = 1;
  std::size_t bytes = kLengthBytes + group.front().bytes.size();
  while (count < std::min(group.size(), kBlockEventsMax)) {
    bytes += kLengthBytes + group[count].bytes.size();
    if (bytes > kBlockBytesMax) break;
    ++count;
  }
  return count;
}

Block make_block(std::span<const SealedRecord> records, Offset first, std::string_view previous_head_digest) {
  Block block;
  std::size_t bytes = kChecksumBytes;
  for (const SealedRecord& record : records) bytes += kLengthBytes + record.bytes.size();
  std::string& stored = block.stored;
  stored.reserve(bytes);
  stored.resize(kChecksumBytes);  // known at the end
  std::string& entries = *block.head.mutable_entries();
  entries.reserve(records.size() * kEntryBytes);
  Offset offset = first;
  for (const SealedRecord& record : records) {
    append_be(stored, record.bytes.size(), kLengthBytes);
    stored += record.bytes;
    append_entry(entries, record.key, Known{offset.value, record.content});
    for (const IndexEntry& entry : record.more) append_entry(entries, entry.key, entry.known);
    add(*block.head.mutable_summary(), record.tags, offset);
    ++offset.value;
  }
  write_checksum(stored);
  block.head.set_first_offset(first.value);
  block.head.set_events(static_cast<std::uint32_t>(records.size()));
  block.head.set_digest(chain_digest(block.stored));
  block.head.set_previous(std::string(previous_head_digest));
  block.stored_head = with_checksum(block.head.SerializeAsString());
  return block;
}

Result<std::vector<std::string_view>> records_of(std::string_view stored_block) {
  std::string_view body;
  if (!checked(stored_block, body)) return Status(Code::kCorrupt, "a block is not what was written");
  std::vector<std::string_view> records;
  while (!body.empty()) {
    const std::size_t length = body.size() < kLengthBytes ? body.size() : from_be(body.substr(0, kLengthBytes));
    if (body.size() < kLengthBytes + length) return Status(Code::kCorrupt, "a block ends in the middle of a record");
    records.push_back(body.substr(kLengthBytes, length));
    body.remove_prefix(kLengthBytes + length);
  }
  return records;
}

Result<v1::BlockHead> head_of(std::string_view stored_head) {
  std::string_view body;
  v1::BlockHead head;
  if (!checked(stored_head, body) || !head.ParseFromArray(body.data(), static_cast<int>(body.size())) ||
      head.events() == 0 || head.digest().size() != kDigestBytes)
    return Status(Code::kCorrupt, "the head of a block is not what was written");
  return head;
}

Status for_each_entry(const v1::BlockHead& head, const std::function<Status(const IndexEntry&)>& take) {
  std::string_view rest = head.entries();
  if (rest.size() % kEntryBytes != 0) return Status(Code::kCorrupt, "the head of a block holds part of an entry");
  for (; !rest.empty(); rest.remove_prefix(kEntryBytes)) {
    IndexEntry entry;
    std::copy_n(rest.data(), entry.key.size(), reinterpret_cast<char*>(entry.key.data()));
    entry.known = known_from(rest.substr(entry.key.size(), kKnownBytes));
    MOOT_RETURN_IF_ERROR(take(entry));
  }
  return {};
}

}  // namespace moot
