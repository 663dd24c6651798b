/// Bodies of the Admin GraphQL API as they go over the wire.
enum ShopifyWire {
    struct Call<Variables: Encodable>: Encodable {
        let query: String
        let variables: Variables
    }

    /// HTTP 200 with `data`, `errors` or both. The errors and the cost are read before the data, whose shape an error
    /// may have changed.
    struct Head: Decodable {
        let errors: [Problem]?
        let extensions: Extensions?
    }

    /// The field of `data` is named after the operation; there is no `data` where all of it was refused.
    struct Answer<Field: Decodable>: Decodable {
        let data: [String: Field?]?
    }

    struct Problem: Decodable {
        struct Extensions: Decodable {
            let code: String?
        }

        /// A name, or an index of a list.
        struct Step: Decodable {
            let name: String?

            init(from decoder: any Decoder) throws {
                let value = try decoder.singleValueContainer()
                do { name = try value.decode(String.self) } catch { name = nil }
            }
        }

        let extensions: Extensions?
        let path: [Step]?
    }

    struct Extensions: Decodable {
        struct Cost: Decodable {
            let requestedQueryCost: Double?
            let throttleStatus: ShopPacing.Bucket?
        }

        let cost: Cost?
    }

    // Variables.

    struct Id: Encodable { let id: String }

    struct Tags: Encodable {
        let id: String
        let tags: [String]
    }

    struct Note: Encodable {
        struct Input: Encodable {
            let id: String
            let note: String
        }

        let input: Input
    }

    struct Cancel: Encodable {
        struct RefundMethod: Encodable { let originalPaymentMethodsRefund: Bool }

        let orderId: String
        let reason: String
        let refundMethod: RefundMethod
        let restock: Bool
        let notifyCustomer: Bool
        let staffNote: String?
    }

    // Fields of `data`.

    struct Order: Decodable {
        let id: String
        let cancelledAt: String?
        let tags: [String]
        let note: String?
        let displayFinancialStatus: String?
        let displayFulfillmentStatus: String?
    }

    struct Job: Decodable {
        let id: String
        let done: Bool
    }

    struct UserError: Decodable {
        let message: String
        let code: String?
    }

    /// What tagsAdd, tagsRemove and orderUpdate answer.
    struct Changed: Decodable {
        let userErrors: [UserError]
    }

    struct Cancelled: Decodable {
        let job: Job?
        let orderCancelUserErrors: [UserError]
    }
}
