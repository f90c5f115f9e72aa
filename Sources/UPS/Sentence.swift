// What ups-server says to people, in English: every sentence that a program may know by its name
// and show in another language. The names and the values are kept; the page's languages have them.
// Words that are values of other sentences stand here, too.

/// Values are in braces, in the order in which a Message takes them.
public enum Sentence: String, CaseIterable, Sendable {
    // Power
    case powerFailed = "Input power failed"
    case powerFailedUnseen =
        "Input power failed; when is not known, it was absent at the first reading"
    case powerFailedAgain = "Input power failed again, the same outage"
    case powerBack = "Input power is back"
    case powerBackTooLate = "Input power is back, but the shutdown is under way"
    case powerBackAfter = "Input power is back after {seconds} s"
    case lowCharge = "The battery is low: charge {charge} %"
    case lowRuntime = "The battery is low: runtime {runtime} s at this load"
    case lowBoth = "The battery is low: charge {charge} %, runtime {runtime} s at this load"
    case overcurrent = "Overcurrent at the output"
    case overcurrentOver = "The overcurrent is over"

    // The shutdown
    case pending = "Shutdown in {seconds} s unless power returns"
    case pendingByRequest = "Shutdown in {seconds} s unless the UPS withdraws it"
    case pendingByCharge =
        "Shutdown in {seconds} s unless power returns, or the UPS tells its charge"
    case cancelledByPower = "Shutdown cancelled: power is back"
    case cancelledByUPS = "Shutdown cancelled: the UPS withdrew it"
    case cancelledBy = "Shutdown timer cancelled by {origin}"
    case delayedBy = "Shutdown in {seconds} s, set by {origin}"
    case nextDelayBy = "Delay of the next outage set to {seconds} s by {origin}"
    case committed = "Shutting this host down: {reason}"
    case committedDry = "Shutting this host down: {reason} (dry run: the command is not run)"
    case shutdownFailed = "The shutdown failed: every command was tried, and this host is still up"
    case upsAsks = "The UPS asks for a shutdown"
    case upsWithdrew = "The UPS withdrew its request; the outage goes on"
    case upsAskedBefore = "The UPS's shutdown flag was already set at the first reading"
    case formerOutageOver = "The outage before this start is over: the UPS does not last so long"

    // Reasons
    case delayOver = "the delay is over"
    case chargeIsLow = "the charge is low"
    case chargeUnknown = "the charge is not known"
    case runtimeIsLow = "the remaining runtime is low"
    case upsCuts = "the UPS is about to cut its output"
    case silentOnBattery = "the link to the UPS was lost on battery"
    case upsAsked = "the UPS asked for it"

    // Commands
    case mqtt = "MQTT"
    case dashboard = "the dashboard"
    case controlSocket = "the control socket"
    case refused = "Refused {command} from {origin}: {answer}"
    case refusedMore = "Refused {command} from {origin}: {answer} (and {count} more)"
    case otherIncident = "That command is for another incident: the present one is {incident}."
    case noIncident = "That command is for another incident: there is none."
    case alreadyCommitted = "The shutdown has already been committed."
    case nothingToCancel = "There is no outage, so there is nothing to cancel."
    case cancelled = "Cancelled."
    case cancelledUnlessLow = "Cancelled. A low charge or runtime may still shut this host down."
    case cancelledAtMost =
        "Cancelled for {seconds} s at most: then {reason}. Low charge or runtime may come earlier."
    case delayRange = "A delay is {least} to {most} seconds."
    case delayTooShort = "Over {origin} a delay may not be below {least} s."
    case delayOnlyLonger = "Over {origin} a delay may only lengthen: {seconds} s are left."
    case timerIsOff = "The timer is switched off (shutdownByTime), and {origin} may not arm it."
    case delayed = "Shutdown in {seconds} s."
    case delayedLess = "Shutdown in {seconds} s, not in {asked} s: then {reason}."
    case delayedToTimer = """
        Shutdown in {seconds} s, not in {asked} s: the UPS cuts its output {needed} s after that, \
        which this host needs.
        """
    case nextDelay = "The next outage has a delay of {seconds} s."
    case nextDelayLess = """
        The next outage has a delay of {seconds} s, but the UPS's own timer leaves only {longest} \
        s.
        """
    case tokenWanted = "A command needs the token."
    case tokenWrong = "The token is wrong."
    case tokenTooOften = "Too many wrong tokens: wait a minute."

    // The drill
    case drill = "Drill: {text}"
    case drillBegins = "A drill of {seconds} s begins; no command will be run."
    case drillOver = "Drill: over"
    case drillEnded = "Drill: ended by a real outage"
    case drillRuns = "A drill is running."

    // The link and the broker
    case linkLost = "Link to the UPS lost"
    case linkRestored = "Link to the UPS restored"
    case linked = "Link to the UPS established"
    case linkEstablished = "Link to {series} established"
    case brokerConnected = "Connected to the MQTT broker {address}"
    case brokerBack = "Back: the MQTT broker {address}"
    case brokerLost = "No connection to the MQTT broker {address}: {reason}"

    // The measurement
    case measurementAsked = "Measurement of the capacitors asked for"
    case measurementBegins = "The measurement of capacitance and ESR begins."
    case measurementDone = "Measurement done: capacitance {capacitance} mF, ESR {esr} mΩ"
    case measurementFailed = "The measurement failed."
    case measurementEndless = "The measurement did not end."
    case measurementRefused = "The UPS did not accept the measurement."
    case measurementNotStarted = "The UPS did not start the measurement."
    case measurementCutOff = "The link was lost during the measurement."
    case measurementRuns = "A measurement is already running."
    case outageOrJustEnded = "There is an outage, or one ended moments ago."
    case notFull = "The capacitors must be full; the charge is {charge} %."
    case measuredJustNow = "The last measurement was less than an hour ago; again in {seconds} s."

    // What is wrong
    case contradictionPresent =
        "The UPS says input power is present, but measures {voltage} V; the flag decides"
    case contradictionAbsent =
        "The UPS says input power is absent, but measures {voltage} V; the flag decides"
    case contradiction = "Input voltage and power flag contradict each other"
    case shortage =
        "At this load the UPS would not last for the {seconds} s that a shutdown of this host needs"
    case worn = "The capacitors should be replaced"
    case wornBy = """
        The capacitors should be replaced: {capacitance} % of the capacitance and {esr} % of the \
        ESR when new
        """
    case noBattery = "The UPS reports no battery"
    case shutdownIsSet = "The UPS's shutdown flag is set"
    case lastShutdownFailed = "The last shutdown failed"
    case neverAnswered = """
        The UPS has not answered since the serial port was opened: look at the cable, at \
        server.serial, and whether the UPS is on
        """
    case noSuchUPS = """
        What comes from the serial port does not answer the status request (0x40): it is no UPS of \
        this family, not at 38400 baud, or slower than poll.timeout
        """
    case slow = """
        The UPS leaves more than a third of the requests unanswered: it is slower than \
        poll.timeout ({seconds} s), or the line is disturbed
        """
    case notMeasured =
        "The UPS has not measured its capacitance yet: ups-server measure starts that"
    case withoutCharge = "Without the charge this host powers off {seconds} s after a power failure"
    case withoutRuntime = "Without these values a short runtime does not power this host off"
    case byHand = "Started by hand without shutdown.command: this host will not be shut down"

    // The service
    case serviceStarts = "ups-server {version} starts"
    case serviceStops = "ups-server stops"
}
