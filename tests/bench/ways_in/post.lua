-- Requests for wrk: POST /events with one new event, or a batch of them. wrk … -s post.lua URL -- EVENTS TOKEN RUN
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local EVENT = '{"specversion":"1.0","id":"%s","source":"/harbour-council/bench",' ..
  '"type":"uk.csp.contact.received.v1","time":"2024-01-05T09:05:00Z","datacontenttype":"application/json","data":' ..
  '{"facts":{"contact":{"channel":"101","category":"noise"}},"personal":{"people":[{"role":"caller","names":' ..
  '[{"given":"Avery","family":"Inventedname"}],"born":"1980-02-03","phones":["01632 960001"]}],"texts":' ..
  '[{"field":"details","text":"Music from the flat above since midnight; has rung twice before about it."}]}}}'

function init(words)
  events, token, run = tonumber(words[1]), words[2], words[3]
  made = 0
  headers = {
    ["Authorization"] = "Bearer " .. token,
    ["Content-Type"] = events == 1 and "application/cloudevents+json" or "application/cloudevents-batch+json"
  }
end

local function next_event()
  made = made + 1
  return EVENT:format(run .. "-" .. number .. "-" .. made)
end

function request()
  if events == 1 then return wrk.format("POST", "/events", headers, next_event()) end
  local batch = {}
  for i = 1, events do batch[i] = next_event() end
  return wrk.format("POST", "/events", headers, "[" .. table.concat(batch, ",") .. "]")
end
