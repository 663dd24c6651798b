import Foundation
import TestWorld
import Testing

/// A daemon asked to end while orders flow.
@Suite("Shutdown under traffic", .serialized, .world, .timeLimit(.minutes(5)))
struct ShutdownTests {
    @Test(
        "ends with 0 within ten seconds, and after its restart nothing is lost or doubled",
        arguments: [("otp-ingest", 1), ("otp-sender", 2), ("otp-verifier", 3), ("otp-reaper", 4)])
    func shutdown(daemon: String, number: Int) async throws {
        let world = World.now
        let traffic = Traffic(world, shop: "shutdown-\(number).myshopify.com", number: number)
        let (end, took) = try await traffic.flow {
            _ = try await world.eventually("traffic") { traffic.accepted.count >= 5 ? true : nil }
            let began = ContinuousClock.now
            let process = world[daemon]
            process.signal(SIGTERM)
            let end = try await world.eventually("\(daemon) to end", within: 30) { process.end }
            let took = ContinuousClock.now - began
            try await world.restart(daemon)
            let before = traffic.accepted.count
            _ = try await world.eventually("more traffic") { traffic.accepted.count > before + 3 ? true : nil }
            return (end, took)
        }
        #expect(end == .exited(0), "\(world[daemon].tail())")
        #expect(took < .seconds(10))
        for answer in traffic.answers { #expect([200, 503, nil].contains(answer.status)) }
        try await traffic.expectAllVerified()
    }

    @Test("a daemon whose log nobody reads ends within ten seconds all the same")
    func unread() async throws {
        let world = World.now
        world["otp-reaper"].stop()
        let log = Pipe()
        // Full from the start: the first line that the daemon writes is never written to its end.
        let full = log.fileHandleForWriting.fileDescriptor
        let flags = fcntl(full, F_GETFL)
        _ = fcntl(full, F_SETFL, flags | O_NONBLOCK)
        let block = [UInt8](repeating: 0x2e, count: 4_096)
        while write(full, block, block.count) > 0 {}
        _ = fcntl(full, F_SETFL, flags)
        let process = Process()
        process.executableURL = try DaemonProcess.products().appending(path: "otp-reaper")
        process.environment = Environment.of("otp-reaper", world.ports, world.secrets, world.broker)
        (process.standardError, process.standardOutput) = (log, FileHandle.nullDevice)
        try process.run()
        try await Task.sleep(for: .seconds(2))
        let began = ContinuousClock.now
        process.terminate()
        _ = try await world.eventually("the end", within: 15) { process.isRunning ? nil : true }
        #expect(ContinuousClock.now - began < .seconds(10))
        #expect(process.terminationReason == .exit && process.terminationStatus == 75)
        try await world.restart("otp-reaper")
    }
}
