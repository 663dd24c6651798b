import Glibc

/// Zeroed memory straight from the kernel, given back when dropped. Beside the heap, so that what lives for days stands
/// nowhere between what lives for moments.
final class Pages {
    let base: UnsafeMutableRawPointer

    private let count: Int

    init(count: Int) {
        self.count = count
        guard
            let base = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            base != MAP_FAILED
        else { fatalError("no memory for \(count) bytes: \(String(cString: strerror(errno)))") }
        self.base = base
    }

    deinit { munmap(base, count) }
}
