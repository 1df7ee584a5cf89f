// The bus of "moot-open", without CURVE: linked into the `moot` executable in place of broker/zap.cc, everything else
// the same. The call that switches encryption on asks for ZeroMQ's PLAIN mechanism instead (the linker is told to wrap
// it), and everybody is the agency it says it is, with its latest key. Measures what CURVE costs; never a way to run a
// partnership, and never installed.
#include <zmq.h>

#include <iterator>
#include <zmq_addon.hpp>

#include "broker/zap.h"

extern "C" {
int __real_zmq_setsockopt(void* socket, int option, const void* value, size_t size);
int __wrap_zmq_setsockopt(void* socket, int option, const void* value, size_t size);

int __wrap_zmq_setsockopt(void* socket, int option, const void* value, size_t size) {
  if (option == ZMQ_CURVE_SECRETKEY) return 0;
  return __real_zmq_setsockopt(socket, option == ZMQ_CURVE_SERVER ? ZMQ_PLAIN_SERVER : option, value, size);
}
}

namespace moot {

Zap::Zap(zmq::context_t& context, const Registry& registry, const Clock& clock, RefusalCounts& refusals)
    : registry_(registry), clock_(clock), refusals_(refusals), socket_(context, zmq::socket_type::rep) {
  socket_.set(zmq::sockopt::linger, 0);
  socket_.bind("inproc://zeromq.zap.01");
}

void Zap::answer() {
  // Frames of a request: version, request id, domain, address, identity, mechanism, user name, password.
  constexpr std::size_t kRequestId = 1, kUserName = 6;
  for (;;) {
    std::vector<zmq::message_t> frames;
    if (!zmq::recv_multipart(socket_, std::back_inserter(frames), zmq::recv_flags::dontwait)) return;
    MOOT_CHECK(frames.size() > kUserName);
    const Member* member = registry_.by_id(frames[kUserName].to_string());
    const AgencyKey* key = member == nullptr ? nullptr : member->current(clock_.now());
    const bool known = key != nullptr;
    if (!known) refusals_.count(Code::kUnknownKey, "");
    for (const std::string& part :
         {std::string("1.0"), frames[kRequestId].to_string(), std::string(known ? "200" : "400"), std::string(),
          known ? connection_name(*member, *key) : std::string()})
      socket_.send(zmq::buffer(part), zmq::send_flags::sndmore);
    socket_.send(zmq::message_t(), zmq::send_flags::none);
  }
}

}  // namespace moot
