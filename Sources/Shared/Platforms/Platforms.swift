// The module Platforms.
