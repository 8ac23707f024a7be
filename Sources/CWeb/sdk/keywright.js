/**
 * Connects accounts from a web page.
 *
 *     import { Keywright } from "https://connect.example.com/keywright.js";
 *
 *     const keywright = new Keywright({ publicKey: "kw_pk_…" });
 *     button.onclick = async () => {
 *       const { connectionId } = await keywright.auth("my-desk", "user-1", { params: { subdomain: "acme" } });
 *     };
 *
 * Call `auth` in the click itself: it opens its window at once, and browsers block one that comes later.
 */

/** The folder that this file was loaded from: where it comes from the server, that is the server. */
const home = new URL(".", import.meta.url).href;

/** Why there is no connection. */
export class KeywrightError extends Error {
  /**
   * @param {string} code stable, and safe to branch on
   * @param {string} message what was found, and what is wanted
   * @param {{ next?: string, details?: object[], cause?: unknown }} [more]
   */
  constructor(code, message, { next, details = [], cause } = {}) {
    super(message, { cause });
    this.name = "KeywrightError";
    this.code = code;
    /** What to do now. */
    this.next = next ?? "try again";
    /** What is wrong with which part of the input. */
    this.details = details;
  }

  /** @param {{ code: string, message: string, next?: string, errors?: object[] }} error what the server says */
  static told({ code, message, next, errors }) {
    // Where the server names no step of its own, its message says what is wanted.
    const [what, rest = "do what the message says"] = message.split("; next: ");
    return new KeywrightError(code, what, { next: next ?? rest, details: errors });
  }
}

/** Wakes whoever sleeps. */
class Alarm {
  #wake = () => {};
  #hasRung = false;

  ring() {
    this.#hasRung = true;
    this.#wake();
  }

  /** Sleeps until it rings, or has since the last time. @param {number} time the longest, in milliseconds */
  async sleep(time) {
    if (!this.#hasRung) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, time);
        this.#wake = () => (clearTimeout(timer), resolve());
      });
    }
    this.#hasRung = false;
  }
}

/**
 * The window in which a person consents, and what can be told of it.
 *
 * `closed` is a hint. A provider's page with `Cross-Origin-Opener-Policy` cuts itself off, and from then on its window
 * counts as closed, though the person types a password in it. Two things are observed to tell the two apart:
 *
 * 1. The focus, where it was not on this page for a while before. A person who closes a window comes back to this page,
 *    and so does the focus, within `patience`; a page that cuts itself off keeps it.
 * 2. The window's address, where the focus says nothing (some window managers, browsers that programs drive). Once it
 *    can't be read, somebody else's page is in it. Where that was so for a while, that page did not cut itself off when
 *    it came, and so the window was closed; else the page did.
 *
 * What that can't tell: who closes a window and turns to another program counts as still there, and is waited for; who
 * is on this page while a later page behind it cuts itself off counts as gone. And of a window that was cut off nobody
 * can say when it is closed: that one ends with the flow's time limit, or by `signal`.
 */
class Popup {
  #window;
  #seenSince = null;
  #awaySince = null;
  #wentAt = null;
  #isGone = null;

  /** How long the focus has for coming back, in milliseconds. */
  static patience = 600;
  /** How long something has to be so before that says anything: opening a window and cutting it off shake both. */
  static steady = 400;

