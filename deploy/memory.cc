// What jemalloc is told as the program starts; a file of its own so that benches keep memory as `moot` does.
//
// The log writes whole tables in memory and lets them go again, each in a thread of its own: with a heap for each
// thread what was let go of would stay in it. So there are two, and what nobody used for two seconds goes back to the
// system.
extern "C" {
// The name is jemalloc's: it looks for a variable that is called so.
extern const char* malloc_conf;
const char* malloc_conf = "narenas:2,dirty_decay_ms:2000";
}
