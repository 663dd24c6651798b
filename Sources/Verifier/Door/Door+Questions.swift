import HTTP
import Model
import Pipeline
import Platforms
import Security

extension Door {
    /// A shopper's request that got past the checks, and where its outcome goes.
    struct Question: Sendable {
        let id: VerificationID
        let client: ClientAddress?
        let shop: String?
        /// Whether the answer is a page, for a person.
        let isShown: Bool
        let reply: @Sendable (Outcome) -> Void
    }

    /// The checks that need no Kafka: a storefront's signature, where the form came from, the token's tag. A token
    /// whose tag fits is no guess: only those that fail are counted against their address, and only such are slowed by
    /// it.
    func serve(
        _ request: HTTPRequest, _ tokenText: String?, _ renderer: some Renderer, isProxied: Bool,
        _ responder: Responder, _ ask: @Sendable (Question, HTTPRequest) -> Void
    ) {
        var client = limits.client(of: request)
        var place = Place(prefix: publicPath)
        func end(_ outcome: Outcome, _ token: LinkToken? = nil, _ refusal: DoorMetrics.Refusal) {
            metrics.refused(refusal)
            responder.respond(renderer.render(outcome, token: token, place: place, request: request))
        }
        func fail(_ refusal: DoorMetrics.Refusal) {
            if let client, let seconds = limits.failures.wait(client) {
                return end(.busy(retryAfterSeconds: seconds), nil, .address)
            }
            if let client { limits.failures.take(client) }
            end(.answered(Answer(.unknown, about: nil)), nil, refusal)
        }
        if isProxied {
            guard let proxied = AppProxyRequest(query: request.queryItems(), secrets: proxySecrets, now: clock()) else {
                return fail(.proxySignature)
            }
            // All of a storefront's shoppers come from the platform's own addresses: those say nothing of anybody.
            client = nil
            place = Place(prefix: proxied.pathPrefix, shop: proxied.shop)
        } else if request.method == "POST", !ownOrigin.sent(request) {
            return end(.foreignOrigin, nil, .origin)
        }
        let link = LinkText(tokenText ?? "", identity)
        guard let token = renderer is PageRenderer ? link.token : link.exactToken else {
            // Too much behind a right token is a mistake in copying, no guess.
            guard link.token == nil else { return end(.answered(Answer(.unknown, about: nil)), nil, .token) }
            return fail(.token)
        }
        guard closedBecause() == nil else { return end(.unavailable, token, .closed) }
        let question = Question(
            id: VerificationID(token.verificationId), client: client, shop: place.shop,
            isShown: renderer is PageRenderer,
            reply: { [place] outcome in
                responder.respond(renderer.render(outcome, token: token, place: place, request: request))
            })
        ask(question, request)
    }

    func look(_ question: Question) {
        if let seconds = limits.looks.take(question.id) ?? question.client.flatMap(limits.looksOfAddress.take) {
            metrics.refused(.looks)
            return question.reply(.busy(retryAfterSeconds: seconds))
        }
        switchboard.ask(question.id, shop: question.shop, AttemptMessage.look) {
            question.reply(Self.outcome($0))
        }
    }

    func resend(_ question: Question) {
        admit(question) { done in
            switchboard.ask(question.id, shop: question.shop, AttemptMessage.resend, completion: done)
        }
    }

    func guess(_ question: Question, _ code: Result<TypedCode, CodeInput.Problem>) {
        let typed: TypedCode
        switch code {
        case .success(let read): typed = read
        case .failure(let problem):
            metrics.refused(.badCode)
            return refuse(question, problem)
        }
        admit(question) { done in
            ask(question, typed.digits) { result in
                // How many digits the code has is the owner's to know. It says so before it compares or counts
                // anything.
                guard case .success(let answer) = result, answer.kind == .wrongLength,
                    let whole = answer.codeLength.flatMap(typed.filled)
                else { return done(result) }
                ask(question, whole, done)
            }
        }
    }

    private func ask(_ question: Question, _ digits: String, _ completion: @escaping Switchboard.Completion) {
        // One fingerprint for each key: which one the verification was opened with is the owner's to know.
        let fingerprints = Dictionary(
            uniqueKeysWithValues: keyring.all.map { key in
                (key.id, Fingerprint.text(GuessMAC.mac(pepper: key.pepper, id: question.id.uuid, code: digits)))
            })
        let length = digits.utf8.count
        switchboard.ask(
            question.id, shop: question.shop,
            { .guess(AttemptMessage.GuessAsk(ask: $0, fingerprints: fingerprints, digits: length)) },
            completion: completion)
    }

    /// Says what is wrong with a code. To a person with all that the page shows otherwise, too, for which a look is
    /// asked for.
    private func refuse(_ question: Question, _ problem: CodeInput.Problem) {
        let isLookAllowed =
            question.isShown && limits.looks.take(question.id) == nil
            && question.client.flatMap(limits.looksOfAddress.take) == nil
        guard isLookAllowed else { return question.reply(.badCode(problem, nil)) }
        switchboard.ask(question.id, shop: question.shop, AttemptMessage.look) { result in
            switch result {
            case .success(let answer): question.reply(.badCode(problem, answer))
            case .failure: question.reply(.badCode(problem, nil))
            }
        }
    }

    /// One attempt in flight a token, and no faster than the gate allows. What turns out to be wrong counts against the
    /// address it came from.
    private func admit(_ question: Question, _ ask: (@escaping Switchboard.Completion) -> Void) {
        switch limits.attempts.enter(question.id) {
        case .busy:
            metrics.refused(.attempts)
            question.reply(.busy(retryAfterSeconds: 1))
        case .tooFast(let seconds):
            metrics.refused(.attempts)
            question.reply(.busy(retryAfterSeconds: seconds))
        case .admitted:
            ask { result in
                limits.attempts.leave(question.id)
                if case .success(let answer) = result, [.mismatch, .locked, .unknown].contains(answer.kind),
                    let client = question.client
                {
                    limits.failures.take(client)
                }
                question.reply(Self.outcome(result))
            }
        }
    }

    private static func outcome(_ result: Result<Answer, Switchboard.Failure>) -> Outcome {
        switch result {
        case .success(let answer): .answered(answer)
        case .failure: .unavailable
        }
    }
}
