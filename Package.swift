// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: Swift 6 language mode (the tools version's default), warnings are errors.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

func module(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/Shared/\(name)", resources: resources,
        swiftSettings: strict)
}

func daemon(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .executableTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// What several test targets share.
func support(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: strict)
}

let package = Package(
    name: "otp-guard",
    products: [
        .executable(name: "otp-ingest", targets: ["Ingest"]),
        .executable(name: "otp-sender", targets: ["Sender"]),
        .executable(name: "otp-verifier", targets: ["Verifier"]),
        .executable(name: "otp-reaper", targets: ["Reaper"]),
        .executable(name: "otp-sandbox", targets: ["Sandbox"]),
    ],
    targets: [
        // What the C library and librdkafka already bring.
        .target(name: "CSystem", path: "Sources/Shared/CSystem"),
        .target(
            name: "CCrypto", path: "Sources/Shared/CCrypto",
            linkerSettings: [.linkedLibrary(":libcrypto.so.3"), .linkedLibrary("crypt")]),
        .systemLibrary(
            name: "CRdKafka", path: "Sources/Shared/CRdKafka", pkgConfig: "rdkafka",
            providers: [.apt(["librdkafka-dev"])]),

        // Gives the mock broker a fixed port.
        .target(name: "CMockPort", path: "Sources/Shared/CMockPort"),

        // The ground floor: no domain, no Kafka, no HTTP.
        module("Base", []),

        // Layers, each knowing only those above it in this list.
        module("Model", [], resources: [.embedInCode("Phone/phone-plans.txt")]),
        module("Texts", ["Model"], resources: [.embedInCode("texts.json")]),
        module("Security", ["CCrypto", "Base"]),
        module("Kafka", ["CRdKafka", "CSystem", "Base"]),
        module("KafkaMock", ["CRdKafka", "CMockPort", "Kafka", "Base"]),
        module("HTTP", ["CSystem", "Base"]),
        module("Outbound", ["HTTP"]),
        module("Runtime", ["HTTP", "CSystem", "Base"]),
        module("Platforms", ["Model", "Security", "HTTP", "Base"]),
        module("Pipeline", ["Model", "Security", "Kafka", "Runtime", "Base"]),

        // The daemons.
        daemon(
            "Ingest",
            [
                "Pipeline", "Texts", "Platforms", "Outbound", "Runtime", "HTTP", "Kafka", "Security",
                "Model", "Base",
            ]),
        daemon(
            "Sender",
            [
                "Pipeline", "Platforms", "Outbound", "Texts", "Runtime", "HTTP", "Kafka", "Security",
                "Model", "Base",
            ]),
        daemon(
            "Verifier",
            ["Pipeline", "Texts", "Platforms", "Runtime", "HTTP", "Kafka", "Security", "Model", "Base"],
            resources: ["page.css", "page.js", "languages.json"].map { .embedInCode("Page/Resources/\($0)") }),
        daemon(
            "Reaper",
            ["Pipeline", "Platforms", "Outbound", "Runtime", "HTTP", "Kafka", "Security", "Model", "Base"]),
        daemon(
            "Sandbox",
            [
                "Pipeline", "Platforms", "Outbound", "Texts", "Runtime", "HTTP", "Kafka", "KafkaMock", "Security",
                "Model", "Base",
            ],
            resources: ["order.json", "sandbox.html", "sandbox.css", "sandbox.js", "world.js"].map {
                .embedInCode("Resources/\($0)")
            }),

        // Speaks to Chromium.
        support("Browser", ["Base"]),
        // Starts the built daemons; for the journeys and for the crash proof.
        support("TestWorld", []),
        // JSON Schemas, for tests of what is published.
        support("Schemas", ["Base"]),
        support(
            "Chaos", ["TestWorld", "Pipeline", "Platforms", "Outbound", "HTTP", "Kafka", "Security", "Model", "Base"]),
        // Figures of the built daemons on a real broker; no product.
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "Pipeline", "Runtime", "HTTP", "KafkaMock", "Kafka", "CRdKafka", "Security", "Model", "Base",
            ],
            path: "Tests/Benchmarks", swiftSettings: strict),

        // What KafkaTests run under valgrind; no product.
        .executableTarget(
            name: "FencedProducer", dependencies: ["Kafka", "KafkaMock", "CRdKafka", "Base"],
            path: "Tests/FencedProducer",
            swiftSettings: strict,
            // valgrind gives up at debugging information newer than itself.
            linkerSettings: [.unsafeFlags(["-Xlinker", "--strip-debug"])]),

        tests("Base", ["Base"]),
        tests("Model", ["Model"], resources: [.copy("Vectors")]),
        tests("Texts", ["Texts", "Model"], resources: [.copy("Vectors")]),
        tests("Security", ["Security", "Base"]),
        tests("Kafka", ["Kafka", "KafkaMock", "CRdKafka", "FencedProducer", "Base"]),
        tests("HTTP", ["HTTP", "Outbound"]),
        tests("Runtime", ["Runtime", "HTTP", "Base"]),
        tests(
            "Platforms", ["Platforms", "Schemas", "Model", "Security", "HTTP", "Base"], resources: [.copy("Vectors")]),
        tests(
            "Reaper",
            [
                "Reaper", "Verifier", "Pipeline", "Platforms", "Runtime", "HTTP", "Kafka", "KafkaMock", "Security",
                "Model", "Base",
            ]),
        tests(
            "Ingest",
            [
                "Ingest", "Pipeline", "Platforms", "Texts", "Runtime", "HTTP", "Kafka", "KafkaMock", "Security",
                "Model", "Base",
            ],
            resources: [.copy("Vectors")]),
        tests("Pipeline", ["Pipeline", "Kafka", "KafkaMock", "Model", "Security"]),
        tests("Contract", ["Schemas", "Pipeline", "Kafka", "Model", "Base"]),
        tests(
            "Journey",
            [
                "Browser", "TestWorld", "Schemas", "Pipeline", "Kafka", "CRdKafka", "Model", "Security",
                "HTTP",
                "Outbound", "Platforms",
                "Sandbox", "Ingest",
                "Sender",
                "Verifier", "Reaper", "Base",
            ]),
        tests("Benchmark", ["Benchmarks"]),
        tests(
            "Chaos",
            [
                "Chaos", "TestWorld", "Pipeline", "Kafka", "Model", "Security", "Sandbox", "Ingest",
                "Sender", "Verifier", "Reaper", "Base",
            ]),
        tests(
            "Verifier", ["Verifier", "Pipeline", "Platforms", "Kafka", "Model", "Security", "HTTP", "Runtime", "Base"]),
        tests("Page", ["Browser", "Verifier", "Pipeline", "Kafka", "Model", "Security", "HTTP", "Runtime", "Base"]),
        tests("Compose", ["Ingest", "Sender", "Verifier", "Reaper", "Sandbox", "Runtime", "HTTP", "Security"]),
        tests(
            "Sandbox",
            [
                "Sandbox", "Pipeline", "Platforms", "Outbound", "Runtime", "HTTP", "Kafka", "KafkaMock", "Security",
                "Model", "Base",
            ]),
        tests(
            "Sender",
            [
                "Sender", "Pipeline", "Platforms", "Texts", "Runtime", "HTTP", "Kafka", "KafkaMock", "Security",
                "Model", "Base",
            ]),
    ]
)
