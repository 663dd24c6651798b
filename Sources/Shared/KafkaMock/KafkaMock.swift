// The module KafkaMock.
