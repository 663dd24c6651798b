-- The peer's door: HMAC-SHA256 over the raw body, 200 after acks=all, by lua-nginx-kafka's synchronous producer.
local ffi = require "ffi"
local producer = require "nginx.kafka.producer"

local crypto = package.loaded.bench_crypto
if not crypto then
    ffi.cdef [[
        const void *EVP_sha256(void);
        unsigned char *HMAC(const void *type, const void *key, int key_len, const unsigned char *data, size_t count,
                            unsigned char *out, unsigned int *out_len);
        int CRYPTO_memcmp(const void *a, const void *b, size_t len);
    ]]
    crypto = { lib = ffi.load("libcrypto.so.3"), out = ffi.new("unsigned char[32]") }
    package.loaded.bench_crypto = crypto
end

local secret, topic = "{{SECRET}}", "{{TOPIC}}"
ngx.req.read_body()
local body = ngx.req.get_body_data()
local headers = ngx.req.get_headers()
local wanted = ngx.decode_base64(headers["X-Shopify-Hmac-Sha256"] or "")
if not body or not wanted or #wanted ~= 32 then return ngx.exit(401) end
crypto.lib.HMAC(crypto.lib.EVP_sha256(), secret, #secret, body, #body, crypto.out, nil)
if crypto.lib.CRYPTO_memcmp(crypto.out, wanted, 32) ~= 0 then return ngx.exit(401) end

-- Kept by the module per worker under its own name; one per request is how its manual does it.
local kafka = producer:new({ { host = "{{KAFKA_HOST}}", port = {{KAFKA_PORT}} } }, {
    producer_type = "sync", required_acks = -1, request_timeout = 5000, api_version = {{API_VERSION}},
    keepalive_timeout = 60000, keepalive_size = 64,
})
local offset, problem = kafka:send(topic, headers["X-Shopify-Shop-Domain"], body)
if not offset then
    ngx.log(ngx.ERR, "not stored: ", problem)
    return ngx.exit(503)
end
return ngx.exit(200)
