// Keeps the status page up to date. The page is complete without it.
"use strict";
(() => {
  const REFRESH_MILLIS = 5000;
  const EVENT_MILLIS = 250;
  const STALE_MILLIS = 15000;
  const SLICE_MILLIS = 12;
  const byId = id => document.getElementById(id);
  const filter = { text: "", problems: false, sort: "config" };
  let received = Date.now();
  let offset = Date.now() - Date.parse(byId("now").dateTime);
  let loading = false;
  let again = false;
  let planned = 0;

  // ---- times

  function duration(millis) {
    const s = Math.max(0, Math.floor(millis / 1000));
    const two = n => String(n).padStart(2, "0");
    if (s >= 86400) return Math.floor(s / 86400) + "d" + two(Math.floor(s / 3600) % 24) + "h";
    if (s >= 3600) return Math.floor(s / 3600) + "h" + two(Math.floor(s / 60) % 60) + "m";
    return s >= 60 ? Math.floor(s / 60) + "m" + two(s % 60) + "s" : s + "s";
  }

  function showTimes() {
    const now = Date.now() - offset;
    for (const time of document.querySelectorAll("time[data-form]")) {
      const at = Date.parse(time.dateTime);
      const text = duration(time.dataset.form === "ago" ? now - at : at - now);
      if (time.textContent !== text) time.textContent = text;
    }
    byId("now").textContent = new Date(now).toISOString().slice(0, 19) + "Z";
    const age = Date.now() - received;
    let stale = byId("stale");
    if (age > STALE_MILLIS && !stale) {
      stale = document.createElement("p");
      stale.id = "stale";
      stale.className = "alert down";
      stale.setAttribute("role", "alert");
      document.querySelector("main").prepend(stale);
    }
    if (stale && age > STALE_MILLIS) stale.textContent = "No response from lvsd for " + duration(age) + ": this page is out of date";
    else if (stale) stale.remove();
  }

  // ---- refresh

  // One request at a time; what happens during one leads to another.
  async function refresh() {
    if (document.hidden) return;
    if (loading) {
      again = true;
      return;
    }
    loading = true;
    again = false;
    try {
      const response = await fetch("/", { cache: "no-store", headers: authorization(), signal: AbortSignal.timeout(10000) });
      if (response.ok) await update(new DOMParser().parseFromString(await response.text(), "text/html"));
    } catch {
      // The time of the last response shows it.
    } finally {
      loading = false;
      if (again) plan();
    }
  }

  // Many events at the same time lead to one refresh.
  function plan() {
    planned ||= setTimeout(() => {
      planned = 0;
      refresh();
    }, EVENT_MILLIS);
  }

  async function update(next) {
    received = Date.now();
    offset = received - Date.parse(next.getElementById("now").dateTime);
    document.title = next.title;
    replace(document.querySelector("header dl"), next.querySelector("header dl"));
    replace(byId("summary"), next.getElementById("summary"));
    replace(byId("alerts"), next.getElementById("alerts"));
    replace(byId("events"), next.getElementById("events"));
    await sections(byId("servers"), next.getElementById("servers"));
    apply();
    showTimes();
  }

  // Lets the browser respond to the user in between, however long the page is.
  let slice = 0;
  async function pause() {
    if (performance.now() - slice < SLICE_MILLIS) return;
    await new Promise(resolve => setTimeout(resolve));
    slice = performance.now();
  }

  // Makes the sections those of the next page, in its order, keeping the elements that both have.
  async function sections(parent, wanted) {
    const present = byKey(parent, "vs");
    let place = parent.firstElementChild;
    for (const made of [...wanted.children]) {
      await pause();
      const known = present.get(made.dataset.vs);
      present.delete(made.dataset.vs);
      const element = known || document.importNode(made, true);
      if (known) await section(known, made);
      if (element !== place) parent.insertBefore(element, place);
      else place = place.nextElementSibling;
    }
    for (const gone of present.values()) gone.remove();
  }

  async function section(old, made) {
    const same = old.dataset.problem === made.dataset.problem;
    attributes(old, made);
    part(old, made, ".head", same);
    part(old, made, ".foot", same);
    const body = old.querySelector("tbody");
    const present = byKey(body, "rs");
    for (const next of [...made.querySelector("tbody").rows]) {
      await pause();
      const row = present.get(next.dataset.rs);
      present.delete(next.dataset.rs);
      if (row) rowContents(row, next);
      else body.append(document.importNode(next, true));
    }
    for (const gone of present.values()) gone.remove();
  }

  function byKey(parent, key) {
    return new Map([...parent.children].map(e => [e.dataset[key], e]));
  }

  function rowContents(row, next) {
    const changed = row.dataset.rev !== next.dataset.rev;
    attributes(row, next);
    if (changed) contents(row, next);
  }

  // What the user has unfolded or folded stays so until the server gets or loses its problems.
  function part(old, made, selector, keep) {
    const before = old.querySelector(selector);
    const after = made.querySelector(selector);
    if (before.dataset.rev === after.dataset.rev) return;
    const open = before.querySelector("details")?.open;
    before.dataset.rev = after.dataset.rev;
    contents(before, after);
    const details = before.querySelector("details");
    if (details && keep && open !== undefined) details.open = open;
  }

  // Keeps the focus on the button that had it.
  function contents(old, made) {
    const action = old.contains(document.activeElement) ? document.activeElement.dataset.action : undefined;
    old.replaceChildren(...[...made.childNodes].map(n => document.importNode(n, true)));
    if (action) old.querySelector('[data-action="' + action + '"]')?.focus();
  }

  function replace(old, made) {
    if (old.innerHTML !== made.innerHTML) contents(old, made);
  }

  function attributes(old, made) {
    for (const { name, value } of made.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }

  // ---- filter and sort

  function apply() {
    const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = text => words.every(w => text.toLowerCase().includes(w));
    for (const vs of document.querySelectorAll(".vs")) {
      const whole = matches(vs.dataset.text);
      let shown = 0;
      for (const row of vs.querySelectorAll("tbody tr")) {
        const text = vs.dataset.text + " " + row.dataset.text;
        row.hidden = filter.problems && row.dataset.problem !== "true" || !matches(text);
        shown += row.hidden ? 0 : 1;
      }
      vs.hidden = filter.problems && vs.dataset.problem !== "true" || words.length > 0 && !whole && shown === 0;
      sort(vs.querySelector("tbody"));
    }
  }

  function sort(body) {
    switch (filter.sort) {
      case "address": return order(body, "rs", false);
      case "state": return order(body, "state", false);
      case "rate": return order(body, "rate", true, true);
      default: return order(body, "order", true);
    }
  }

  function order(body, key, numeric, descending) {
    const rows = [...body.rows];
    const compare = (a, b) => numeric
      ? Number(a.dataset[key]) - Number(b.dataset[key])
      : a.dataset[key].localeCompare(b.dataset[key], "en", { numeric: true });
    const sorted = [...rows].sort((a, b) =>
      (descending ? -compare(a, b) : compare(a, b)) || Number(a.dataset.order) - Number(b.dataset.order));
    if (sorted.some((row, i) => row !== rows[i])) body.append(...sorted);
  }

  // ---- overrides

  const dialog = byId("dialog");
  let request;

  function token() {
    return sessionStorage.getItem("lvsd-token") || "";
  }

  function authorization() {
    return token() ? { Authorization: "Bearer " + token() } : {};
  }

  function open(action, row) {
    const vs = row.closest(".vs");
    const weight = Number(row.dataset.weight);
    const live = Number(vs.dataset.live);
    const share = live > 0 ? Math.round(100 * weight / live) : 0;
    const name = row.dataset.rs + " of " + vs.dataset.vs;
    const rest = live - weight;
    const floor = Number(vs.dataset.floor);
    const leaves = weight > 0
      ? share + " % of the live weight leaves: " + live + " becomes " + rest + "."
        + (vs.dataset.up === "true" && (rest < floor || rest === 0) ? " The virtual server loses its quorum." : "") + "\n"
      : "It has no share of the live weight now.\n";
    const active = row.dataset.active + " active " + (row.dataset.active === "1" ? "connection.\n" : "connections.\n");
    const texts = {
      drain: leaves + active + "It gets no new connections, and is removed from the table when none remains.",
      disable: leaves + active + "It is removed from the table immediately.",
      enable: "It receives connections again if its checks are up.",
      weight: "It has " + share + " % of the live weight (" + weight + " of " + live + ") now.",
    };
    request = { action, vs: vs.dataset.vs, rs: row.dataset.rs };
    byId("dialog-title").textContent = action[0].toUpperCase() + action.slice(1) + " " + name + "?";
    byId("dialog-text").textContent = texts[action];
    byId("dialog-weight").hidden = action !== "weight";
    byId("dialog-force").hidden = true;
    byId("force").checked = false;
    show();
  }

  function show() {
    byId("dialog-token").hidden = request !== undefined && token() !== "";
    byId("token").value = token();
    byId("dialog-error").textContent = "";
    dialog.showModal();
    (byId("dialog-token").hidden ? byId("cancel") : byId("token")).focus();
  }

  async function confirm() {
    if (byId("token").value) sessionStorage.setItem("lvsd-token", byId("token").value);
    if (!request) {
      if (!byId("token").value) sessionStorage.removeItem("lvsd-token");
      dialog.close();
      return;
    }
    const body = { force: byId("force").checked };
    if (request.action === "weight") body.weight = byId("weight").value === "auto" ? "auto" : Number(byId("weight").value);
    const path = "/api/v1/virtual-servers/" + encodeURIComponent(request.vs) + "/real-servers/"
      + encodeURIComponent(request.rs) + "/" + request.action;
    try {
      const response = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...authorization() },
        body: JSON.stringify(body),
      });
      if (response.ok) {
        dialog.close();
        byId("live").textContent = request.action + " of " + request.rs + " was carried out";
        await refresh();
        return;
      }
      const problem = await response.json().catch(() => ({ detail: "status " + response.status }));
      byId("dialog-error").textContent = [problem.detail, problem.remedy].filter(Boolean).join(": ");
      byId("dialog-force").hidden = response.status !== 409;
      if (response.status === 401 || response.status === 403) {
        sessionStorage.removeItem("lvsd-token");
        byId("dialog-token").hidden = false;
        byId("token").focus();
      }
    } catch {
      byId("dialog-error").textContent = "No response from lvsd: try again";
    }
  }

  // ---- start

  document.documentElement.classList.add("scripted");
  byId("filter").hidden = false;
  byId("filter").addEventListener("submit", e => e.preventDefault());
  byId("search").addEventListener("input", e => { filter.text = e.target.value; apply(); });
  byId("problems").addEventListener("change", e => { filter.problems = e.target.checked; apply(); });
  byId("sort").addEventListener("change", e => { filter.sort = e.target.value; apply(); });
  byId("token-button").addEventListener("click", () => {
    request = undefined;
    byId("dialog-title").textContent = "Token for changes";
    byId("dialog-text").textContent = "The token is kept in this browser tab until it is closed.";
    byId("dialog-weight").hidden = true;
    byId("dialog-force").hidden = true;
    show();
  });
  byId("servers").addEventListener("click", e => {
    const action = e.target.dataset?.action;
    if (action) open(action, e.target.closest("tr"));
  });
  byId("cancel").addEventListener("click", () => dialog.close());
  dialog.querySelector("form").addEventListener("submit", e => { e.preventDefault(); confirm(); });
  if (new URLSearchParams(location.search).get("only") === "problems") {
    byId("problems").checked = filter.problems = true;
    apply();
  }
  setInterval(showTimes, 1000);
  setInterval(refresh, REFRESH_MILLIS);
  document.addEventListener("visibilitychange", refresh);
  if ("EventSource" in window) {
    new EventSource("/api/v1/events").onmessage = plan;
  }
})();
