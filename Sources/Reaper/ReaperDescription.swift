import Pipeline
import Runtime

/// Reaper's name, port and parameters.
enum ReaperDescription {
    static let description = DaemonDescription(
        name: "otp-reaper",
        summary: "ends timers, settles orders at their shops, has old data erased; owns nothing",
        port: 8084,
        parameters: [
            PipelineEnvironment.keyringParameter, CommonParameters.shopifyURL, CommonParameters.shopifyAPIVersion,
            CommonParameters.cancel,
        ],
        commands: DeadCommands.all, check: PipelineEnvironment.kafkaProblems)
}
