/// The map of the system: every topic, who writes it, who reads it, and how long it keeps what.
///
/// The broker's settings, the sandbox's topics and the documents' tables come from here and from nowhere else.
public enum Catalogue {
    private static let day: Int64 = 24 * 3_600_000

    public static let webhooks = Topic(
        name: "webhooks", key: "shop", partitionedBy: "shop",
        value: "webhook (sealed body), polled, notice, shop-key, shop-put, shop-patch, shop-install, shop-report, "
            + "shop-delete",
        policy: .delete(afterMs: 7 * day),
        writers: ["ingest", "verifier", "console"], readers: ["ingest"], beatsFrom: "ingest",
        maximumMessageBytes: 4 << 20)

    public static let shops = Topic(
        name: "shops", key: "shop", partitionedBy: "shop", value: "ShopRecord", policy: .compact,
        writers: ["ingest"], readers: ["ingest", "sender", "verifier", "reaper", "console"], beatsFrom: "ingest")

    public static let orders = Topic(
        name: "orders", key: "shop/order", partitionedBy: "shop", value: "OrderEntry: the duplicate ledger",
        policy: .delete(afterMs: 7 * day), writers: ["ingest"], readers: ["ingest"], beatsFrom: "ingest")

    public static let usage = Topic(
        name: "usage", key: "shop/month", partitionedBy: "shop", value: "UsageRecord", policy: .compact,
        writers: ["ingest"], readers: ["ingest", "console"], beatsFrom: "ingest")

    public static let customers = Topic(
        name: "customers", key: "shop/keyed phone hash", partitionedBy: "shop",
        value: "CustomerRecord: a number verified before", policy: .compact, writers: ["ingest"], readers: ["ingest"],
        beatsFrom: "ingest")

    public static let requests = Topic(
        name: "requests", key: "verification id", partitionedBy: "number range",
        value: "send, stop, attempted, receipt, verified", policy: .delete(afterMs: 7 * day),
        writers: ["ingest", "verifier", "sender"], readers: ["sender"], beatsFrom: "sender")

    public static let sends = Topic(
        name: "sends", key: "verification id", partitionedBy: "number range", value: "SendJob: intents and results",
        policy: .delete(afterMs: 7 * day), writers: ["sender"], readers: ["sender"], beatsFrom: "sender")

    public static let numbers = Topic(
        name: "numbers", key: "keyed phone or range hash", partitionedBy: "number range",
        value: "PhoneTexts, RangeTexts: budgets", policy: .compact, writers: ["sender"], readers: ["sender"],
        beatsFrom: "sender")

    public static let attempts = Topic(
        name: "attempts", key: "verification id", partitionedBy: "verification id",
        value:
            "opened, look, guess, resend, challenged, sent, delivered, failed, order-cancelled, released, phone-changed, "
            + "timed-out, settle, settled, erase",
        policy: .delete(afterMs: 7 * day), writers: ["ingest", "sender", "verifier", "reaper"],
        readers: ["verifier"], beatsFrom: "verifier", usesLogAppendTime: true)

    public static let records = Topic(
        name: "records", key: "verification id", partitionedBy: "verification id", value: "Verification",
        policy: .compact, writers: ["verifier"], readers: ["verifier", "reaper"], beatsFrom: "verifier")

    public static let verdicts = Topic(
        name: "verdicts", key: "correlation id", partitionedBy: "the reply partition named in the attempt",
        value: "Answer", policy: .delete(afterMs: 10 * 60_000), writers: ["verifier"], readers: ["verifier"],
        beatsFrom: nil)

    public static let outcomes = Topic(
        name: "outcomes", key: "shop/ce_id", partitionedBy: "shop", value: "OutcomeData as a CloudEvent: public",
        policy: .compact, writers: ["verifier", "ingest"], readers: ["console", "other services"],
        beatsFrom: "ingest")

    public static let erasures = Topic(
        name: "erasures", key: "request", partitionedBy: "request", value: "ErasureRequest", policy: .compact,
        writers: ["ingest"], readers: ["reaper"], beatsFrom: "reaper")

    public static let receipts = Topic(
        name: "receipts", key: "request/partition", partitionedBy: "request", value: "ErasureReceipt",
        policy: .delete(afterMs: 396 * day), writers: ["reaper"], readers: ["other services"], beatsFrom: "reaper")

    public static let dead = Topic(
        name: "dead", key: "original key", partitionedBy: "original key",
        value: "the original message, sealed; the reason in headers. Null: a mark that a letter was sent again",
        policy: .delete(afterMs: 14 * day),
        writers: ["ingest", "sender", "verifier", "reaper"], readers: ["operators"], beatsFrom: "reaper",
        maximumMessageBytes: 4 << 20)

    public static let all = [
        webhooks, shops, orders, usage, customers, requests, sends, numbers, attempts, records, verdicts, outcomes,
        erasures,
        receipts, dead,
    ]

    /// The longest a verification's messages may be needed: an order starts within a day, a timer lasts three at most.
    static let longestJourneyMs: Int64 = 4 * day
}
