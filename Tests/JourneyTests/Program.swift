import Foundation
import TestWorld

/// A built program run to its end, as an operator runs it.
struct Program {
    let status: Int32
    let output: String
    let errors: String

    static func run(
        _ name: String, _ arguments: [String], environment: [String: String], input: String = ""
    ) throws -> Program {
        let process = Process()
        let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
        process.executableURL = try DaemonProcess.products().appending(path: name)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Neither fills a pipe.
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complained = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Program(
            status: process.terminationStatus, output: String(decoding: said, as: UTF8.self),
            errors: String(decoding: complained, as: UTF8.self))
    }
}