  constructor(window) { this.#window = window; }

  /** Opens a window now; null where the browser blocks it. */
  static open({ width, height }, name = "") {
    const left = Math.round(screenX + (outerWidth - width) / 2);
    const top = Math.round(screenY + (outerHeight - height) / 2);
    const opened = window.open("about:blank", name, `popup,width=${width},height=${height},left=${left},top=${top}`);
    return opened && !opened.closed ? new Popup(opened) : null;
  }

  is(source) { return source === this.#window; }
  go(url) { this.#window.location.replace(url); }
  close() { this.#window.close(); }

  /** Whether `closed` says that it is gone, true or not. */
  get isOutOfSight() { return this.#wentAt !== null; }

  /** Whether it was cut off, so that nobody can say. */
  get isHidden() { return this.#isGone === false; }

  /** Whether it is really closed, and for how long; null where it is not, or nobody can say. */
  get goneFor() { return this.#isGone ? Date.now() - this.#wentAt : null; }

  /** Looks at it; to be called often. @returns {boolean} whether there is news */
  look() {
    const isHere = document.hasFocus() && document.visibilityState === "visible";
    if (!this.#window.closed) {
      this.#awaySince = isHere ? null : this.#awaySince ?? Date.now();
      try {
        void this.#window.location.href;
        this.#seenSince = null;
      } catch {
        this.#seenSince ??= Date.now();
      }
      // A window may come back into sight where both pages are the server's.
      [this.#wentAt, this.#isGone] = [null, null];
      return false;
    }
    this.#wentAt ??= Date.now();
    if (this.#isGone !== null || Date.now() - this.#wentAt < Popup.patience) return false;
    const was = (since) => since !== null && this.#wentAt - since >= Popup.steady;
    this.#isGone = was(this.#awaySince) ? isHere : was(this.#seenSince);
    return true;
  }
}

/** A client of one server. Events: `opened`, `closed_hint`, `connect`, `error`. */
export class Keywright extends EventTarget {
  #host;
  #publicKey;
  #token;
  #size;

  /**
   * @param {object} options
   * @param {string} [options.publicKey] of the environment
   * @param {string} [options.connectSessionToken] what the backend got from POST /connect/sessions
   * @param {() => string | Promise<string>} [options.sessionToken] gets one when it is needed
   * @param {string} [options.host] the server's public URL; where this file was loaded from, unless said
   * @param {number} [options.width] of windows, in pixels
   * @param {number} [options.height] of windows, in pixels
   */
  constructor({ publicKey, connectSessionToken, sessionToken, host = home, width = 500, height = 640 } = {}) {
    super();
    if ([publicKey, connectSessionToken, sessionToken].filter((one) => one !== undefined).length !== 1) {
      throw invalid("give one of 'publicKey', 'connectSessionToken' and 'sessionToken'");
    }
    try {
      const url = new URL(host);
      if (!/^https?:$/.test(url.protocol)) throw new Error(url.protocol);
      this.#host = url.origin + url.pathname.replace(/\/+$/, "");
    } catch (cause) {
      throw invalid(`'host' is the server's public URL, not '${host}'`, cause);
    }
    this.#publicKey = publicKey;
    this.#token = sessionToken ?? (connectSessionToken && (() => connectSessionToken));
    this.#size = { width, height };
  }

  /** The server's origin: what its pages post comes from there. */
  get #origin() { return new URL(this.#host).origin; }

  // What an app calls.

  /**
   * Connects an account: in a window, or without one where `credentials` are given.
   *
   * @param {string} integration its key
   * @param {string} [connectionId] what the connection will be called; none with a session, which names it
   * @param {object} [options]
   */
  auth(integration, connectionId, options) {
    return this.#settle(() => limited(read(integration, connectionId, options), (wish) => {
      if (wish.credentials) return this.#fill(wish);
      if (wish.mode === "redirect") return this.#leave(wish);
      return this.#inWindow(wish);
    }));
  }

  /** Connects an account that needs no browser: by what is filled in, or by nothing. */
  create(integration, connectionId, options) {
    return this.#settle(() => limited(read(integration, connectionId, options), (wish) => this.#fill(wish)));
  }

  /** Connects the account of a connection anew; a session for it, from the backend, says which. */
  reconnect(integration, options) {
    if (this.#token) return this.auth(integration, undefined, options);
    return this.#settle(() => { throw invalid("a reconnect needs a session: POST /connect/sessions/reconnect"); });
  }

  /**
   * Goes on after `mode: "redirect"`, when the page is loaded again; it also cleans the address bar.
   *
   * @returns the connection, or null where nothing was begun or the person turned back
   */
  resume() {
    return this.#settle(async () => {
      const kept = sessionStorage.getItem(storageKey);
      const query = new URL(location.href).searchParams;
      const told = Object.fromEntries(facts.map((name) => [name, query.get(`keywright_${name}`)]));
      const url = withoutFacts(location.href);
      if (url !== location.href) history.replaceState(history.state, "", url);
      if (!kept) return null;
      const { ticket, integration } = JSON.parse(kept);
      // The address is nobody's word, and only says that the browser is back: the server tells how it ended.
      const result = await this.#ask(ticket);
      if (result?.state === "running" && !told.state) return null;
      if (result?.state === "running" || !result) {
        const words = "the server does not know yet how it ended";
        throw new KeywrightError(told.error ?? "network_error", words, { next: "call 'resume' again" });
      }
      // Not before: it is all that can still tell.
      sessionStorage.removeItem(storageKey);
      return ended(result, integration);
    });
  }

  /**
   * Shows the server's page for connecting over the app's own, in a frame that only it can read.
   *
   * Between the frame F (at HOST/connect/embed?origin=THIS) and this page, each message goes to the other's exact
   * origin, and what comes from elsewhere is not read:
   *
   *     F → page  { source: "keywright", type: "ready" }                 it can be given a session
   *     page → F  { source: "keywright", type: "session", token, integration? }
   *     F → page  { source: "keywright", type: "connect", providerConfigKey, connectionId }
   *     F → page  { source: "keywright", type: "error", code, message, next? }     it stays, and can be closed
   *     F → page  { source: "keywright", type: "size", height }               how high its content is, in pixels
   *     F → page  { source: "keywright", type: "close" }                 the person is done, or pressed Escape in it
   *
   * A frame that says nothing in time was refused, or nobody is there: it is closed with `embedding_failed`.
   *
   * @param {object} [options]
   * @param {string | (() => string | Promise<string>)} [options.sessionToken] where the client has none
   * @param {string} [options.integration] the one to show; else the person chooses
   * @param {(event: { type: string }) => void} [options.onEvent] is told each message, each error, and `close` once
   * @param {Element} [options.container] what it is put into; else a dialog
   * @returns {{ close(): void }}
   */
  openConnectUI({ sessionToken, integration, onEvent = () => {}, container } = {}) {
    const token = typeof sessionToken === "string" ? () => sessionToken : sessionToken ?? this.#token;
    if (!token) throw invalid("the connect page needs a session: give 'sessionToken'");
    const frame = frameOf(`${this.#host}/connect/embed?origin=${encodeURIComponent(location.origin)}`);
    const dialog = container ? null : document.createElement("dialog");
    const listening = new AbortController();
    const { signal } = listening;
    const close = () => {
      if (signal.aborted) return;
      listening.abort();
      dialog?.close();
      (dialog ?? frame).remove();
      onEvent({ type: "close" });
    };
    const fail = (error) => {
      const { code, message, next } = error;
      onEvent({ type: "error", code, message, next });
      this.#emit("error", error);
      close();
    };
    const late = setTimeout(() => fail(unembedded(this.#host)), 15_000);
    signal.addEventListener("abort", () => clearTimeout(late));
    const hear = async ({ source, origin, data }) => {
      if (source !== frame.contentWindow || origin !== this.#origin || data?.source !== "keywright") return;
      clearTimeout(late);
      if (data.type === "close") return close();
      if (data.type === "size") {
        if (dialog) dialog.style.height = `min(${Number(data.height)}px, 92vh)`;
        return;
      }
      onEvent(data);
      const { providerConfigKey, connectionId } = data;
      if (data.type === "connect") this.#emit("connect", { providerConfigKey, connectionId });
      if (data.type === "error") this.#emit("error", KeywrightError.told(data));
      if (data.type !== "ready") return;
      frame.focus();
      try {
        const session = { source: "keywright", type: "session", token: await token(), integration };
        if (!signal.aborted) frame.contentWindow.postMessage(session, this.#origin);
      } catch (cause) {
        if (!signal.aborted) fail(unanswered(cause));
      }
    };
    addEventListener("message", hear, { signal });
    if (dialog) show(dialog, frame, close, signal); else container.append(frame);
    return { close };
  }

  /**
   * Opens a window that a form of the page can lead to (`target="NAME"`): for pages of the server, which post what was
   * filled in, so that it stands in no address.
   *
   * @param {string} name of the window
   * @returns {{ ticket: string, result(options: object): Promise<object>, close(): void } | null} null where the browser blocks it
   */
  open(name) {
    const popup = Popup.open(this.#size, name);
    if (!popup) return null;
    const ticket = makeTicket();
    const result = (options) => this.#settle(() => {
      const { integration, ...rest } = options;
      return limited(read(integration, undefined, rest), (wish) => this.#wait(wish, ticket, popup));
    });
    return { ticket, result, close: () => popup.close() };
  }

  // In a window.

  #inWindow(wish) {
    // In the same task as the click; everything that takes time comes after it.
    const popup = Popup.open(this.#size);
    return this.#inOpened(wish, popup, makeTicket());
  }

  async #inOpened(wish, popup, ticket) {
    let url;
    try {
      url = await this.#url(`/oauth/connect/${encodeURIComponent(wish.integration)}`, wish, {
        ticket, origin: ownOrigin(), ...grouped("params", wish.params),
      });
      wish.limit.throwIfAborted();
    } catch (error) {
      popup?.close();
      throw error;
    }
    if (!popup) throw this.#blocked(wish, url, ticket);
    popup.go(url);
    this.#emit("opened", { integration: wish.integration });
    return this.#wait(wish, ticket, popup);
  }

  /** A browser's refusal to open a window, with ways out: a link to `url`, or `open()` in another click. */
  #blocked(wish, url, ticket) {
    const error = new KeywrightError("blocked_by_browser", "the browser blocked the window", {
      next: "call 'auth' in the click itself, or let the person open 'error.url' by a link and await 'error.wait()'",
    });
    // Each has a time of its own: the call's is over with this error.
    const wait = () => this.#settle(() => limited(wish, (wish) => this.#wait(wish, ticket, null)));
    const open = () => this.#settle(() => limited(wish, (wish) => {
      const popup = Popup.open(this.#size);
      if (!popup) throw this.#blocked(wish, url, ticket);
      popup.go(url);
      return this.#wait(wish, ticket, popup);
    }));
    return Object.assign(error, { url, wait, open });
  }

  /** Waits until the server knows how it ended. The window is asked for nothing but hints. */
  async #wait(wish, ticket, popup) {
    const { integration, limit } = wish;
    const alarm = new Alarm();
    const listening = new AbortController();
    const { signal: listens } = listening;
    const ring = () => alarm.ring();
    let heard = null;
    const hear = ({ source, origin, data }) => {
      if (!popup?.is(source) || origin !== this.#origin) return;
      if (data?.source !== "keywright" || data.type !== "end") return;
      heard = data;
      ring();
    };
    addEventListener("message", hear, { signal: listens });
    addEventListener("focus", ring, { signal: listens });
    document.addEventListener("visibilitychange", ring, { signal: listens });
    limit.addEventListener("abort", ring, { signal: listens });
    const looking = setInterval(() => {
      if (!popup?.look()) return;
      this.#emit("closed_hint", { integration, isCertain: !popup.isHidden });
      alarm.ring();
    }, 150);
    const start = Date.now();
    try {
      for (let pause = 1000; !limit.aborted; pause = Math.min(pause * 1.25, 3000)) {
        const result = await this.#ask(ticket, { signal: limit });
        if (result?.state === "success" || result?.state === "error") return ended(result, integration, popup);
        // A page of the server's own has said so, in our window: the server can't be asked, or found nothing of ours.
        if (heard?.state === "success") return { providerConfigKey: heard.integration, connectionId: heard.connection };
        if (heard?.state === "error") throw unfinished(heard.error, "; the window says why");
        const isLost = popup?.isOutOfSight && result?.state === "unknown" && Date.now() - start > 10_000;
        if (result && popup?.goneFor >= 3000 || isLost) {
          throw unfinished("window_closed", ": its window was closed");
        }
        await alarm.sleep(popup?.isOutOfSight ? Math.min(pause, 1000) : pause);
      }
      return await this.#giveUp(wish, ticket, popup);
    } finally {
      clearInterval(looking);
      listening.abort();
    }
  }

  /** The caller's signal or its time has ended it; but the server may know that it came to an end just before. */
  async #giveUp({ integration, signal }, ticket, popup) {
    const isCancelled = signal?.aborted;
    if (isCancelled) popup?.close();
    // A server that hangs is not waited for. What it was sent stays sent.
    const last = await Promise.race([this.#ask(ticket, { method: isCancelled ? "DELETE" : "GET" }), sleep(2000)]);
    if (last?.state === "success") return ended(last, integration);
    if (isCancelled) throw aborted();
    if (last?.state === "error") return ended(last, integration, popup);
    throw unfinished("timeout", ` in time${hiddenWords(popup)}`);
  }

  /** How an authorization goes; null where the server can't be reached just now. */
  async #ask(ticket, { method = "GET", signal } = {}) {
    try {
      return await within(10_000, signal, async (signal) => {
        const url = `${this.#host}/oauth/result?ticket=${ticket}`;
        const answer = await fetch(url, { method, cache: "no-store", credentials: "omit", signal });
        if (answer.status === 403) {
          const { error } = await answer.json();
          return { state: "error", error_type: error.code, error_desc: error.message };
        }
        // A server of ours always knows this address.
        if (answer.status === 404) return { state: "error", error_type: "invalid_host", error_desc: elsewhere(this.#host) };
        return answer.ok ? await answer.json() : null;
      });
    } catch {
      return null;
    }
  }

  // In the whole page.

  async #leave(wish) {
    const ticket = makeTicket();
    const back = new URL(wish.returnURL ?? location.href, location.href);
    back.hash = "";
    const url = await this.#url(`/oauth/connect/${encodeURIComponent(wish.integration)}`, wish, {
      ticket, return_url: withoutFacts(back.href), ...grouped("params", wish.params),
    });
    wish.limit.throwIfAborted();
    sessionStorage.setItem(storageKey, JSON.stringify({ ticket, integration: wish.integration }));
    location.assign(url);
    return this.#stay(wish, ticket);
  }

  /** The page goes: this comes to an end only where it does not, or where the browser shows it again as it was left. */
  async #stay({ limit }, ticket) {
    const listening = new AbortController();
    const shownAgain = new Promise((resolve) => {
      addEventListener("pageshow", ({ persisted }) => persisted && resolve(), { signal: listening.signal });
    });
    try {
      await Promise.race([shownAgain, failure(limit)]);
    } catch (error) {
      stop();
      sessionStorage.removeItem(storageKey);
      this.#ask(ticket, { method: "DELETE" });
      throw error;
    } finally {
      listening.abort();
    }
    // Whoever goes forward again can still finish it: the ticket stays for `resume`.
    throw unfinished("turned_back", ": the person came back by the browser's history");
  }

  // Without a browser.

  async #fill(wish) {
    const url = await this.#url(`/auth/custom/${encodeURIComponent(wish.integration)}`, wish, {});
    let answer, body;
    try {
      answer = await fetch(url, {
        method: "POST", credentials: "omit", signal: wish.limit,
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(texts({ ...wish.params, ...wish.credentials })),
      });
      body = await answer.json();
    } catch (cause) {
      wish.limit.throwIfAborted();
      throw unreached(cause);
    }
    if (!answer.ok) throw body.error ? KeywrightError.told(body.error) : unreached();
    return { providerConfigKey: body.providerConfigKey, connectionId: body.connectionId };
  }

  // What all of them do.

  async #url(path, wish, more) {
    const query = new URLSearchParams();
    if (this.#token) query.set("connect_session_token", await this.#session(wish.limit));
    else query.set("public_key", this.#publicKey);
    const rest = { connection_id: wish.connectionId, hmac: wish.hmac, user_scope: wish.scopes?.join(",") };
    for (const [name, value] of Object.entries({ ...rest, ...grouped("authorization_params", wish.hints), ...more })) {
      if (value !== undefined && value !== "") query.set(name, value);
    }
    return `${this.#host}${path}?${query}`;
  }

  /** The session's token, as far as the call waits for it. */
  async #session(limit) {
    try {
      return await Promise.race([this.#token(), failure(limit)]);
    } catch (cause) {
      limit.throwIfAborted();
      throw unanswered(cause);
    }
  }

  /** Tells listeners how it ended; work begins in the caller's task. */
  #settle(work) {
    let begun;
    try { begun = Promise.resolve(work()); } catch (error) { begun = Promise.reject(error); }
    return begun.then(
      (result) => { if (result) this.#emit("connect", result); return result; },
      (error) => { this.#emit("error", error); throw error; });
  }

  #emit(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }
}

const storageKey = "keywright";
const facts = ["state", "integration", "connection", "error"];
const known = new Set(["params", "hmac", "scopes", "hints", "credentials", "mode", "returnURL", "signal", "timeout"]);

/** What was asked for, checked. `auth("my-desk", { … })` has no connection id. */
function read(integration, connectionId, options) {
  if (connectionId !== null && typeof connectionId === "object") [connectionId, options] = [undefined, connectionId];
  if (typeof integration !== "string" || !integration) throw invalid("'integration' is the key of an integration");
  const { mode = "popup", timeout = 660_000, ...rest } = options ?? {};
  for (const name of Object.keys(rest)) if (!known.has(name)) throw invalid(`there is no option '${name}'`);
  if (mode !== "popup" && mode !== "redirect") throw invalid("'mode' is 'popup' or 'redirect'");
  if (!(timeout > 0)) throw invalid("'timeout' is a number of milliseconds");
  if (rest.signal?.aborted) throw aborted();
  return { integration, connectionId, mode, timeout, ...rest };
}

/** Does what is wished, with a `limit`: a signal that ends it with the caller's, or when its time is over. */
function limited(wish, work) {
  return within(wish.timeout, wish.signal, (limit) => work({ ...wish, limit }));
}

/**
 * Begins some work at once, with a signal that ends it with an outer one or after a time; its reason is what to throw.
 * By hand: browsers before 2024 have no `AbortSignal.any`.
 */
async function within(time, outer, work) {
  const ending = new AbortController();
  const cancel = () => ending.abort(aborted());
  // A browser's timer takes no longer one, and would ring at once.
  const timer = setTimeout(() => ending.abort(unfinished("timeout", " in time")), Math.min(time, 2 ** 31 - 1));
  outer?.addEventListener("abort", cancel);
  if (outer?.aborted) cancel();
  try {
    return await work(ending.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", cancel);
  }
}

/** Fails with a signal's reason, and else never comes. */
function failure(signal) {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

function sleep(time) {
  return new Promise((resolve) => setTimeout(resolve, time));
}

/** A URL without what the server adds to it. The rest is the app's, and stays as it is written, byte by byte. */
function withoutFacts(url) {
  const isOurs = (part) => facts.some((name) => part.startsWith(`keywright_${name}=`));
  return url.replace(/^([^?#]*)\?([^#]*)/, (_, address, query) => {
    const rest = query.split("&").filter((part) => !isOurs(part));
    return rest.length ? `${address}?${rest.join("&")}` : address;
  });
}

/** A frame that shows a page of the server's. */
function frameOf(url) {
  const frame = document.createElement("iframe");
  frame.src = url;
  frame.title = "Connect an account";
  // Not as an attribute: an app's Content-Security-Policy may forbid those.
  Object.assign(frame.style, { border: "0", width: "100%", height: "100%", display: "block" });
  return frame;
}

/** Words for a host that answers, and is another server: mostly, the SDK is a part of the app and `host` was forgotten. */
function elsewhere(host) {
  return `'${host}' is no Keywright server; next: give 'host', the server's public URL`;
}

/** Lays a dialog with a frame over the page. It keeps the focus, and closes at Escape and at a click beside it. */
function show(dialog, frame, close, signal) {
  Object.assign(dialog.style, {
    border: "0", outline: "0", padding: "0", borderRadius: "0.75rem", overflow: "hidden",
    width: "min(30rem, 96vw)", height: "min(20rem, 92vh)",
  });
  // The focus is its own until the frame is there to take it.
  dialog.tabIndex = -1;
  dialog.ariaLabel = frame.title;
  dialog.addEventListener("close", close, { signal });
  dialog.addEventListener("click", ({ target }) => target === dialog && close(), { signal });
  dialog.append(frame);
  document.body.append(dialog);
  dialog.showModal();
  dialog.focus();
}

/** This page's origin; none where it is sandboxed, and so can't be told anything. */
function ownOrigin() {
  return window.origin === "null" ? undefined : window.origin;
}

/** 256 random bits. */
function makeTicket() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The connection, or why there is none. */
function ended(result, integration, popup) {
  if (result.state === "success") {
    return { providerConfigKey: result.provider_config_key, connectionId: result.connection_id };
  }
  if (result.state === "error") {
    const words = result.error_type === "expired_flow" ? hiddenWords(popup) : "";
    throw KeywrightError.told({ code: result.error_type, message: result.error_desc + words });
  }
  const words = `the server knows no authorization of '${integration}' that was begun here`;
  throw new KeywrightError("unknown_ticket", words, { next: "start again" });
}

function hiddenWords(popup) {
  if (!popup?.isHidden) return "";
  return "; the provider's page hides whether its window is still open, so this could not be told before:"
    + " a button that aborts 'signal' lets a person end it at once";
}

/** Values as the server takes them. */
function texts(values) {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : String(value)]));
}

function grouped(group, values) {
  return Object.fromEntries(Object.entries(texts(values)).map(([name, value]) => [`${group}[${name}]`, value]));
}

function invalid(message, cause) {
  return new KeywrightError("invalid_options", message, { next: "correct the call", cause });
}

function aborted() {
  const words = "the authorization was cancelled by 'signal'; no connection comes of it";
  return new KeywrightError("aborted", words, { next: "start again where it is wanted" });
}

function unanswered(cause) {
  const next = "look at the app's own request to its backend";
  return new KeywrightError("session_token_failed", "'sessionToken' gave no token", { next, cause });
}

function unembedded(host) {
  const next = `name '${location.origin}' in the environment's 'allowed_origins' (Environment Settings); where it is`
    + ` there, look whether '${host}' answers, and whether this page's Content-Security-Policy lets it into a frame`;
  return new KeywrightError("embedding_failed", "the connect page did not come into its frame in 15 seconds", { next });
}

function unfinished(code, words) {
  return new KeywrightError(code, `the authorization was not finished${words}`, { next: "start again" });
}

function unreached(cause) {
  const words = "the server could not be reached, or something else answered";
  return new KeywrightError("network_error", words, { next: "look at 'host', and at the network", cause });
}
