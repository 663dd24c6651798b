import Synchronization

/// All numbering plans: an index over the table's lines, made once; a region's own plan is read when it is first asked
/// for and kept.
enum PhonePlans {
    private struct Index {
        var lines: [Substring] = []
        /// Where each region stands; a calling code of no region has none.
        var byRegion: [Substring: Int] = [:]
        /// The lines of each calling code, the main region first.
        var byCode: [Int: [Int]] = [:]
    }

    private static let index: Index = {
        var index = Index()
        for line in String(decoding: PackageResources.phone_plans_txt, as: UTF8.self).split(separator: "\n")
        where !line.hasPrefix("#") {
            let fields = line.split(separator: " ", maxSplits: 2)
            guard fields.count == 3, let code = Int(fields[1]) else { continue }
            if fields[0] != "001" { index.byRegion[fields[0]] = index.lines.count }
            index.byCode[code, default: []].append(index.lines.count)
            index.lines.append(line)
        }
        return index
    }()

    private static let read = Mutex<[Int: PhoneRegion]>([:])

    private static func region(at line: Int) -> PhoneRegion? {
        if let known = read.withLock({ $0[line] }) { return known }
        guard let region = PhoneRegion(line: index.lines[line]) else { return nil }
        read.withLock { $0[line] = region }
        return region
    }

    /// - Parameter country: ISO 3166 alpha-2, in any case.
    static func region(_ country: String) -> PhoneRegion? {
        index.byRegion[Substring(country.uppercased())].flatMap(region(at:))
    }

    /// Those that share a calling code, the main one first; empty for a code that nobody has.
    static func regions(callingCode: Int) -> [PhoneRegion] {
        index.byCode[callingCode, default: []].compactMap(region(at:))
    }

    /// The main region of a calling code alone.
    static func main(callingCode: Int) -> PhoneRegion? {
        index.byCode[callingCode]?.first.flatMap(region(at:))
    }

    /// The calling code that these ASCII digits begin with, and how many of them it is (codes are prefix-free).
    static func callingCode(of digits: some Sequence<UInt8>) -> (code: Int, length: Int)? {
        var code = 0
        for (count, digit) in digits.prefix(3).enumerated() {
            code = code * 10 + Int(digit) - 0x30
            if code <= 0 { return nil }
            if index.byCode[code] != nil { return (code, count + 1) }
        }
        return nil
    }

    /// How many regions and codes there are.
    static var count: Int { index.lines.count }

    static var allRegions: [String] { index.byRegion.keys.map(String.init) }
}
