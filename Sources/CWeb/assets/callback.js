// The page at which an authorization ends. It tells the page that opened this window, and nobody else: the server knows
// which page that is, and a window of another origin gets nothing.
const { origin, ...facts } = document.getElementById("end").dataset;

// The provider's code leaves the address bar, and the window's history.
history.replaceState(null, "", location.pathname);

if (origin && window.opener) {
  window.opener.postMessage({ source: "keywright", type: "end", ...facts }, origin);
}

// A failure stays to be read.
if (facts.state === "success") setTimeout(() => window.close(), 1200);

// A window that a page opened may be closed by a page.
const button = document.getElementById("close");
if (button && window.opener) {
  button.hidden = false;
  button.addEventListener("click", () => window.close());
}
