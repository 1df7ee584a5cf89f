// Sends an event in each mode with the official CloudEvents SDK: send_cloudevents.cjs URL AGENCY, the token in TOKEN.
// Prints the status of each response.
const { CloudEvent, HTTP, emitterFor } = require("cloudevents");

const [url, agency] = process.argv.slice(2);

function event(id) {
  return new CloudEvent({
    id,
    source: `/${agency}/javascript`,
    type: "uk.csp.contact.received.v1",
    time: "2022-05-02T09:05:00Z",
    datacontenttype: "application/json",
    record: "R-1",
    data: { facts: { contact: { channel: "101", category: "asb" } } },
  });
}

async function transport(message) {
  const headers = { ...message.headers, Authorization: `Bearer ${process.env.TOKEN}` };
  const body = typeof message.body === "string" ? message.body : JSON.stringify(message.body);
  const response = await fetch(url, { method: "POST", headers, body });
  console.log(String(response.status), response.ok ? "" : await response.text());
}

async function main() {
  await emitterFor(transport)(event("js-1")); // binary, its default
  await transport(HTTP.structured(event("js-2")));
  const batch = [event("js-3"), event("js-4")].map((each) => JSON.parse(HTTP.structured(each).body));
  await transport({ headers: { "content-type": "application/cloudevents-batch+json" }, body: batch });
}

main();
