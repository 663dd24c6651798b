import Model
import Platforms
import Testing

@testable import Reaper

@Suite("How a shop wants its orders cancelled")
struct CancelPolicyTests {
    private func settling(_ change: (inout ShopSettings) -> Void = { _ in }) -> Settling {
        var settings = ShopSettings()
        change(&settings)
        var settling = Settling()
        settling.access = .open(Settling.shopRef, CancelPolicy(settings))
        return settling
    }

    static let switches: [(@Sendable (inout ShopSettings) -> Void, refund: Bool, restock: Bool, notify: Bool)] = [
        ({ _ in }, true, true, false), ({ $0.refundOnCancel = false }, false, true, false),
        ({ $0.restockOnCancel = false }, true, false, false), ({ $0.notifyOnCancel = true }, true, true, true),
        (
            {
                $0.refundOnCancel = true
                $0.restockOnCancel = true
                $0.notifyOnCancel = false
            }, true, true, false
        ),
    ]

    @Test("refund, restock and notice are the shop's settings", arguments: switches.indices)
    func followed(index: Int) async {
        let (change, refund, restock, notify) = Self.switches[index]
        let settling = settling(change)
        #expect(await settling.settle(.settling(.cancel)).result == .cancelledByUs)
        let asked = settling.shop.lastCancellation
        #expect(asked?.refund == refund)
        #expect(asked?.restock == restock)
        #expect(asked?.notifyCustomer == notify)
        #expect(asked?.staffNote?.hasPrefix("[otp-guard a1b2c3d4] Phone number") == true)
    }

    @Test("the shop's words for its staff come first, ours after them, cut at what the platform takes")
    func staffNote() async throws {
        let settling = settling { $0.staffNote = "See the handbook, 4." }
        _ = await settling.settle(.settling(.cancel))
        let note = try #require(settling.shop.lastCancellation?.staffNote)
        #expect(note.hasPrefix("See the handbook, 4. [otp-guard a1b2c3d4] Phone number +1*****4567 not verified"))
        // The order's own note is ours alone: its marker stands at the line's beginning.
        #expect(settling.shop.order?.note?.hasPrefix("[otp-guard a1b2c3d4]") == true)
    }

    static let notes: [(String?, String, Int)] = [
        (nil, String(repeating: "x", count: 300), 255), (nil, "short", 5),
        (String(repeating: "n", count: 100), String(repeating: "x", count: 200), 255),
        // A character is two units here: 127 of them fit, and no half one.
        (nil, String(repeating: "😀", count: 200), 254),
        (String(repeating: "👩‍👩‍👧‍👦", count: 100), "ours", 253),
    ]

    @Test("a note is never longer than the platform takes, and no character is cut in two", arguments: notes.indices)
    func cut(index: Int) throws {
        let (own, line, length) = Self.notes[index]
        var settings = ShopSettings()
        settings.staffNote = own
        let note = try #require(CancelPolicy(settings).cancellation(of: orderGid, line).staffNote)
        #expect(note.utf16.count == length)
        #expect((own.map { "\($0) \(line)" } ?? line).hasPrefix(note))
    }

    @Test("a shop that never cancels has its unanswered orders tagged for review, nothing else")
    func neverCancels() async {
        // The owner's word for cancelOnTimeout: false is a review.
        let settling = settling { $0.cancelOnTimeout = false }
        #expect(await settling.settle(.settling(.review)) == .init(result: .tagged))
        #expect(settling.shop.order?.tags == ["otp-unverified"])
        #expect(settling.shop.order?.cancelledAt == nil)
        #expect(settling.shop.count("cancel") == 0)
    }
}
