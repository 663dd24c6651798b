/// Answers to what `ShopifyReading` asks.
enum ShopifyReadingWire {
    struct Query: Encodable {
        let query: String
        let after: String?
    }

    struct Shop: Decodable {
        struct Plan: Decodable { let publicDisplayName: String? }

        let id: String?
        let name: String?
        let myshopifyDomain: String?
        let ianaTimezone: String?
        let currencyCode: String?
        let plan: Plan?
    }

    struct Orders: Decodable {
        struct PageInfo: Decodable {
            let hasNextPage: Bool
            let endCursor: String?
        }

        /// Null for one that may not be seen at all.
        let nodes: [Order?]
        let pageInfo: PageInfo
    }

    struct Order: Decodable {
        struct Address: Decodable {
            let phone: String?
            let countryCodeV2: String?
        }

        struct Customer: Decodable {
            struct Phone: Decodable { let phoneNumber: String? }

            let id: String?
            let defaultPhoneNumber: Phone?
            let defaultAddress: Address?
        }

        struct Price: Decodable {
            struct Money: Decodable {
                let amount: String?
                let currencyCode: String?
            }

            let shopMoney: Money?
        }

        let id: String
        let name: String?
        let createdAt: String?
        let updatedAt: String?
        let cancelledAt: String?
        let test: Bool?
        let tags: [String]?
        let customerLocale: String?
        let sourceName: String?
        let displayFinancialStatus: String?
        let displayFulfillmentStatus: String?
        let paymentGatewayNames: [String]?
        let totalPriceSet: Price?
        let phone: String?
        let shippingAddress: Address?
        let billingAddress: Address?
        let customer: Customer?
    }
}
