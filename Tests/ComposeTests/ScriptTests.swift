import Foundation
import Testing

@Suite("The shell scripts")
struct ScriptTests {
    static let commands = [
        "compose/bench", "compose/chaos", "compose/keys", "compose/ready", "compose/run", "compose/test", ".ci/run",
    ]
    static let parts = ["compose/common.sh", "compose/sandbox-environment.sh"]

    @Test("are all known to these tests")
    func complete() throws {
        let scripts = try (Repository.files(in: "compose") + Repository.files(in: ".ci")).filter { name in
            var isDirectory: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: Repository.path(name), isDirectory: &isDirectory)
            guard exists, !isDirectory.boolValue else { return false }
            return try name.hasSuffix(".sh") || Repository.text(name).hasPrefix("#!")
        }
        #expect(scripts.sorted() == (Self.commands + Self.parts).sorted())
    }

    @Test("are valid bash", arguments: commands + parts)
    func syntax(_ name: String) throws {
        let result = try Shell.run(["bash", "-n", Repository.path(name)])
        #expect(result.status == 0, "\(result.error)")
    }

    @Test("stop at the first error and can be run as they are", arguments: commands)
    func strict(_ name: String) throws {
        let text = try Repository.text(name)
        #expect(text.hasPrefix("#!/usr/bin/env bash\n"))
        #expect(text.contains("\nset -euo pipefail\n"))
        #expect(FileManager.default.isExecutableFile(atPath: Repository.path(name)))
    }

    @Test("end no process by its name", arguments: commands + parts)
    func noKillingByName(_ name: String) throws {
        #expect(try Repository.text(name).firstMatch(of: #/\b(pkill|killall|fuser)\b/#) == nil)
    }
}
