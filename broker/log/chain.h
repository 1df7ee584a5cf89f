// The digests that chain a log's blocks and heads (block.h): SHA-256, which processors of the last years have in
// hardware: 64 KiB of it in 34 us where BLAKE2b took 92. In logs of formats 2 and 3 it was BLAKE2b-256; a log that goes
// on has some of either, and nobody can find bytes for a digest of either.
//
// Thread: pure functions, usable anywhere.
#pragma once

#include <string>
#include <string_view>

namespace moot {

std::string chain_digest(std::string_view stored);  // 32 bytes
// Of this format or of one before. Before the first there is nothing, and that has no digest.
bool is_chain_digest(std::string_view digest, std::string_view stored);

}  // namespace moot
