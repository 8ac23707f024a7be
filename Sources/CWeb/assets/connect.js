// The connect page: it checks what is typed, opens the provider's window, and tells how that ended.
import { Keywright } from "./keywright.js";
import { copying, filtering } from "./parts.js";

copying();
filtering();

const value = (form, name) => form.elements.namedItem(name)?.value ?? "";
const root = new URL("../../", import.meta.url);

/** Tells the page around this one, where there is one: nobody but it. Nango's SDK looks for the same in `payload`. */
function tell(origin, message) {
  if (!origin || parent === window) return;
  const { type, providerConfigKey, connectionId, code: errorType, message: errorMessage } = message;
  const payload = type === "connect" ? { providerConfigKey, connectionId } : { errorType, errorMessage };
  parent.postMessage({ source: "keywright", ...message, payload }, origin);
}

// In a frame the page around it brings the session; it stands in no address.
const embed = document.getElementById("embed");
if (embed) {
  const { origin } = embed.dataset;
  addEventListener("message", (event) => {
    if (event.source !== parent || event.origin !== origin) return;
    const { source, type, token, integration, sessionToken } = event.data ?? {};
    const isOurs = source === "keywright" && type === "session";
    if (!isOurs && type !== "session_token") return;
    embed.elements.kw_session.value = (isOurs ? token : sessionToken) ?? "";
    embed.elements.kw_integration.value = integration ?? "";
    embed.submit();
  });
  tell(origin, { type: "ready" });
}

// It ended without a window.
const done = document.getElementById("done");
if (done) {
  const { origin, integration, connection } = done.dataset;
  tell(origin, { type: "connect", providerConfigKey: integration, connectionId: connection });
}
// It can't go on: the session has ended, or the integration is gone.
const end = document.getElementById("end");
if (end) tell(end.dataset.origin, { type: "error", code: end.dataset.error, message: end.dataset.said });

const around = (embed ?? done ?? end)?.dataset.origin ?? document.querySelector("[name=kw_origin]")?.value;
// A frame is as high as what is in it.
if (around && parent !== window) {
  document.documentElement.classList.add("framed");
  const main = document.querySelector("main");
  new ResizeObserver(() => tell(around, { type: "size", height: Math.ceil(main.getBoundingClientRect().height) })).observe(main);
}

const close = () => tell(around, { type: "close" });
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) close();
});
// A key that is pressed in a frame is not heard around it.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});

const form = document.getElementById("connect");
if (form) {
  checking(form);
  if ("leaves" in form.dataset) leaving(form);
}

/** What is typed is judged by the server's own rules, while it is typed. */
function checking(form) {
  for (const input of form.querySelectorAll("[data-check]")) {
    const error = document.getElementById(`e-${input.dataset.check}`);
    const help = document.getElementById(`h-${input.dataset.check}`);
    const usual = help.innerHTML;
    let timer;
    let newest = 0;
    const check = async () => {
      const mine = ++newest;
      const body = new URLSearchParams({
        kw_session: value(form, "kw_session"), kw_integration: value(form, "kw_integration"),
        name: input.dataset.check, value: input.value,
      });
      const answer = await fetch(new URL("connect/check", root), { method: "POST", body })
        .then((one) => (one.ok ? one.json() : null)).catch(() => null);
      // Only what the rules say is shown; that a session has ended is told when the form is sent.
      if (!answer || mine !== newest) return;
      const isWrong = Boolean(answer.reason) && input.value !== "";
      error.textContent = isWrong ? answer.reason : "";
      input.setAttribute("aria-invalid", String(isWrong));
      input.dataset.judged = body.get("value");
      if (answer.shown) help.textContent = answer.shown; else help.innerHTML = usual;
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(check, 200);
    });
    if (input.value) check();
  }
}

/** The provider's page opens in a window of its own, in the click; without one it takes the place of this page. */
function leaving(form) {
  const origin = value(form, "kw_origin");
  const problem = document.getElementById("problem");
  const waiting = document.getElementById("waiting");
  let earlier = null;

  form.addEventListener("submit", async (event) => {
    if (event.submitter?.value === "choose") return form.removeAttribute("target");
    // What was changed since it was judged may be right by now.
    const wrong = [...form.querySelectorAll("[data-judged][aria-invalid=true]")].find((one) => one.value === one.dataset.judged);
    if (wrong) {
      event.preventDefault();
      return wrong.focus();
    }
    const keywright = new Keywright({ connectSessionToken: value(form, "kw_session"), host: root.href });
    // A window of its own for each try: in one that is used again two pages would race to be loaded.
    earlier?.close();
    const name = `keywright-${Math.random().toString(36).slice(2)}`;
    const watch = keywright.open(name);
    earlier = watch;
    problem.hidden = true;
    // What an earlier try has set does not count for this one.
    form.removeAttribute("target");
    form.elements.kw_ticket.value = "";
    if (!watch) {
      if (!origin) return;
      // A provider shows no log-in in a frame.
      event.preventDefault();
      fail({ code: "blocked_by_browser", message: "Your browser blocked the window. Allow windows of this page, and press Connect again." });
      return;
    }
    form.target = name;
    form.elements.kw_ticket.value = watch.ticket;
    form.hidden = true;
    waiting.hidden = false;
    const stop = new AbortController();
    document.getElementById("cancel").onclick = () => stop.abort();
    try {
      const { providerConfigKey, connectionId } = await watch.result({ integration: form.dataset.integration, signal: stop.signal });
      document.querySelector("h1").hidden = true;
      document.getElementById("connected").hidden = false;
      document.querySelector("#connected h1").focus();
      tell(origin, { type: "connect", providerConfigKey, connectionId });
    } catch (error) {
      form.hidden = false;
      // Its words are here too, beside what can be done; only what the person has decided there stays to be read.
      if (error.code !== "access_denied") watch.close();
      fail(error);
    } finally {
      waiting.hidden = true;
    }
  });

  function fail({ code, message, next }) {
    const words = document.querySelector(`[data-code="${CSS.escape(code)}"]`)?.textContent;
    problem.textContent = words ?? sentence(message);
    problem.hidden = false;
    problem.focus();
    tell(origin, { type: "error", code, message, next });
  }

  function sentence(text) {
    const whole = text.charAt(0).toUpperCase() + text.slice(1);
    return whole.endsWith(".") ? whole : `${whole}.`;
  }
}
