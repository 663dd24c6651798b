/// Verifications as few bytes, for whoever holds a million of them: hashes as bytes instead of text, times as the way
/// from one to the next, what many share held once. Lossless for every value; the bytes mean something only to the
/// packer that made them and never leave the process.
public struct VerificationPacker: Sendable {
    /// What the verifications of one shop share as long as its settings stay.
    struct Terms: Hashable {
        let platform: String
        let shop: String
        let shopVersion: Int64
        let keyId: String
        let timerSeconds: Int
        let codeSeconds: Int
        let codeLength: Int
        let words: [TextKind]?
    }

    private var terms: [Terms] = []
    private var numbers: [Terms: Int] = [:]
    private var pool = TextPool()

    public init() {}

    public mutating func pack(_ value: Verification) -> [UInt8] {
        var out = ByteWriter()
        let shape = Shape(of: value)
        out.number(UInt64(shape.rawValue))
        out.number(UInt64(number(of: Terms(value.subject))))
        out.signed(value.openedAt)
        packSubject(value.subject, shape, &out)
        packState(value, shape, &out)
        return out.bytes
    }

    /// - Parameter bytes: what `pack` of this packer made.
    public func unpack(_ bytes: UnsafeRawBufferPointer) -> Verification {
        var bytes = ByteReader(bytes)
        let shape = Shape(rawValue: UInt32(truncatingIfNeeded: bytes.number()))
        let terms = terms[Int(bytes.number())]
        let openedAt = bytes.signed()
        let subject = subject(terms, shape, &bytes)
        return state(subject, openedAt, shape, &bytes)
    }

    private mutating func number(of new: Terms) -> Int {
        if let known = numbers[new] { return known }
        terms.append(new)
        numbers[new] = terms.count - 1
        return terms.count - 1
    }

    // MARK: What it is about

    private mutating func packSubject(_ subject: Subject, _ shape: Shape, _ out: inout ByteWriter) {
        pool.writeNumbered(subject.order, &out)
        if let name = subject.orderName { pool.writeNumbered(name, &out) }
        if let locale = subject.locale { pool.write(locale, &out) }
        pool.writeNumbered(subject.phoneMask, &out)
        out.counted(subject.phone.bytes)
        PackedText.write(subject.phoneHash, shape.contains(.phoneHash), &out)
        PackedText.write(subject.range, shape.contains(.range), &out)
        if let customer = subject.customerHash { PackedText.write(customer, shape.contains(.customerHash), &out) }
    }

    private func subject(_ terms: Terms, _ shape: Shape, _ bytes: inout ByteReader) -> Subject {
        let order = pool.readNumbered(&bytes)
        let name = shape.contains(.hasOrderName) ? pool.readNumbered(&bytes) : nil
        let locale = shape.contains(.hasLocale) ? pool.read(&bytes) : nil
        let mask = pool.readNumbered(&bytes)
        let phone = Sealed([UInt8](bytes.counted()))
        let phoneHash = PackedText.read(shape.contains(.phoneHash), &bytes)
        let range = PackedText.read(shape.contains(.range), &bytes)
        let customer = shape.contains(.hasCustomer) ? PackedText.read(shape.contains(.customerHash), &bytes) : nil
        var subject = Subject(
            platform: terms.platform, shop: terms.shop, order: order, orderName: name, shopVersion: terms.shopVersion,
            phone: phone, phoneHash: phoneHash, phoneMask: mask, range: range, customerHash: customer, locale: locale,
            keyId: terms.keyId, timerSeconds: terms.timerSeconds, codeSeconds: terms.codeSeconds,
            codeLength: terms.codeLength, words: terms.words,
            unpaid: shape.contains(.hasUnpaid) ? shape.contains(.unpaid) : nil)
        // The initialiser clamps it; what was read from a row was not.
        subject.codeSeconds = terms.codeSeconds
        return subject
    }

    // MARK: What became of it

