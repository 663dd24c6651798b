import CRdKafka
import Glibc

/// The names of librdkafka's properties, for saying which one was meant.
enum PropertyNames {
    /// All of this build, as librdkafka prints them: the first column of its table. Empty where it can't be had.
    static func all() -> Set<String> {
        var buffer: UnsafeMutablePointer<CChar>?
        var size = 0
        guard let file = open_memstream(&buffer, &size) else { return [] }
        rd_kafka_conf_properties_show(file)
        fclose(file)
        defer { free(buffer) }
        guard let buffer else { return [] }
        let text = String(decoding: UnsafeRawBufferPointer(start: buffer, count: size), as: UTF8.self)
        let names = text.split(separator: "\n").compactMap { line in
            line.contains("|") ? line.prefix { $0 != " " && $0 != "|" } : nil
        }
        return Set(
            names.filter { name in name.allSatisfy { $0.isASCII && ($0.isLetter || "._".contains($0)) } }
                .map(String.init))
    }

    /// What to say of a name that is none: itself where it is plainly meant as one, and the one that is nearest.
    static func unknown(_ name: String, _ known: Set<String>) -> String {
        let nearest = known.map { (name: $0, steps: steps(from: name, to: $0)) }
            .min { ($0.steps, $0.name) < ($1.steps, $1.name) }
        if let nearest, nearest.steps <= (name.utf8.count < 8 ? 1 : 2) {
            return "there is no property \(name); is \(nearest.name) meant?"
        }
        let family = name.prefix { $0 != "." }
        let isOfFamily = family.count < name.count && known.contains { $0.hasPrefix("\(family).") }
        let isPlain = name.utf8.count <= 60 && name.allSatisfy { $0.isASCII && ($0.isLetter || $0 == ".") }
        return isOfFamily && isPlain
            ? "there is no property \(name)"
            : "its name is no property's (a comma of a value is written \\,)"
    }

    /// Letters to change, add or leave out (Levenshtein).
    private static func steps(from: String, to: String) -> Int {
        let (from, to) = (Array(from.utf8), Array(to.utf8))
        guard abs(from.count - to.count) <= 2 else { return 3 }
        var row = Array(0...to.count)
        for (i, a) in from.enumerated() {
            var previous = row[0]
            row[0] = i + 1
            for (j, b) in to.enumerated() {
                let changed = previous + (a == b ? 0 : 1)
                previous = row[j + 1]
                row[j + 1] = min(changed, row[j] + 1, previous + 1)
            }
        }
        return row[to.count]
    }
}
