// The inbox: what waits for a person, durable and sealed, with the refused input as it stood so that it can be mended.
//
// Format: a RocksDB of its own; key = the item's id (16 characters), value = v1::InboxItem sealed under the inbox's key
// and bound to the id. An item's id is a keyed digest of where the input came from and what it was: offered again, it
// is one item still.
//
// FOLDER.watermark tells how far it was written, so that a lost end is noticed (broker/log/watermark.h).
// An item waits until it is resolved (its record was accepted after all) or dropped by a person; then it stays, and is
// not listed any more.
//
// Thread: one owner, the broker's bus thread.
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "broker/core/seal.h"
#include "broker/core/status.h"
#include "proto/bus.pb.h"

namespace moot {

class DatabaseBackup;

class Inbox {
 public:
  // Looks at it and opens it; makes it where there is none.
  static Result<std::unique_ptr<Inbox>> open(const std::filesystem::path& folder, const Key& key);
  // As it stands, each item opened; nothing is written, and until begin_writing it is good for nothing else.
  static Result<std::unique_ptr<Inbox>> look(const std::filesystem::path& folder, const Key& key);
  Status begin_writing();
  // How many items there are, each opened; nothing is written. kCorrupt, kDisk.
  static Result<std::uint64_t> check(const std::filesystem::path& folder, const Key& key);
  // Writes what can be saved of a damaged store to one that is made in `to`; how many items that are. The damaged one
  // is read only. `lost`: items that do not open any more.
  static Result<std::uint64_t> salvage(const std::filesystem::path& folder, const Key& key,
                                       const std::filesystem::path& to, std::uint64_t& lost);
  ~Inbox();

  // Stores the items and syncs; gives each its id. An item already there stays as it was. Those that were not there.
  Result<std::vector<const v1::InboxItem*>> put(std::span<v1::InboxItem> items);
  // Of what waits the first items behind the id `after`, by id, without what was offered (input, header and key),
  // however large.
  struct Page {
    std::vector<v1::InboxItem> items;  // kPageMax at most, and fewer where they are large
    std::string next;                  // the id to ask behind; empty when nothing waits behind them
  };
  static constexpr std::size_t kPageMax = 500;
  static constexpr std::size_t kPageBytesMax = 1024 * 1024;  // as stored: opened while the bus waits
  Result<Page> page(const std::string& after) const;
  Result<std::vector<v1::InboxItem>> all() const;           // waiting or not, by id
  std::uint64_t size() const;                               // how many wait
  Result<v1::InboxItem> find(const std::string& id) const;  // waiting or not; kNotFound
  // Replaces the items of the same ids, and syncs once.
  Status replace(std::span<const v1::InboxItem> items);

  // The items that wait for this record of this file of this agency: so a mended file resolves what its predecessors
  // left.
  std::set<std::string> waiting_for(const std::string& agency, const std::string& file, const std::string& key) const;

  // Adds a copy to the backup. From any thread, while the owner goes on.
  Status copy_to(DatabaseBackup& backup) const;
  // Of a copy that was restored to the folder: it was written up to this number (last_write_in_copy).
  static Status mark_restored(const std::filesystem::path& folder, std::uint64_t last_write);

 private:
  class Impl;
  explicit Inbox(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace moot
