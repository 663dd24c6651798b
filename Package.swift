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

        // Layers, each knowing only those above it in this list.
        module("Model", [], resources: [.embedInCode("Phone/phone-plans.txt")]),
        module("Texts", ["Model"], resources: [.embedInCode("texts.json")]),
        module("Security", ["CCrypto"]),
        module("CrashPoints", []),
        module("Kafka", ["CRdKafka", "CSystem", "CrashPoints"]),
        module("KafkaMock", ["CRdKafka", "CMockPort", "Kafka"]),
        module("HTTP", ["CSystem"]),
        module("Outbound", ["HTTP"]),
        module("Runtime", ["HTTP", "CSystem"]),
        module("Platforms", ["Model", "Security", "HTTP"]),
        module("Pipeline", ["Model", "Security", "Kafka", "Runtime"]),

        // The daemons.
        daemon(
            "Ingest",
            [
                "Pipeline", "Texts", "CrashPoints", "Platforms", "Outbound", "Runtime", "HTTP", "Kafka", "Security",
                "Model",
            ]),
        daemon(
            "Sender",
            [
                "Pipeline", "CrashPoints", "Platforms", "Outbound", "Texts", "Runtime", "HTTP", "Kafka", "Security",
                "Model",
            ]),
        daemon(
            "Verifier",
            ["Pipeline", "Texts", "CrashPoints", "Platforms", "Runtime", "HTTP", "Kafka", "Security", "Model"],
            resources: ["page.css", "page.js", "languages.json"].map { .embedInCode("Page/Resources/\($0)") }),
        daemon(
            "Reaper",
            ["Pipeline", "CrashPoints", "Platforms", "Outbound", "Runtime", "HTTP", "Kafka", "Security", "Model"]),
        daemon(
            "Sandbox",
            [
                "Pipeline", "Platforms", "Outbound", "Texts", "Runtime", "HTTP", "Kafka", "KafkaMock", "Security",
                "Model",
            ],
            resources: ["order.json", "sandbox.html", "sandbox.css", "sandbox.js", "world.js"].map {
                .embedInCode("Resources/\($0)")
            }),

        // Speaks to Chromium.
        support("Browser", []),
        // Starts the built daemons; for the journeys and for the crash proof.
        support("TestWorld", []),
        // JSON Schemas, for tests of what is published.
        support("Schemas", []),
        support(
            "Chaos", ["TestWorld", "Pipeline", "Platforms", "Outbound", "HTTP", "Kafka", "Security", "Model"]),
        // Figures of the built daemons on a real broker; no product.
        .executableTarget(
            name: "Benchmarks",
            dependencies: ["Pipeline", "Runtime", "HTTP", "KafkaMock", "Kafka", "CRdKafka", "Security", "Model"],
            path: "Tests/Benchmarks", swiftSettings: strict),

        // What KafkaTests run under valgrind; no product.
        .executableTarget(
            name: "FencedProducer", dependencies: ["Kafka", "KafkaMock", "CRdKafka"], path: "Tests/FencedProducer",
            swiftSettings: strict,
            // valgrind gives up at debugging information newer than itself.
            linkerSettings: [.unsafeFlags(["-Xlinker", "--strip-debug"])]),

        tests("Model", ["Model"], resources: [.copy("Vectors")]),
        tests("Texts", ["Texts", "Model"], resources: [.copy("Vectors")]),
        tests("Security", ["Security"]),
        tests("Kafka", ["Kafka", "KafkaMock", "CRdKafka", "FencedProducer"]),
        tests("HTTP", ["HTTP", "Outbound"]),
        tests("Runtime", ["Runtime", "HTTP"]),
        tests("Platforms", ["Platforms", "Schemas", "Model", "Security", "HTTP"], resources: [.copy("Vectors")]),
        tests(
            "Reaper",
            [
                "Reaper", "Verifier", "Pipeline", "Platforms", "Runtime", "HTTP", "Kafka", "KafkaMock", "Security",
                "Model",
            ]),
        tests(
            "Ingest",
            ["Ingest", "Pipeline", "Platforms", "Texts", "Runtime", "HTTP", "Kafka", "KafkaMock", "Security", "Model"],
            resources: [.copy("Vectors")]),
        tests("Pipeline", ["Pipeline", "Kafka", "KafkaMock", "Model", "Security"]),
        tests("Contract", ["Schemas", "Pipeline", "Kafka", "Model"]),
        tests(
            "Journey",
            [
                "Browser", "TestWorld", "Schemas", "CrashPoints", "Pipeline", "Kafka", "CRdKafka", "Model", "Security",
                "HTTP",
                "Outbound", "Platforms",
                "Sandbox", "Ingest",
                "Sender",
                "Verifier", "Reaper",
            ]),
        tests("CrashPoints", ["CrashPoints"]),
        tests("Benchmark", ["Benchmarks"]),
        tests(
            "Chaos",
            [
                "Chaos", "TestWorld", "CrashPoints", "Pipeline", "Kafka", "Model", "Security", "Sandbox", "Ingest",
                "Sender", "Verifier", "Reaper",
            ]),
        tests("Verifier", ["Verifier", "Pipeline", "Platforms", "Kafka", "Model", "Security", "HTTP", "Runtime"]),
        tests("Page", ["Browser", "Verifier", "Pipeline", "Kafka", "Model", "Security", "HTTP", "Runtime"]),
        tests("Compose", ["Ingest", "Sender", "Verifier", "Reaper", "Sandbox", "Runtime", "HTTP", "Security"]),
        tests(
            "Sandbox",
            [
                "Sandbox", "Pipeline", "Platforms", "Outbound", "Runtime", "HTTP", "Kafka", "KafkaMock", "Security",
                "Model",
            ]),
        tests(
            "Sender",
            ["Sender", "Pipeline", "Platforms", "Texts", "Runtime", "HTTP", "Kafka", "KafkaMock", "Security", "Model"]),
    ]
)
