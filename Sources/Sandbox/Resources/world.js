// The sandbox's API as functions, and what the page knows of the world. Errors carry a sentence for the person.

async function call(method, path, body) {
  const response = await fetch(`/sandbox/api${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(20000),
  });
  const text = await response.text();
  let json = {};
  try { json = text ? JSON.parse(text) : {}; } catch { json = { detail: text }; }
  return { ok: response.ok, status: response.status, json };
}

const get = async (path) => (await call("GET", path)).json;

/// What a refusal says, with every problem it names.
export function complaint(answer) {
  const inner = answer.json.answer ?? answer.json;
  const parts = [inner.detail ?? inner.title, ...(inner.errors ?? [])].filter(Boolean);
  return parts.length ? parts.join(" ") : `Answered ${answer.status}.`;
}

export const world = {
  orders: [], texts: [], events: [], ownTexts: [], messages: [], daemons: {}, beats: 0,
  selected: null,
  after: 0,

  get order() { return this.orders.find((order) => order.id === this.selected) ?? null; },

  /// Texts to the selected order's number, oldest first.
  get thread() {
    const number = this.order?.e164;
    return number ? this.texts.filter((text) => text.to === number).reverse() : [];
  },

  /// The link token of the selected order; a phone may hold texts of other orders too.
  get token() { return this.thread.findLast((text) => text.token && this.ownTexts.includes(text.sid))?.token ?? null; },

  async refresh(isPaused) {
    const [orders, texts] = await Promise.all([get("/orders"), get("/texts")]);
    this.orders = orders.orders ?? [];
    this.texts = texts.texts ?? [];
    if (!this.selected && this.orders.length) this.selected = this.orders[0].id;
    const timeline = this.selected ? await get(`/timeline?order=${this.selected}`) : {};
    this.events = timeline.events ?? [];
    this.ownTexts = timeline.texts ?? [];
    if (isPaused) return;
    const page = await get(`/messages?after=${this.after}`);
    this.after = page.next ?? this.after;
    this.beats = page.beats ?? 0;
    if (page.messages?.length) this.messages = this.messages.concat(page.messages).slice(-2000);
  },

  async refreshDaemons() { this.daemons = (await get("/daemons")).daemons ?? {}; },

  /// Registers the shop with these settings, places the order, selects it.
  async place({ shop, timerSeconds, ...order }) {
    const registered = await call("POST", "/shops", { shop, timerSeconds });
    if (!registered.ok) return { problem: `The shop was not registered. ${complaint(registered)}` };
    const placed = await call("POST", "/orders", { shop, ...order });
    if (!placed.ok) return { problem: complaint(placed) };
    this.selected = placed.json.id;
    const webhook = placed.json.webhook;
    if (webhook.status !== 200) {
      return { problem: `${placed.json.name} is placed, but Ingest ${webhook.status ? `answered ${webhook.status}` : "did not answer"}. ${webhook.detail ?? ""}` };
    }
    return { order: placed.json };
  },

  verify(token, code) { return call("POST", "/verify", { token, code }); },

  cancel(id) { return call("POST", `/orders/${id}/cancel`, {}); },

  pay(id) { return call("POST", `/orders/${id}/update`, { paid: true }); },

  fail(kind, mode, times) {
    if (kind === "receipt") return call("POST", "/twilio/failures", { receipt: mode, times });
    // Only asking for lost orders reads such fields.
    const operation = mode === "refuseField" ? "orders" : undefined;
    return call("POST", `/${kind}/failures`, { mode, operation, times });
  },

  async clearFaults() {
    await Promise.all([call("DELETE", "/twilio/failures"), call("DELETE", "/shopify/failures")]);
  },
};
