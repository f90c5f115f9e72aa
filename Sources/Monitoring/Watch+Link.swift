// The link to the UPS: what follows when it comes or goes. Called by the Watch.

import UPS

extension Watch {
    /// At once when the moment itself was taken by bytes that completed nothing.
    func linkWake(at now: BootTime) -> BootTime? {
        controller.link(at: now) == lastLink ? controller.linkWake(at: now) : now
    }

    mutating func followLink(at now: BootTime) {
        let link = controller.link(at: now)
        defer { lastLink = link }
        guard link != lastLink else { return }
        if link == .ok, lastLink == nil || lastLink == .lost {
            let established =
                identity.series.map { Message(.linkEstablished, $0) } ?? Message(.linked)
            let text = hasBeenLinked ? Message(.linkRestored) : established
            announce(.linkRestored, text, incident: controller.incidentID, at: now)
            hasBeenLinked = true
            recover(at: now)
        } else if link == .lost {
            reading = Reading()
            checks.reset()
            controller.forgetBattery()
            poller.askEverything(at: now)
            if isOpen { missing.open(poller.counters, at: now) }
            energy.pause()
            loseCommands(because: "The link was lost.", at: now)
            if let outcome = measurement.linkLost() { finish(outcome, at: now) }
            guard hasBeenLinked else { return }
            announce(.linkLost, Message(.linkLost), incident: controller.incidentID, at: now)
        }
    }

    /// What was told moments before the link was lost still holds, until it is told anew.
    private mutating func recover(at now: BootTime) {
        for request in poller.stillKnown(at: now) {
            if let reply = lastReplies[Int(request.rawValue)] { reading.set(request, to: reply) }
        }
    }
}
