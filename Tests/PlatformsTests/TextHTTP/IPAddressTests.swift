import Testing

@testable import Platforms

@Suite("Addresses of the internet and others")
struct IPAddressTests {
    @Test(
        "an address that the internet does not route to is not public",
        arguments: [
            "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
            "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1",
            "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.7",
            "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
            "::", "::1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
            "3fff::1", "2001::1", "2001:20::1", "100::1", "64:ff9b:1::1", "::10.0.0.1",
            "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::192.168.0.1",
            "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::1",
        ])
    func special(_ text: String) throws {
        #expect(try !#require(IPAddress(text)).isPublic)
    }

    @Test(
        "the neighbours of those ranges are",
        arguments: [
            "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
            "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0",
            "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
            "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255",
            "2606:4700::1111", "2001:4860:4860::8888", "2001:200::1", "2001:db7::1", "2001:db9::1", "3ffe::1",
            "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
        ])
    func global(_ text: String) throws {
        #expect(try #require(IPAddress(text)).isPublic)
    }

    @Test(
        "what is no address is none",
        arguments: ["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "[::1]", "::1%lo", "host", "0x7f.1"])
    func none(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "the system's resolver knows this machine in all spellings",
        arguments: ["localhost", "127.0.0.1", "127.1", "0x7f000001"])
    func resolver(_ host: String) async {
        let addresses = await HostResolver.system(host)
        #expect(!addresses.isEmpty)
        #expect(addresses.allSatisfy { !$0.isPublic })
    }

    @Test("nobody has no address")
    func nobody() async {
        #expect(await HostResolver.system("-.invalid").isEmpty)
    }
}
