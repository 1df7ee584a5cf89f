// Makes of a log's keys what an earlier version would have left: every key stands in a file, and epoch.key is a bare
// line of hexadecimal digits. Thread: one caller.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "broker/core/whole_file.h"
#include "broker/log/key_store.h"

namespace moot {

// `log_keys`: KEYS/logs/ID. Nobody may have been erased yet.
inline void make_earlier_keys(const std::filesystem::path& log_keys) {
  const Result<FileKeys> epoch = FileKeys::read(log_keys / "epoch.key");
  ASSERT_TRUE(epoch.ok()) << epoch.status().message();
  ASSERT_TRUE(epoch->epoch_key().has_value()) << "somebody was erased";
  const KeyStore keys(log_keys / "events", *epoch);
  std::string bytes;
  for (std::uint64_t number = 0; number < KeyStore::kKeysPerFile; ++number) {
    const Result<Key> key = keys.find(number);
    ASSERT_TRUE(key.ok()) << key.status().message();
    bytes.append(reinterpret_cast<const char*>(key->data()), key->size());
  }
  const std::string name = "0000000000000000.keys";
  std::string sealed(kKeysMagic);
  for (std::uint64_t page = 0; page < kKeyPagesPerFile; ++page)
    append_sealed(sealed, epoch->of(0), std::string_view(bytes).substr(page * kPageKeyBytes, kPageKeyBytes),
                  name + " page " + std::to_string(page));
  std::filesystem::create_directories(log_keys / "events");
  ASSERT_TRUE(write_whole_file(log_keys / "events" / name, sealed).ok());
  ASSERT_TRUE(write_whole_file(log_keys / "epoch.key", to_hex(*epoch->epoch_key()) + "\n").ok());
}

}  // namespace moot
