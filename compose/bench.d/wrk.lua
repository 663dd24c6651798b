-- Sends requests made beforehand, each a length and its bytes, over and over; ends with one line for Benchmarks.
local requests, at = {}, 0

function init(args)
    if not args[1] then return end
    local file = assert(io.open(args[1], "rb"))
    local all = file:read("*a")
    file:close()
    local position = 1
    while position <= #all do
        local stop = all:find("\n", position, true)
        local count = tonumber(all:sub(position, stop - 1))
        requests[#requests + 1] = all:sub(stop + 1, stop + count)
        position = stop + count + 1
    end
end

function request()
    if #requests == 0 then return wrk.format() end
    at = at % #requests + 1
    return requests[at]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("bench requests=%d microseconds=%d refused=%d broken=%d p50=%d p99=%d\n",
        summary.requests, summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
        latency:percentile(50), latency:percentile(99)))
end
