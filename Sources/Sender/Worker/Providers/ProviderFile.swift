import Base
import Model
import Platforms
import Runtime

/// The operator's list of providers, `OTP_TEXT_PROVIDERS`: read once at the start, with all that is wrong in it named.
struct ProviderFile: Equatable, Sendable {
    enum Definition: Equatable, Sendable {
        /// The account of `OTP_TWILIO_*`.
        case twilio(name: String)
        case http(HTTPTextConfiguration)

        var name: String {
            switch self {
            case .twilio(let name): name
            case .http(let configuration): configuration.name
            }
        }
    }

    struct Problems: Error, Equatable {
        let list: [String]
    }

    /// What holds without a file.
    static let twilioAlone = ProviderFile(
        providers: [.twilio(name: "twilio")], order: ProviderOrder(otherwise: ["twilio"]), reports: .none)

    var providers: [Definition]
    var order: ProviderOrder
    var reports: ReportRule

    init(_ configuration: Configuration) throws {
        if let path = configuration.optionalText(SenderParameters.providers.name) {
            self = try ProviderFile(at: path)
        } else {
            self = .twilioAlone
        }
    }

    init(at path: String) throws(Problems) {
        guard let bytes = Self.contents(of: path) else { throw Problems(list: ["it can't be read"]) }
        self = try ProviderFile(parsing: bytes, file: Self.contents)
    }

    /// - Parameter file: reads the files that headers name.
    init(parsing bytes: [UInt8], file: @escaping (_ path: String) -> [UInt8]?) throws(Problems) {
        guard let tree = JSONTree(parsing: bytes) else { throw Problems(list: ["it is no JSON"]) }
        var reader = ProviderFileReader(tree, file)
        let result = reader.read()
        guard reader.problems.isEmpty else { throw Problems(list: reader.problems) }
        self = result
    }

    init(providers: [Definition], order: ProviderOrder, reports: ReportRule) {
        self.providers = providers
        self.order = order
        self.reports = reports
    }

    private static func contents(of path: String) -> [UInt8]? {
        do {
            return try Configuration.contents(of: path)
        } catch {
            return nil
        }
    }
}
