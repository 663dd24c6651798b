import Testing

@Suite("The reader of the compose files")
struct YAMLTests {
    @Test("what the files use is read")
    func subset() throws {
        let text = """
            # a comment
            x-base: &base
              image: one   # behind a value
              env:
                A: "1 # not a comment"
            services:
              web:
                <<: *base
                image: two
                test: [CMD, "a, b", 'c']
                ports:
                  - "80:80"
                  - name: x
                    port: 81
                none: {}
                url: PLAINTEXT://:9092
            """
        let web = try #require(try YAMLReader.read(text).at("services", "web"))
        #expect(web["image"]?.text == "two")
        #expect(web.at("env", "A")?.text == "1 # not a comment")
        #expect(web["test"]?.texts == ["CMD", "a, b", "c"])
        let port = YAML.map(["name": .scalar("x"), "port": .scalar("81")])
        #expect(web["ports"]?.items == [.scalar("80:80"), port])
        #expect(web["none"]?.pairs?.isEmpty == true)
        #expect(web["url"]?.text == "PLAINTEXT://:9092")
    }

    @Test(
        "what is not read is an error, never a guess",
        arguments: [
            "a: 1\na: 2", "a:", "a: b: c", "a: *missing", "a: {b: c}", "a: [b", "a: |\n  text", "a:\n\tb: 1",
            "a: \"x\\n\"", "a:\n  b: 1\n c: 2", "just text", "a: &name value",
        ])
    func strict(_ text: String) {
        #expect(throws: YAMLError.self) { try YAMLReader.read(text) }
    }
}
