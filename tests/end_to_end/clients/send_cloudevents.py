"""Sends an event in each mode with the official CloudEvents SDK: send_cloudevents.py URL AGENCY, the token in TOKEN.
Prints the status of each response."""
import json
import os
import sys
import urllib.error
import urllib.request
from datetime import datetime, timezone

from cloudevents.core.bindings import http
from cloudevents.core.v1.event import CloudEvent


def event(agency, name):
    attributes = {
        "id": name, "source": f"/{agency}/python", "type": "uk.csp.contact.received.v1",
        "time": datetime(2022, 5, 2, 9, 5, tzinfo=timezone.utc), "datacontenttype": "application/json",
        "record": "R-1", "area": "upper-brook",
    }
    return CloudEvent(attributes=attributes, data={"facts": {"contact": {"channel": "101", "category": "asb"}}})


def send(url, headers, body):
    headers = {**headers, "Authorization": "Bearer " + os.environ["TOKEN"]}
    request = urllib.request.Request(url, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            print(response.status)
    except urllib.error.HTTPError as error:
        print(error.code, error.read().decode())


url, agency = sys.argv[1], sys.argv[2]
for message in [http.to_structured_event(event(agency, "py-1")), http.to_binary_event(event(agency, "py-2"))]:
    send(url, dict(message.headers), message.body)
batch = [json.loads(http.to_structured_event(event(agency, name)).body) for name in ["py-3", "py-4"]]
send(url, {"Content-Type": "application/cloudevents-batch+json"}, json.dumps(batch).encode())