    private mutating func packState(_ value: Verification, _ shape: Shape, _ out: inout ByteWriter) {
        if shape.contains(.hasReason), let reason = value.reason { pool.write(reason, &out) }
        if let detail = value.detail { out.counted(detail.utf8) }
        out.delta(value.statusAt, from: value.openedAt)
        if !shape.contains(.firstGeneration) {
            out.signed(Int64(value.generation))
            out.signed(Int64(value.firstTextOfPhone))
        }
        if let started = value.timerStartedAt { out.delta(started, from: value.openedAt) }
        if let hash = value.codeHash { PackedText.writeBcrypt(hash, shape.contains(.bcrypt), &out) }
        if let ends = value.codeExpiresAt { out.delta(ends, from: Self.usualEnd(value)) }
        if shape.contains(.hasGuesses) {
            out.number(UInt64(value.wrongGuesses.count))
            for guess in value.wrongGuesses { PackedText.writeGuess(guess, shape.contains(.guesses), &out) }
        }
        PackedText.write(value.texts, generation: value.generation, openedAt: value.openedAt, &out)
        if let settlement = value.settlement { PackedText.write(settlement, from: value.statusAt, &out) }
        if let round = value.round { out.signed(Int64(round)) }
        if let changes = value.phoneChanges { out.signed(Int64(changes)) }
        out.signed(value.applied)
    }

    private func state(
        _ subject: Subject, _ openedAt: Int64, _ shape: Shape, _ bytes: inout ByteReader
    ) -> Verification {
        var value = Verification(
            subject: subject, openedAt: openedAt, status: shape.status, reason: nil, statusAt: 0, generation: 1,
            codeHash: nil, codeExpiresAt: nil, wrongGuesses: [], texts: [], firstTextOfPhone: 1, timerStartedAt: nil,
            settlement: nil, applied: 0)
        if shape.contains(.hasReason) { value.reason = pool.read(&bytes) }
        if shape.contains(.hasDetail) { value.detail = String(decoding: bytes.counted(), as: UTF8.self) }
        value.statusAt = bytes.delta(from: openedAt)
        if !shape.contains(.firstGeneration) {
            value.generation = Int(bytes.signed())
            value.firstTextOfPhone = Int(bytes.signed())
        }
        if shape.contains(.hasTimer) { value.timerStartedAt = bytes.delta(from: openedAt) }
        if shape.contains(.hasCode) { value.codeHash = PackedText.readBcrypt(shape.contains(.bcrypt), &bytes) }
        if shape.contains(.hasCodeEnd) { value.codeExpiresAt = bytes.delta(from: Self.usualEnd(value)) }
        if shape.contains(.hasGuesses) {
            let count = Int(bytes.number())
            value.wrongGuesses = (0..<count).map { _ in PackedText.readGuess(shape.contains(.guesses), &bytes) }
        }
        value.texts = PackedText.texts(generation: value.generation, openedAt: openedAt, &bytes)
        if shape.contains(.hasSettlement) { value.settlement = PackedText.settlement(from: value.statusAt, &bytes) }
        if shape.contains(.hasRound) { value.round = Int(bytes.signed()) }
        if shape.contains(.hasPhoneChanges) { value.phoneChanges = Int(bytes.signed()) }
        value.applied = bytes.signed()
        return value
    }

    /// When a code's life mostly ends: as long after the first text as the shop said.
    private static func usualEnd(_ value: Verification) -> Int64 {
        (value.timerStartedAt ?? value.openedAt) &+ Int64(value.subject.codeSeconds) &* 1000
    }
}

extension VerificationPacker.Terms {
    init(_ subject: Subject) {
        platform = subject.platform
        shop = subject.shop
        shopVersion = subject.shopVersion
        keyId = subject.keyId
        timerSeconds = subject.timerSeconds
        codeSeconds = subject.codeSeconds
        codeLength = subject.codeLength
        words = subject.words
    }
}
