import Kafka
import Model

/// Whose data is to go, at one shop; the value of `otp.erasures`, keyed by its id, written by Ingest.
///
/// Names nobody in the clear: hashes under the id key, and the platform's order ids. A record matches when any of the
/// three fits and it was opened before the request.
public struct ErasureRequest: Codable, Equatable, Sendable {
    /// The request's own id, also the record's key.
    public var id: String
    public var shop: String
    /// `IdentityKey.phoneHash` of each number.
    public var phoneHashes: [String]
    /// `IdentityKey.customerHash`.
    public var customerHash: String?
    /// Order ids of the platform, for example `gid://shopify/Order/1001`.
    public var orders: [String]
    /// Milliseconds since 1970. What was opened later stays.
    public var requestedAt: Int64
    /// Whether all of the shop's is meant; nil is false.
    public var everything: Bool?

    public init(
        id: String, shop: String, phoneHashes: [String], customerHash: String?, orders: [String], requestedAt: Int64,
        everything: Bool? = nil
    ) {
        self.id = id
        self.shop = shop
        self.phoneHashes = phoneHashes
        self.customerHash = customerHash
        self.orders = orders
        self.requestedAt = requestedAt
        self.everything = everything
    }

    public func matches(_ verification: Verification) -> Bool {
        let subject = verification.subject
        guard subject.shop == shop, verification.openedAt < requestedAt else { return false }
        if everything == true { return true }
        if phoneHashes.contains(subject.phoneHash) || orders.contains(subject.order) { return true }
        return customerHash != nil && subject.customerHash == customerHash
    }

    /// Orders of one request: well below a megabyte with ids of Shopify's.
    static let mostOrders = 10_000

    /// As many requests as it takes for each to fit its topic: the first is this one with the orders it has room for,
    /// the others name the rest, under ids of their own.
    public func parts() -> [ErasureRequest] {
        guard orders.count > Self.mostOrders else { return [self] }
        return stride(from: 0, to: orders.count, by: Self.mostOrders).map { start in
            var part = self
            part.orders = Array(orders[start..<min(start + Self.mostOrders, orders.count)])
            if start > 0 {
                part.id = "\(id)/\(start / Self.mostOrders + 1)"
                (part.phoneHashes, part.customerHash) = ([], nil)
            }
            return part
        }
    }

    public func record(_ topology: Topology) -> OutgoingRecord {
        Wire.record(Catalogue.erasures, topology, key: id, type: "erasure", value: Wire.encode(self))
    }

    public init(_ record: IncomingRecord) throws(WireProblem) {
        guard try Wire.type(of: record) == "erasure" else { throw WireProblem("unknown type") }
        self = try Wire.decode(ErasureRequest.self, from: record)
        guard try Wire.key(of: record) == id else { throw WireProblem("the key is not the request's id") }
    }
}
