import Base
import HTTP
import Kafka
import KafkaMock
import Outbound
import Pipeline
import Runtime

/// The sandbox as a daemon: the mock Kafka with the catalogue's topics, the stand-ins, the page. Its first line on
/// stdout says where it is. A taken port ends it with one line (75), an address off loopback with 78.
enum SandboxProgram {
    static let description = DaemonDescription(
        name: "otp-sandbox",
        summary: "a world for development: mock Kafka, stand-in Twilio and Shopify, and a page to try it all;\n"
            + "otp-sandbox demo plays one order that is verified and one that times out, in a running world",
        port: 8080, common: SandboxParameters.common, parameters: SandboxParameters.own,
        check: SandboxParameters.problems)

    static func build(_ context: DaemonContext) async throws -> [Service] {
        let settings = SandboxParameters.settings(context.configuration)
        let cluster = try broker(settings)
        let world = SandboxWorld(settings, cluster: cluster, http: .urlSession(), now: context.clock.now)
        context.addRoutes { router in
            world.addRoutes(to: &router)
            SandboxPage.addRoutes(to: &router)
        }
        let kafka = KafkaSettings(brokers: cluster.bootstrapServers, clientId: context.name)
        let watch = try TopicWatch(kafka, settings.topology) { record in
            world.timelines.take(record)
            world.feed.take(record)
        }
        context.health.readiness("topics") { watch.isCaughtUp ? nil : "the topics are still being read" }
        return [
            Service(name: "mock kafka", start: {}, stop: { await finish(cluster.close) }),
            Service(name: "topics", start: { watch.start() }, stop: { await finish(watch.stop) }),
            Service(name: "stand-ins", start: { announce(world, context, cluster) }, stop: { world.stop() }),
        ]
    }

    private static func broker(_ settings: SandboxSettings) throws -> MockCluster {
        let cluster: MockCluster
        do throws(MockClusterError) {
            let port = settings.kafka.port
            cluster = try MockCluster(brokers: settings.brokers, port: port == 0 ? nil : port)
        } catch {
            throw EnvironmentFailure("can't start the mock Kafka (\(SandboxParameters.kafka.name)): \(error)")
        }
        cluster.createTopics(settings.topology.declarations.map { ($0.name, $0.partitions) })
        return cluster
    }

    private static func announce(_ world: SandboxWorld, _ context: DaemonContext, _ cluster: MockCluster) {
        let http = context.boundAddress ?? context.configuration.address(SandboxParameters.bind.name)
        let addresses = SandboxWorld.Addresses(http: http.description, kafka: cluster.bootstrapServers)
        world.announce(addresses)
        let line: JSONTree = ["http": .string(addresses.http), "kafka": .string(addresses.kafka)]
        StandardStream.output.write(String(decoding: line.bytes, as: UTF8.self) + "\n")
    }

    /// Blocking ends run off the cooperative pool.
    private static func finish(_ work: @escaping @Sendable () -> Void) async {
        do {
            try await offPool(work)
        } catch {
            preconditionFailure("work that throws nothing threw")
        }
    }
}
