// How a command reaches the broker of its data directory: the one that runs, or, when none does, one inside the command
// for as long as the command needs (DESIGN §6). And as whom: the operator, --as AGENCY, or --key FILE.
//
// Another command may use the inner broker meanwhile, as this one would use another's: a Reach says so for as long as
// it lives (deploy/command_presence.h), and an inner broker stays until no command says so any more. So several
// commands at once on one data directory work, whichever started first and whichever ends first. Whoever else has
// connected, a gateway say, waits for the next broker.
//
// Thread: the command's main thread. An inner broker has its own bus thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "broker/broker.h"
#include "broker/core/status.h"
#include "broker/wire/key_file.h"
#include "deploy/command_presence.h"
#include "deploy/options.h"
#include "deploy/partnership_folder.h"
#include "proto/bus.pb.h"

namespace moot {

// The partnership of --config, or the one this data directory was last used with, or the unnamed one. A --config that
// is given is remembered in DATA/config.
Result<PartnershipFolder> partnership_of(const Options& options);

class Reach {
 public:
  static Result<Reach> open(const Options& options, const PartnershipFolder& folder);
  Reach(Reach&&) = default;
  ~Reach();
  // Starts the broker in this process; kExists when one runs elsewhere.
  static Result<Reach> own(const Options& options, const PartnershipFolder& folder);
  // Likewise, for a broker that is to stay: while the one that runs is inside a command, it waits for that to end.
  static Result<Reach> own_to_stay(const Options& options, const PartnershipFolder& folder);

  // The key of whom the command acts as.
  Result<KeyFile> acting() const;
  // The key of an agency, the operator or the casebook, from the key directory.
  Result<KeyFile> key_of(const std::string& agency) const;
  // One request to the broker as whom the command acts.
  Result<v1::Reply> ask(const v1::Request& request) const;

  // How long an answer is waited for (--timeout).
  std::chrono::milliseconds patience() const;

  Broker* broker() const { return broker_.get(); }  // the inner one, if any

 private:
  explicit Reach(const Options& options) : options_(options) {}
  void find_here(KeyFile& key) const;
  Status join(std::chrono::milliseconds patience);

  Options options_;
  std::unique_ptr<Broker> broker_;
  std::unique_ptr<CommandPresence> presence_;  // keeps another command's broker for us
  bool stays_for_others_ = false;              // an inner broker that other commands may have found
  bool remote_ = false;                        // only a key file: no data directory is touched
};

// One request from a command that asks nothing else: finds the broker, asks, lets go.
Result<v1::Reply> ask_broker(const Options& options, const v1::Request& request);

}  // namespace moot
