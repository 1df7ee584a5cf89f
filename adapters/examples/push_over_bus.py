#!/usr/bin/env python3
"""Publishes events over the bus, from Python: push_over_bus.py KEY_FILE [ADDRESS] < EVENTS

EVENTS is one CloudEvent in JSON a line, as `moot replay` writes them (with the stage of the body). Prints a line for
each: its id and what became of it. Exits 1 when something was refused or nobody answered. Needs pyzmq, protobuf, and
the messages of proto/ made for Python:
    protoc --python_out=DIR -I ROOT proto/event.proto proto/bus.proto        and DIR on PYTHONPATH
"""
import json
import sys
import tomllib

import zmq
from google.protobuf import json_format
from proto import bus_pb2, event_pb2
from zmq.utils import z85

PROTOCOL = 2
EVENTS_A_MESSAGE = 500
PATIENCE_MS = 30_000
TEXTS = ["id", "source", "type", "subject", "record", "area", "lsoa", "marking", "compartment", "regime", "basis",
         "consent", "retention"]


def connect(key, address):
    socket = zmq.Context.instance().socket(zmq.DEALER)
    socket.linger = 0
    socket.curve_serverkey = z85.encode(bytes.fromhex(key["broker_public_key"]))
    socket.curve_publickey = z85.encode(bytes.fromhex(key["public_key"]))
    socket.curve_secretkey = z85.encode(bytes.fromhex(key["secret_key"]))
    socket.connect(address)
    return socket


def ask(socket, request, events=()):
    """One request and the reply of its number."""
    frames = [request.SerializeToString()]
    if events:
        frames.append(bus_pb2.Events(event=[event.SerializeToString() for event in events]).SerializeToString())
    socket.send_multipart(frames)
    while socket.poll(PATIENCE_MS):
        reply = bus_pb2.Reply.FromString(socket.recv_multipart()[0])
        if reply.number == request.number:
            if reply.HasField("refusal"):
                sys.exit(f"refused: {reply.refusal.reason}")
            return reply
    sys.exit("nobody answered")


def event_of(line):
    said = json.loads(line)
    event = json_format.ParseDict(said["data"], event_pb2.Event())
    for name in TEXTS:
        if name in said:
            setattr(event.envelope, name, said[name])
    event.envelope.revision = said.get("revision", 0)
    event.envelope.time.FromJsonString(said["time"])
    if "knowntime" in said:
        event.envelope.known_time.FromJsonString(said["knowntime"])
    return event


def publish(socket, number, events):
    """Sends one message; tells what became of each event, and returns how many were refused."""
    request = bus_pb2.Request(number=number, publish=bus_pb2.Publish())
    request.publish.SetInParent()
    ack = ask(socket, request, events).publish_ack
    exceptions = {exception.frame: exception for exception in ack.exceptions}
    offset, refused = ack.first_offset, 0
    for place, event in enumerate(events):
        exception = exceptions.get(place)
        if exception is not None and exception.kind == bus_pb2.Exception.REFUSED:
            print(event.envelope.id, "refused:", exception.reason)
            refused += 1
        elif exception is not None and exception.kind == bus_pb2.Exception.DUPLICATE:
            print(event.envelope.id, "there already at", exception.offset)
        else:
            print(event.envelope.id, "stored at", offset)
            offset += 1
    return refused


def main():
    with open(sys.argv[1], "rb") as file:
        key = tomllib.load(file)
    socket = connect(key, sys.argv[2] if len(sys.argv) > 2 else key["address"])
    ask(socket, bus_pb2.Request(number=1, hello=bus_pb2.Hello(protocol=PROTOCOL)))
    events = [event_of(line) for line in sys.stdin if line.strip()]
    starts = range(0, len(events), EVENTS_A_MESSAGE)
    refused = sum(publish(socket, 2 + start, events[start:start + EVENTS_A_MESSAGE]) for start in starts)
    sys.exit(1 if refused else 0)


main()
