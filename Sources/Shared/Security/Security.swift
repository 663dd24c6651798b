// The module Security.
