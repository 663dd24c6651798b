"""The peer's door: HMAC-SHA256 over the raw body, 200 after acks=all, by aiokafka; one process a core.

usage: webhook.py PORT BROKERS TOPIC SECRET
"""
import base64
import hashlib
import hmac
import sys

from aiohttp import web
from aiokafka import AIOKafkaProducer

port, brokers, topic, secret = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4].encode()


async def webhook(request: web.Request) -> web.Response:
    body = await request.read()
    wanted = base64.b64encode(hmac.digest(secret, body, hashlib.sha256)).decode()
    if not hmac.compare_digest(wanted, request.headers.get("X-Shopify-Hmac-Sha256", "")):
        return web.Response(status=401)
    shop = request.headers["X-Shopify-Shop-Domain"].encode()
    try:
        await request.app["producer"].send_and_wait(topic, body, key=shop)
    except Exception:
        return web.Response(status=503, headers={"Retry-After": "2"})
    return web.Response()


async def producer(app: web.Application):
    app["producer"] = AIOKafkaProducer(bootstrap_servers=brokers, acks="all", linger_ms=0)
    await app["producer"].start()
    yield
    await app["producer"].stop()


application = web.Application(client_max_size=2 << 20)
application.cleanup_ctx.append(producer)
application.router.add_post("/webhooks/shopify", webhook)
web.run_app(application, host="127.0.0.1", port=port, reuse_port=True, access_log=None, print=None)
