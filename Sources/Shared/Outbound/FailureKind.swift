import Foundation
import FoundationNetworking
import HTTP

/// What URLSession's errors mean to a caller who must not do anything twice.
enum FailureKind {
    /// Only failures to find or reach the host are surely before the first byte; everything else may have been sent.
    static func classify(_ error: any Error) -> OutboundError {
        guard let code = (error as? URLError)?.code else {
            return OutboundError(kind: .other, message: "the call failed", requestMayHaveBeenSent: true)
        }
        if code == .unknown, let reason = tlsReason(error.localizedDescription) {
            return OutboundError(kind: .tls, message: reason, requestMayHaveBeenSent: true)
        }
        let kind = kind(of: code)
        let surelyUnsent = kind == .couldNotConnect || code == .badURL || code == .unsupportedURL
        return OutboundError(
            kind: kind, message: "URL error \(code.rawValue)", requestMayHaveBeenSent: !surelyUnsent)
    }

    /// libcurl's trouble with TLS comes as "unknown" with its text, which names at most the host.
    private static func tlsReason(_ text: String) -> String? {
        ["SSL", "TLS", "certificate"].contains { text.contains($0) } ? text : nil
    }

    private static func kind(of code: URLError.Code) -> OutboundError.Kind {
        switch code {
        case .timedOut:
            .timedOut
        case .cannotFindHost, .cannotConnectToHost, .dnsLookupFailed, .notConnectedToInternet:
            .couldNotConnect
        case .networkConnectionLost, .badServerResponse:
            .connectionLost
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid, .clientCertificateRejected,
            .clientCertificateRequired:
            .tls
        case .cancelled:
            .cancelled
        default:
            .other
        }
    }
}
