// Parts that pages share. Each works on attributes; who reads without scripts misses them, and nothing else.

/** Buttons that copy what an element says. */
export function copying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(source);
      button.textContent = "Press Ctrl+C";
    }
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
}

/** Lists that are searched on the spot. */
export function filtering() {
  for (const input of document.querySelectorAll("[data-filter]")) {
    const items = document.getElementById(input.dataset.filter).children;
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/);
      for (const item of items) {
        const text = item.textContent.toLowerCase();
        item.hidden = !words.every((word) => text.includes(word));
      }
    });
  }
}
