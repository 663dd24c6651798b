// Draws the page from what world.js knows, twice a second. Everything shown is set as text, never as markup.
import { complaint, world } from "./world.js";

const $ = (id) => document.getElementById(id);

function element(name, properties = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

function say(node, text, kind = "") {
  node.className = `result ${kind}`;
  node.textContent = text;
}

/// Replaces the children only when what they show has changed, so that focus and scrolling stay.
function redraw(node, shown, make) {
  const mark = JSON.stringify(shown);
  if (node.dataset.shown === mark) return false;
  node.dataset.shown = mark;
  node.replaceChildren(...make());
  return true;
}

const clock = (milliseconds) => new Date(milliseconds).toLocaleTimeString([], { hour12: false });

function badge(order) {
  const tag = order.tags.find((name) => name.startsWith("otp-"));
  if (order.cancelled) return ["cancelled", "badge bad"];
  if (tag) return [tag.slice(4), tag === "otp-verified" ? "badge" : "badge bad"];
  return ["open", "badge open"];
}

function drawDaemons() {
  redraw($("daemons"), world.daemons, () =>
    Object.entries(world.daemons).sort().map(([name, state]) => {
      const isReady = state === "ready";
      return element("li", { className: isReady ? "ready" : "away", title: state },
        name.replace("otp-", "") + (isReady ? "" : `: ${state}`));
    }));
}

function drawOrders() {
  const list = $("orders");
  const hadFocus = list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  redraw(list, [world.orders, world.selected], () =>
    world.orders.map((order) => {
      const [text, className] = badge(order);
      const button = element("button", { type: "button" },
        element("span", {}, order.name), element("small", {}, order.shop), element("span", { className }, text));
      button.setAttribute("aria-pressed", String(order.id === world.selected));
      button.dataset.id = order.id;
      button.addEventListener("click", () => { world.selected = order.id; tick(); });
      return element("li", {}, button);
    }));
  if (hadFocus) list.querySelector(`[data-id="${hadFocus}"]`)?.focus();
}

/// The text with its link made one.
function linked(text) {
  if (!text.link || !text.body.includes(text.link)) return [text.body];
  const [before, ...after] = text.body.split(text.link);
  const link = element("a", { href: text.link, target: "_blank", rel: "noopener noreferrer" }, text.link);
  return [before, link, after.join(text.link)];
}

function drawPhone() {
  const texts = world.thread;
  const order = world.order;
  $("phone-clock").textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  $("phone-number").textContent = order?.e164 ?? order?.phone ?? "no number";
  const isNew = redraw($("thread"), [order?.e164, texts], () => {
    if (!texts.length) return [element("p", { className: "empty" }, "Texts arrive here.")];
    return texts.flatMap((text) => [
      element("div", { className: "bubble" }, ...linked(text)),
      element("small", {}, `${clock(text.at)} · ${text.status}${text.errorCode ? ` (${text.errorCode})` : ""}`
        + `${text.segments > 1 ? ` · ${text.segments} parts` : ""}`),
    ]);
  });
  if (isNew) $("thread").scrollTop = $("thread").scrollHeight;
  for (const field of $("code-form").querySelectorAll("input, button")) field.disabled = !world.token;
}

function drawTimeline() {
  const order = world.order;
  $("timeline-name").textContent = order?.name ?? "";
  const isOpen = order !== null && !order.cancelled;
  $("cancel").hidden = !isOpen;
  $("paid").hidden = !isOpen || order.financial !== "PENDING";
  redraw($("order-state"), [order?.tags, order?.cancelled, order?.note], () => {
    if (!order) return [];
    const tags = order.tags.map((tag) => element("span", { className: tag === "otp-verified" ? "badge" : "badge bad" }, tag));
    if (order.cancelled) tags.push(element("span", { className: "badge bad" }, "cancelled"));
    if (order.note) tags.push(element("q", {}, order.note));
    return tags;
  });
  const start = world.events[0]?.at ?? 0;
  const isNew = redraw($("timeline"), [order?.id, world.events], () =>
    world.events.map((event) => {
      const kind = event.kind.startsWith("outcome.") ? " outcome" : "";
      const isTopic = event.source !== "shop" && event.source !== "twilio";
      return element("li", { className: (isTopic ? "topic" : event.source) + kind },
        element("time", { title: clock(event.at) }, `${((event.at - start) / 1000).toFixed(1)} s`),
        element("span", {}, event.text, element("small", {}, isTopic ? event.source : event.source === "shop" ? "Shopify" : "Twilio")));
    }));
  if (!isNew) return;
  $("timeline").scrollTop = $("timeline").scrollHeight;
  // The list is drawn whole; only its newest line is read out.
  $("latest").textContent = world.events.at(-1)?.text ?? "";
}

function row(message) {
  const headers = message.headers.map((header) => `${header.name}: ${header.value}`).join("\n");
  const value = message.value ?? (message.size === undefined ? "(tombstone)" : `(${message.size} bytes, sealed or long)`);
  const size = message.size === undefined ? "–" : `${message.size} B`;
  const details = element("details", {},
    element("summary", {},
      element("span", { className: "muted" }, clock(message.at)),
      element("span", { className: "topic" }, message.topic.replace(/^.*\./, "")),
      element("span", {}, (message.type ?? "–").replace("app.otpguard.verification.", "")),
      element("span", { className: "place muted" }, `${message.partition}/${message.offset}`),
      element("span", { className: "key mono" }, message.key ?? "–"),
      element("span", { className: "size" }, size)));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(element("pre", {}, `${headers}\n\n${pretty(value)}`));
  });
  return details;
}

