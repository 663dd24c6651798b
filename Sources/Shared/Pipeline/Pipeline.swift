// The module Pipeline.
