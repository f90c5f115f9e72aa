// The link to the UPS: what follows when it comes or goes. Called by the Watch.

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
            let name = identity.series ?? "the UPS"
            let text = hasBeenLinked ? "Link to the UPS restored" : "Link to \(name) established"
            announce(.linkRestored, text, incident: controller.incidentID, at: now)
            hasBeenLinked = true
        } else if link == .lost {
            reading = Reading()
            checks.reset()
            controller.forgetBattery()
            poller.askEverything(at: now)
            energy.pause()
            loseSettingsLink(at: now)
            if let outcome = measurement.linkLost() { finish(outcome, at: now) }
            guard hasBeenLinked else { return }
            announce(.linkLost, "Link to the UPS lost", incident: controller.incidentID, at: now)
        }
    }
}
