// What the dashboard does beyond plain pages. Each part works on attributes, and every page works without this file,
// but for "Copy".
import { copying, filtering } from "./parts.js";

// A set-up token comes behind '#': no server and no log sees it.
for (const input of document.querySelectorAll("[data-from-hash]")) {
  const read = () => {
    if (location.hash.length < 2) return;
    input.value = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
  };
  read();
  addEventListener("hashchange", read);
}

// What was done is said once, and not again when the page is loaded anew.
{
  const query = new URLSearchParams(location.search);
  if (query.has("done")) {
    query.delete("done");
    history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
  }
}

copying();
filtering();

// Times in the reader's own zone.
const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
function localize(part) {
  for (const time of part.querySelectorAll("time[datetime]")) {
    time.title = time.dateTime;
    time.textContent = clock.format(new Date(time.dateTime));
  }
}
localize(document);

// A form whose results are on the same page: they follow what is typed, and where asked for, the time.
for (const form of document.querySelectorAll("form[data-live]")) {
  const results = document.getElementById(form.dataset.live);
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  form.after(said);
  let newest = 0;
  let timer;
  const refresh = async (isAsked) => {
    const mine = ++newest;
    const query = new URLSearchParams(new FormData(form));
    for (const [name, value] of [...query]) if (!value) query.delete(name);
    const address = `${location.pathname}${query.size ? `?${query}` : ""}`;
    const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
    // An older answer that comes late is not shown; a log-in that ended shows itself at the next click.
    if (!answer?.ok || answer.redirected || mine !== newest) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(results.id);
    if (!fresh) return;
    localize(fresh);
    if (isAsked) {
      history.replaceState(null, "", address);
      said.textContent = fresh.dataset.count;
    }
    // Nothing is touched where nothing changed: a reader or a selection stays where it is.
    if (fresh.innerHTML !== results.innerHTML) results.replaceChildren(...fresh.childNodes);
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, 150, true);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    refresh(true);
  });
  const every = Number(form.dataset.every);
  if (every && !new URLSearchParams(location.search).has("before")) {
    document.querySelector("[data-live-note]")?.removeAttribute("hidden");
    setInterval(() => {
      const isRead = results.contains(document.activeElement) || !getSelection().isCollapsed;
      if (!document.hidden && !isRead) refresh(false);
    }, every);
  }
}

// The callback URL follows the integration's id.
for (const input of document.querySelectorAll("[data-callback]")) {
  const shown = document.getElementById("callback");
  if (!shown || !input.dataset.callback) continue;
  input.addEventListener("input", () => (shown.textContent = input.dataset.callback + input.value));
}

// Connect: the same page that an app embeds, over this one.
for (const form of document.querySelectorAll("form[data-connect]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = document.getElementById("connect-problem");
    problem.hidden = true;
    try {
      const { Keywright } = await import("./keywright.js");
      const answer = await fetch(form.dataset.connect, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      // The log-in has ended, or the integration is gone: the page itself says it.
      if (!answer.headers.get("Content-Type")?.includes("json")) return location.reload();
      const body = await answer.json();
      const keywright = new Keywright({ connectSessionToken: body.token, host: body.host });
      keywright.openConnectUI({
        sessionToken: body.token,
        onEvent(event) {
          if (event.type === "connect") location.assign(form.dataset.done + encodeURIComponent(event.connectionId));
        },
      });
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    }
  });
}
