// Works the filter, the copy buttons and the theme switch, and unpacks a large page. A small page is readable without it.
(async () => {
  "use strict";
  const root = document.documentElement;
  const find = (id) => document.getElementById(id);
  root.classList.add("js");

  // The compressed parts of a large page, each to its place.
  const packed = find("packed");
  if (packed) {
    try {
      const bytes = Uint8Array.from(atob(packed.textContent), (letter) => letter.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      const parts = JSON.parse(await new Response(stream).text());
      for (const place of document.querySelectorAll("[data-part]")) place.innerHTML = parts[place.dataset.part];
      if (location.hash) find(location.hash.slice(1))?.scrollIntoView();
    } catch {
      const hint = document.createElement("p");
      hint.className = "warning";
      hint.textContent = "This browser cannot unpack the rest of the page. The JSON report has it.";
      packed.before(hint);
    }
  }

  // Theme: that of the system, until the reader chooses one.
  const theme = find("theme");
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const label = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  const remembered = () => { try { return localStorage.getItem("glueproof-theme"); } catch { return null; } };
  const remember = (value) => { try { localStorage.setItem("glueproof-theme", value); } catch { /* not here */ } };
  if (["dark", "light"].includes(remembered())) root.dataset.theme = remembered();
  label();
  system.addEventListener("change", label);
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember(root.dataset.theme);
    label();
  });

  // Copying.
  const said = find("said");
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      area.className = "unseen";
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const before = button.textContent;
    const done = await copy(find(button.dataset.copy).textContent);
    button.textContent = done ? "Copied" : "Not copied";
    said.textContent = done ? "Copied to the clipboard" : "The browser does not allow copying";
    button.focus();
    setTimeout(() => { button.textContent = before; said.textContent = ""; }, 1500);
  });

  // Tabs: the form that a reader chooses is chosen for every finding that has it.
  const choose = (form) => {
    for (const group of document.querySelectorAll(".commands")) {
      if (!group.querySelector(`[role=tab][data-form="${form}"]`)) continue;
      for (const tab of group.querySelectorAll("[role=tab]")) {
        const chosen = tab.dataset.form === form;
        tab.setAttribute("aria-selected", String(chosen));
        tab.tabIndex = chosen ? 0 : -1;
      }
      for (const panel of group.querySelectorAll(".panel")) panel.classList.toggle("chosen", panel.dataset.form === form);
    }
  };
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (!tab) return;
    // The findings above may become longer or shorter: the tab stays under the pointer.
    const before = tab.getBoundingClientRect().top;
    choose(tab.dataset.form);
    window.scrollBy({ top: tab.getBoundingClientRect().top - before, behavior: "instant" });
  });
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest("[role=tab]");
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!tab || !by) return;
    event.preventDefault();
    const tabs = [...tab.parentElement.querySelectorAll("[role=tab]")];
    const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
    next.focus();
    next.click();
  });

  // Filter.
  const form = find("filter");
  if (!form) return;
  const rules = [...document.querySelectorAll(".rule")];
  const holders = [...document.querySelectorAll(".group, .cause")];
  const lists = [...document.querySelectorAll(".list")];
  const texts = new Map();
  const text = (rule) => {
    if (!texts.has(rule)) texts.set(rule, rule.textContent.toLowerCase());
    return texts.get(rule);
  };
  const keys = ["operation", "family", "outcome", "level"].filter((key) => find(key));
  const chosen = () => Object.fromEntries(keys.map((key) => [key, find(key).value]));
  const opened = new Set();
  const show = (holder, some, active) => {
    holder.hidden = !some;
    if (active && some && !holder.open) {
      holder.open = true;
      opened.add(holder);
    } else if (!active && opened.delete(holder)) {
      holder.open = false;
    }
  };
  const apply = () => {
    const words = find("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const choice = chosen();
    const active = words.length > 0 || Object.values(choice).some(Boolean);
    let count = 0;
    for (const rule of rules) {
      const fits = keys.every((key) => !choice[key] || rule.dataset[key] === choice[key])
        && words.every((word) => text(rule).includes(word));
      rule.hidden = !fits;
      count += fits ? 1 : 0;
    }
    for (const holder of holders) show(holder, holder.querySelector(".rule:not([hidden])") !== null, active);
    for (const list of lists) list.hidden = list.querySelector(".rule:not([hidden])") === null;
    for (const hint of document.querySelectorAll(".cause .hint")) hint.hidden = active;
    find("shown").textContent = active ? `${count} of ${rules.length} rules` : `${rules.length} rules`;
    for (const cell of document.querySelectorAll("a.cell")) {
      const here = choice.family && cell.dataset.family === choice.family && cell.dataset.operation === choice.operation;
      if (here) cell.setAttribute("aria-current", "true"); else cell.removeAttribute("aria-current");
    }
  };
  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 80); });
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  form.addEventListener("reset", () => setTimeout(apply));
  apply();

  // A cell of the matrix chooses its rules.
  document.addEventListener("click", (event) => {
    const cell = event.target.closest("a.cell");
    if (!cell) return;
    event.preventDefault();
    form.reset();
    find("operation").value = cell.dataset.operation;
    find("family").value = cell.dataset.family;
    // After the reset has been heard.
    setTimeout(() => {
      apply();
      const first = rules.find((rule) => !rule.hidden);
      if (!first) return;
      form.scrollIntoView();
      first.querySelector("summary").focus({ preventScroll: true });
    });
  });

  // On paper, what cannot be opened is no use: show one finding a cause.
  const unfolded = [];
  window.addEventListener("beforeprint", () => {
    for (const cause of document.querySelectorAll(".cause:not([open])")) { cause.open = true; unfolded.push(cause); }
  });
  window.addEventListener("afterprint", () => { for (const cause of unfolded.splice(0)) cause.open = false; });
})();
