import Testing

/// Gives a suite one world for all of its tests: started before the first, ended after the last.
struct WorldTrait: SuiteTrait, TestScoping {
    let scans: Bool
    var brokers = 1

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let world = try await World.start(brokers: brokers)
        defer { world.stop() }
        try await World.$current.withValue(world) { try await function() }
        // After all of a world's journeys, nothing of them may stand anywhere in the clear.
        if scans { try await world.expectPrivacy() }
    }
}

extension Trait where Self == WorldTrait {
    static var world: WorldTrait { WorldTrait(scans: false) }

    /// A world whose mock Kafka has so many brokers.
    static func world(brokers: Int) -> WorldTrait { WorldTrait(scans: false, brokers: brokers) }

    /// A world whose topics and logs are scanned when its tests are over.
    static var scannedWorld: WorldTrait { WorldTrait(scans: true) }
}