function pretty(value) {
  try { return JSON.stringify(JSON.parse(value), null, 2); } catch { return value; }
}

let drawnUpTo = 0;
let drawnFilter = "";

/// New messages are put on top; only a changed filter draws all again, so that opened ones stay open.
function drawMessages() {
  const words = $("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const filter = words.join(" ");
  const list = $("messages");
  if (filter !== drawnFilter) {
    list.replaceChildren();
    drawnUpTo = 0;
    drawnFilter = filter;
  }
  const isWanted = (message) => {
    const text = `${message.topic} ${message.type} ${message.key} ${message.value ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const fresh = world.messages.filter((message) => message.number > drawnUpTo && isWanted(message));
  if (world.messages.length) drawnUpTo = world.messages.at(-1).number;
  if (fresh.length) list.prepend(...fresh.slice(-500).reverse().map(row));
  while (list.childElementCount > 500) list.lastElementChild.remove();
  $("counts").textContent = `${world.messages.length} messages, ${world.beats} beats left out`;
}

let isBusy = false;

async function tick() {
  if (isBusy || document.hidden) return;
  isBusy = true;
  try {
    await world.refresh($("pause").checked);
    $("offline").hidden = true;
    drawOrders();
    drawPhone();
    drawTimeline();
    drawMessages();
  } catch {
    $("offline").hidden = false;
  } finally {
    isBusy = false;
  }
}

async function tickDaemons() {
  if (document.hidden) return;
  try { await world.refreshDaemons(); } catch { world.daemons = {}; }
  drawDaemons();
}

$("order-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const button = event.target.querySelector("button");
  button.disabled = true;
  say($("order-result"), "Placing the order…");
  try {
    const result = await world.place({
      shop: form.get("shop"), timerSeconds: Number(form.get("timer")), name: form.get("name"),
      phone: form.get("phone") || null, country: form.get("country"), cod: form.has("cod"),
    });
    if (result.problem) say($("order-result"), result.problem, "bad");
    else say($("order-result"), `${result.order.name} is placed.`, "good");
  } catch {
    say($("order-result"), "The sandbox does not answer.", "bad");
  }
  button.disabled = false;
  say($("code-result"), "");
  tick();
});

$("code-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const token = world.token;
  const code = $("code").value.replace(/\s/g, "");
  if (!token || !code) return;
  try {
    const answer = await world.verify(token, code);
    const { verdict, attemptsLeft } = answer.json;
    if (verdict === "verified") say($("code-result"), "Verified. Thank you!", "good");
    else if (verdict === "mismatch") say($("code-result"), `That is not the code. ${attemptsLeft} tries left.`, "bad");
    else if (verdict === "codeExpired") say($("code-result"), "That code has expired.", "bad");
    else say($("code-result"), complaint(answer), answer.ok ? "" : "bad");
    if (verdict === "verified") $("code").value = "";
  } catch {
    say($("code-result"), "The sandbox does not answer.", "bad");
  }
  tick();
});

$("fault-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  const [kind, mode] = form.get("fault").split(":");
  const answer = await world.fail(kind, mode, Number(form.get("times")));
  say($("fault-result"), answer.ok ? `It will, ${form.get("times")} times.` : complaint(answer), answer.ok ? "good" : "bad");
});

$("clear-faults").addEventListener("click", async () => {
  await world.clearFaults();
  say($("fault-result"), "Nothing fails any more.", "good");
});

$("cancel").addEventListener("click", async () => {
  if (world.order) await world.cancel(world.order.id);
  tick();
});

$("paid").addEventListener("click", async () => {
  if (world.order) await world.pay(world.order.id);
  tick();
});

$("filter").addEventListener("input", drawMessages);
document.addEventListener("visibilitychange", tick);
setInterval(tick, 500);
setInterval(tickDaemons, 4000);
tick();
tickDaemons();
