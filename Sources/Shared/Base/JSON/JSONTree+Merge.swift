extension JSONTree {
    /// JSON Merge Patch (RFC 7396 §2): objects are merged member by member, null removes, everything else replaces.
    public func merged(with patch: JSONTree) -> JSONTree {
        guard case .object(let changes) = patch else { return patch }
        var members = object ?? [:]
        for (name, change) in changes {
            members[name] = change == .null ? Optional.none : (members[name] ?? .null).merged(with: change)
        }
        return .object(members)
    }
}
