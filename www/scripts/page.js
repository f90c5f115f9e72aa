// What is known of the UPS, and since when: the one state of the page. Changed by app.js only;
// everything else reads it through the functions here.

/** A message comes every second; this long without one, what is shown is old. In ms. */
const freshness = 1_800;

export class Page {
  /** The last status object; null before the first. */
  status = null;
  /** The last one of a UPS that answered. */
  values = null;
  isConnected = false;
  /** When the last message came, by performance.now() and on the wall clock. */
  #receivedAt = performance.now();
  receivedOn = Date.now();
  /** Since when the UPS has not answered, on the server's clock. */
  linkLostOn = null;
  /** By performance.now(). */
  #deadlineAt = null;

  take(status) {
    const now = performance.now();
    this.#followLink(status);
    this.#followDeadline(status.shutdown, now);
    if (status.link === 'ok') this.values = status;
    this.status = status;
    this.isConnected = true;
    this.#receivedAt = now;
    this.receivedOn = Date.now();
  }

  lose() {
    this.isConnected = false;
  }

  /** The connection brings messages. */
  get isFresh() { return this.isConnected && this.silence < freshness; }

  /** What is shown is what the UPS says now. */
  get isLive() { return this.isFresh && this.status.link === 'ok'; }

  /** The first message may still come: there is nothing to show yet, and nothing wrong. */
  get isAwaited() { return this.status === null && this.silence < 2_000; }

  /** Milliseconds since the last message. */
  get silence() { return performance.now() - this.#receivedAt; }

  /** Milliseconds since 1970 on the clock of the host. */
  get now() { return this.status ? Date.parse(this.status.time) + this.silence : Date.now(); }

  /** Seconds since the last valid answer of the UPS; null: not known. */
  get age() {
    return this.status?.age === null ? null : this.status.age + this.silence / 1000;
  }

  /** Whole seconds to the shutdown, counted on between messages; null: none is set. */
  get remaining() {
    if (this.#deadlineAt === null || this.status.shutdown.phase === 'committed') return null;
    return Math.max(0, Math.round((this.#deadlineAt - performance.now()) / 1000));
  }

  /** Kept while the link is lost, so that the moment does not waver with each message. */
  #followLink({ link, time, age }) {
    if (link !== 'lost') this.linkLostOn = null;
    else this.linkLostOn ??= age === null ? null : Date.parse(time) - age * 1000;
  }

  /** Messages carry rounded seconds: what is known already is moved no further than they say. */
  #followDeadline({ remaining }, now) {
    if (remaining === null) {
      this.#deadlineAt = null;
      return;
    }
    const told = now + remaining * 1000;
    this.#deadlineAt = Math.min(Math.max(this.#deadlineAt ?? told, told - 500), told + 500);
  }
}
