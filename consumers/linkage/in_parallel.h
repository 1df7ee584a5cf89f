// Work on parts of a set that do not depend on each other, on all of the machine's cores. What comes out may not depend
// on how many those are: each part writes to a place of its own.
//
// Thread: the caller's, and short-lived ones called "linkage", which the call owns: they end before it does. Where the
// system gives fewer, fewer do it.
#pragma once

#include <cstddef>
#include <functional>

namespace moot {

// So many threads are worth having: the machine's cores, or fewer when MOOT_LINKAGE_THREADS says so.
std::size_t linkage_threads();

// work(part, thread) for each part of 0 … parts-1, in no order; `thread` is below linkage_threads(), and never in two
// places at once. An exception thrown by one of them ends the program.
void in_parallel(std::size_t parts, const std::function<void(std::size_t part, std::size_t thread)>& work);

}  // namespace moot
