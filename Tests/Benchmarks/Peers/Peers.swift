import Foundation

/// Where the peers are, and which are missing. Nothing is installed here: that is `compose/bench`'s.
struct Peers {
    enum Kind: String, CaseIterable {
        case wrk
        case nginx
        case nginxKafka = "nginx + lua-nginx-kafka"
        case aiohttp = "aiohttp + aiokafka"
    }

    /// `compose/bench.d`
    let home: String?
    private let python: String?
    private let exists: (String) -> Bool

    /// - Parameter exists: whether there is a file; tests script it.
    init(_ environment: [String: String], exists: @escaping (String) -> Bool) {
        home = environment["OTP_BENCH_HOME"]
        python = environment["OTP_BENCH_PYTHON"]
        self.exists = exists
    }

    private static let modules = "/usr/lib/nginx/modules/"
    private static let luaParts = [
        modules + "ndk_http_module.so", modules + "ngx_http_lua_module.so",
        "/usr/share/lua/5.1/nginx/kafka/producer.lua", "/usr/share/lua/5.1/resty/core.lua",
    ]

    /// Nil when it is there; else what lacks, in a user's words.
    func missing(_ kind: Kind) -> String? {
        guard let home, exists(home + "/wrk.lua") else { return "OTP_BENCH_HOME does not name compose/bench.d" }
        switch kind {
        case .wrk: return program("wrk") == nil ? "wrk" : nil
        case .nginx: return program("nginx") == nil ? "nginx" : nil
        case .nginxKafka:
            if program("nginx") == nil { return "nginx" }
            let parts = Self.luaParts.filter { !exists($0) }
            return parts.isEmpty ? nil : "libnginx-mod-http-lua or lua-nginx-kafka (\(parts.joined(separator: ", ")))"
        case .aiohttp:
            guard let python, exists(python) else { return "aiohttp and aiokafka (OTP_BENCH_PYTHON)" }
            return nil
        }
    }

    func program(_ name: String) -> String? {
        if name == "python" { return python }
        return ["/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/"].map { $0 + name }.first(where: exists)
    }

    /// The lines by which nginx loads what Lua needs.
    static let loadModules = ["ndk_http_module.so", "ngx_http_lua_module.so"].map { "load_module \(modules)\($0);" }
        .joined(separator: "\n")
}
