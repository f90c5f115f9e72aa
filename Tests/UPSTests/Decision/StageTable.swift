// Stage | input | the phase that follows | what is announced, without `shutdown_`, and done. Read
// by StageTableTests.

enum StageTable {
    static let text = """
        idle          | good               | idle       |
        idle          | good x2            | idle       |
        idle          | failing            | confirming |
        idle          | failing x2         | pending    | sync power_fail pending
        idle          | request on line    | pending    | warning pending
        idle          | request on battery | committed  | sync power_fail pending run(0) committed
        idle          | low charge         | idle       |
        idle          | low runtime        | idle       |
        idle          | port closed        | idle       |
        idle          | cancel             | idle       | command_refused
        idle          | delay 20           | idle       | delayed
        idle          | measure            | idle       | command_refused
        idle          | drill              | idle       | command_refused
        idle          | ended ok           | idle       |
        idle          | ended failed       | idle       |
        idle          | silence            | idle       |
        confirming    | good               | idle       |
        confirming    | good x2            | idle       |
        confirming    | failing            | pending    | sync power_fail pending
        confirming    | failing x2         | pending    | sync power_fail pending
        confirming    | request on line    | pending    | warning pending
        confirming    | request on battery | committed  | sync power_fail pending run(0) committed
        confirming    | low charge         | confirming |
        confirming    | low runtime        | confirming |
        confirming    | port closed        | confirming |
        confirming    | cancel             | confirming | command_refused
        confirming    | delay 20           | confirming | delayed
        confirming    | measure            | confirming | command_refused
        confirming    | drill              | confirming | command_refused
        confirming    | ended ok           | confirming |
        confirming    | ended failed       | confirming |
        confirming    | silence            | committed  | power_fail run(0) sync committed run(0)
        pending       | good               | pending    |
        pending       | good x2            | idle       | power_good cancelled
        pending       | failing            | pending    |
        pending       | failing x2         | pending    |
        pending       | request on line    | pending    | power_good cancelled warning pending
        pending       | request on battery | committed  | run(0) committed
        pending       | low charge         | committed  | low_charge run(0) committed
        pending       | low runtime        | committed  | low_charge run(0) committed
        pending       | port closed        | pending    |
        pending       | cancel             | cancelled  | cancelled
        pending       | delay 20           | pending    | delayed
        pending       | measure            | pending    | command_refused
        pending       | drill              | pending    | command_refused
        pending       | ended ok           | pending    |
        pending       | ended failed       | pending    |
        pending       | silence            | committed  | run(0) committed run(0)
        cancelled     | good               | cancelled  |
        cancelled     | good x2            | idle       | power_good
        cancelled     | failing            | cancelled  |
        cancelled     | failing x2         | cancelled  |
        cancelled     | request on line    | pending    | power_good warning pending
        cancelled     | request on battery | committed  | run(0) committed
        cancelled     | low charge         | committed  | low_charge run(0) committed
        cancelled     | low runtime        | committed  | low_charge run(0) committed
        cancelled     | port closed        | cancelled  |
        cancelled     | cancel             | cancelled  |
        cancelled     | delay 20           | pending    | delayed
        cancelled     | measure            | cancelled  | command_refused
        cancelled     | drill              | cancelled  | command_refused
        cancelled     | ended ok           | cancelled  |
        cancelled     | ended failed       | cancelled  |
        cancelled     | silence            | committed  | run(0) committed run(0)
        on_battery    | good               | on_battery |
        on_battery    | good x2            | idle       | power_good
        on_battery    | failing            | on_battery |
        on_battery    | failing x2         | on_battery |
        on_battery    | request on line    | pending    | power_good warning pending
        on_battery    | request on battery | committed  | run(0) committed
        on_battery    | low charge         | committed  | low_charge run(0) committed
        on_battery    | low runtime        | committed  | low_charge run(0) committed
        on_battery    | port closed        | pending    |
        on_battery    | cancel             | cancelled  |
        on_battery    | delay 20           | pending    | delayed
        on_battery    | measure            | on_battery | command_refused
        on_battery    | drill              | on_battery | command_refused
        on_battery    | ended ok           | on_battery |
        on_battery    | ended failed       | on_battery |
        on_battery    | silence            | committed  | run(0) committed run(0)
        returned      | good               | idle       |
        returned      | good x2            | idle       |
        returned      | failing            | confirming |
        returned      | failing x2         | pending    | sync power_fail pending
        returned      | request on line    | pending    | warning pending
        returned      | request on battery | committed  | sync power_fail pending run(0) committed
        returned      | low charge         | idle       |
        returned      | low runtime        | idle       |
        returned      | port closed        | idle       |
        returned      | cancel             | idle       | command_refused
        returned      | delay 20           | idle       | delayed
        returned      | measure            | idle       | command_refused
        returned      | drill              | idle       | command_refused
        returned      | ended ok           | idle       |
        returned      | ended failed       | idle       |
        returned      | silence            | idle       |
        resuming      | good               | idle       |
        resuming      | good x2            | idle       |
        resuming      | failing            | pending    | sync power_fail pending
        resuming      | failing x2         | pending    | sync power_fail pending
        resuming      | request on line    | pending    | warning pending
        resuming      | request on battery | committed  | sync power_fail pending run(0) committed
        resuming      | low charge         | confirming |
        resuming      | low runtime        | confirming |
        resuming      | port closed        | confirming |
        resuming      | cancel             | confirming | command_refused
        resuming      | delay 20           | confirming | delayed
        resuming      | measure            | confirming | command_refused
        resuming      | drill              | confirming | command_refused
        resuming      | ended ok           | confirming |
        resuming      | ended failed       | confirming |
        resuming      | silence            | committed  | run(0) sync committed run(0)
        ups_request   | good               | pending    |
        ups_request   | good x2            | idle       | cancelled
        ups_request   | failing            | pending    |
        ups_request   | failing x2         | pending    | sync power_fail pending warning
        ups_request   | request on line    | pending    |
        ups_request   | request on battery | pending    | sync power_fail pending
        ups_request   | low charge         | pending    |
        ups_request   | low runtime        | pending    |
        ups_request   | port closed        | pending    |
        ups_request   | cancel             | cancelled  | cancelled
        ups_request   | delay 20           | pending    | delayed
        ups_request   | measure            | pending    | command_refused
        ups_request   | drill              | pending    | command_refused
        ups_request   | ended ok           | pending    |
        ups_request   | ended failed       | pending    |
        ups_request   | silence            | committed  | run(0) sync committed run(0)
        committed     | good               | committed  |
        committed     | good x2            | committed  | power_good
        committed     | failing            | committed  |
        committed     | failing x2         | committed  |
        committed     | request on line    | committed  | power_good
        committed     | request on battery | committed  |
        committed     | low charge         | committed  |
        committed     | low runtime        | committed  |
        committed     | port closed        | committed  |
        committed     | cancel             | committed  | command_refused
        committed     | delay 20           | committed  | command_refused
        committed     | measure            | committed  | command_refused
        committed     | drill              | committed  | command_refused
        committed     | ended ok           | committed  |
        committed     | ended failed       | committed  | run(1)
        committed     | silence            | committed  | run(1) run(1) run(1) run(1)
        committed_dry | good               | committed  |
        committed_dry | good x2            | idle       | power_good
        committed_dry | failing            | committed  |
        committed_dry | failing x2         | committed  |
        committed_dry | request on line    | idle       | power_good
        committed_dry | request on battery | committed  |
        committed_dry | low charge         | committed  |
        committed_dry | low runtime        | committed  |
        committed_dry | port closed        | committed  |
        committed_dry | cancel             | committed  | command_refused
        committed_dry | delay 20           | committed  | command_refused
        committed_dry | measure            | committed  | command_refused
        committed_dry | drill              | committed  | command_refused
        committed_dry | ended ok           | committed  |
        committed_dry | ended failed       | committed  |
        committed_dry | silence            | committed  |
        """
}
