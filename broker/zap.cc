#include "broker/zap.h"

#include <algorithm>
#include <vector>

namespace moot {

namespace {

// Frames of a request: version, request id, domain, address, identity, mechanism, credentials (for CURVE the key).
constexpr std::size_t kVersion = 0, kRequestId = 1, kDomain = 2, kMechanism = 5, kPublicKey = 6, kFrames = 7;

void reply(zmq::socket_t& socket, const std::string& request_id, const std::string& code, const std::string& text,
           const std::string& user_id) {
  const std::string frames[] = {"1.0", request_id, code, text, user_id, ""};
  for (std::size_t i = 0; i < std::size(frames); ++i) {
    const bool last = i + 1 == std::size(frames);
    socket.send(zmq::buffer(frames[i]), last ? zmq::send_flags::none : zmq::send_flags::sndmore);
  }
}

}  // namespace

Zap::Zap(zmq::context_t& context, const Registry& registry, const Clock& clock, RefusalCounts& refusals)
    : registry_(registry), clock_(clock), refusals_(refusals), socket_(context, zmq::socket_type::rep) {
  socket_.set(zmq::sockopt::linger, 0);
  socket_.bind("inproc://zeromq.zap.01");
}

void Zap::answer() {
  for (;;) {
    std::vector<std::string> frames;
    zmq::message_t frame;
    if (!socket_.recv(frame, zmq::recv_flags::dontwait)) return;
    frames.push_back(frame.to_string());
    while (frame.more()) {
      MOOT_CHECK(socket_.recv(frame).has_value());
      frames.push_back(frame.to_string());
    }
    // libzmq makes these requests itself: another form means another library, not a bad client.
    MOOT_CHECK(frames.size() >= kMechanism + 1 && frames[kVersion] == "1.0");
    const bool curve = frames.size() == kFrames && frames[kMechanism] == "CURVE" && frames[kDomain] == kZapDomain &&
                       frames[kPublicKey].size() == kKeyBytes;
    KeyHolder holder;
    if (curve) {
      Key key;
      std::copy(frames[kPublicKey].begin(), frames[kPublicKey].end(), key.begin());
      holder = registry_.by_key(key);
    }
    const bool known = holder.member != nullptr;
    if (known && registry_.standing(holder, clock_.now()).ok()) {
      reply(socket_, frames[kRequestId], "200", "OK", connection_name(*holder.member, *holder.key));
      continue;
    }
    refusals_.count(known ? Code::kKeyEnded : (curve ? Code::kUnknownKey : Code::kNoKey),
                    known ? holder.member->id.value() : "");
    reply(socket_, frames[kRequestId], "400", "the key is not known here", "");
  }
}

}  // namespace moot
