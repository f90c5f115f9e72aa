// The WebSocket to ups-server, at the page's own address. Used by app.js; comes back by itself,
// with a growing pause between the attempts. Knows nothing of what the messages mean.

const firstPause = 500;
const longestPause = 10_000;
/** A message comes every second: this long without one, the connection is dead. In ms. */
const longestSilence = 5_000;

function address() {
  const url = new URL('.', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

export class Connection {
  #socket = null;
  #pause = firstPause;
  #silence = 0;
  #retry = 0;
  #received;
  #lost;

  /** `received(object)` for each message; `lost()` whenever an attempt or a connection ends. */
  constructor({ received, lost }) {
    this.#received = received;
    this.#lost = lost;
    addEventListener('online', () => this.#retryNow());
    document.addEventListener('visibilitychange', () => this.#retryNow());
    this.#open();
  }

  /** False if there is no connection. */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #open() {
    const socket = new WebSocket(address(), 'broadcast');
    this.#socket = socket;
    this.#expectMessage();
    socket.onmessage = (event) => this.#take(event.data);
    socket.onclose = () => this.#drop();
  }

  #take(data) {
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (message === null || typeof message !== 'object') return;
    this.#pause = firstPause;
    this.#expectMessage();
    this.#received(message);
  }

  #expectMessage() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#drop(), longestSilence);
  }

  /** Without waiting for the closing handshake, which a dead connection never ends. */
  #drop() {
    clearTimeout(this.#silence);
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
    this.#retry = setTimeout(() => this.#open(), this.#pause);
    this.#pause = Math.min(2 * this.#pause, longestPause);
    this.#lost();
  }

  /** When the network or the reader is back, nobody wants to wait out the pause. */
  #retryNow() {
    if (this.#socket !== null || document.hidden) return;
    clearTimeout(this.#retry);
    this.#open();
  }
}
