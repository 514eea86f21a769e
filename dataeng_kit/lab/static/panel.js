// The workbench's face: tabs, panels written by Python as HTML, one status line, and the line of Python behind each button.
const $ = (tag, attrs = {}, ...kids) => {
  const node = document.createElement(tag);
  for (const [k, v] of Object.entries(attrs)) k === "text" ? (node.textContent = v) : node.setAttribute(k, v);
  node.append(...kids);
  return node;
};
const say = (model, msg) => { try { model.send(msg); } catch { /* the kernel is gone; the notebook keeps what it has */ } };
const LOOK_AGAIN = 3000;                              // milliseconds
const lastView = new WeakMap();                       // model → element of the view used last

function tabs(model, ids, titles, sections, uid) {
  const bar = $("div", { role: "tablist", class: "dk-tabs", "aria-label": "Workbench panels" });
  const buttons = ids.map((id, i) => $("button", {
    type: "button", role: "tab", id: `${uid}-tab-${id}`, "aria-controls": `${uid}-${id}`, text: titles[i] }));
  const show = (id, focus) => {
    const body = sections[id].parentElement, left = ids.find((other) => !sections[other].hidden);
    if (body && left) sections[left].dataset.top = body.scrollTop;
    ids.forEach((other, i) => {
      const on = other === id;
      buttons[i].setAttribute("aria-selected", on);
      buttons[i].tabIndex = on ? 0 : -1;
      sections[other].hidden = !on;
      if (on && focus) buttons[i].focus();
    });
    if (body && left !== id) body.scrollTop = sections[id].dataset.top ?? 0;   // each panel is where it was left
  };
  const choose = (id, focus) => { show(id, focus); model.set("_active", id); model.save_changes(); };
  buttons.forEach((b, i) => {
    b.onclick = () => choose(ids[i]);
    b.onkeydown = (e) => {
      const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: ids.length - 1 }[e.key];
      if (to === undefined) return;
      e.preventDefault(); e.stopPropagation();
      choose(ids[(to + ids.length) % ids.length], true);
    };
  });
  bar.append(...buttons);
  return { bar, show };
}

// New HTML keeps what was open, typed and focused: everything that matters carries a data-key.
function fill(section, html) {
  const keyed = (sel) => [...section.querySelectorAll(sel)];
  const open = new Map(keyed("details[data-key]").map((d) => [d.dataset.key, d.open]));
  const typed = new Map(keyed("input[data-key],textarea[data-key],select[data-key]").map((i) => [i.dataset.key, i.type === "checkbox" ? i.checked : i.value]));
  const focus = section.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  section.innerHTML = html;
  keyed("details[data-key]").forEach((d) => { if (open.has(d.dataset.key)) d.open = open.get(d.dataset.key); });
  keyed("input[data-key],textarea[data-key],select[data-key]").forEach((i) => {
    const had = typed.get(i.dataset.key);
    if (i.type === "checkbox") i.checked = had ?? i.checked; else if (had) i.value = had; });
  section.closest(".dk")?.setAttribute("data-still", "1");   // what comes under a resting pointer was not pointed at
  section.dataset.filling = "1";                       // the focus put back is no wish to see that button's line
  if (focus) section.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  delete section.dataset.filling;
  keyed("input[data-filter]").filter((i) => i.value).forEach(filter);
  const asks = section.querySelector("[data-asks]");   // a choice that waits is brought into view, once
  if (asks && section.dataset.asked !== asks.dataset.asks) asks.scrollIntoView({ block: "nearest" });
  section.dataset.asked = asks?.dataset.asks ?? "";
}

// A page beside the notebook: only the document knows the address that serves it.
async function frames(model, section) {
  const links = notebook(model)?.urlResolver;
  for (const page of section.querySelectorAll("[data-file]")) {
    const path = page.dataset.file.split("/").map(encodeURIComponent).join("/"), there = !page.dataset.file.startsWith("/");
    if (links && there) page[page.tagName === "A" ? "href" : "src"] = await links.getDownloadUrl(await links.resolveUrl(path));
    else if (page.tagName !== "A") page.remove();
  }
}

function filter(input) {                              // rows and folds whose text holds every word typed
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const scope = input.closest("[data-scope]");
  const items = [...scope.querySelectorAll("[data-find]")];
  for (const item of items) item.hidden = !words.every((w) => item.dataset.find.toLowerCase().includes(w));
  const shown = items.filter((i) => !i.hidden && !i.querySelector("[data-find]:not([hidden])")).length;
  const folds = items.filter((i) => !i.hidden && i.querySelector("[data-find]"));
  if (words.length && folds.length <= 3) folds.forEach((f) => { f.open = true; });
  const note = scope.querySelector("[data-count]");
  if (note) note.textContent = words.length ? `${shown} shown` : "";
}

function sort(head) {
  const table = head.closest("table"), i = [...head.closest("tr").children].indexOf(head);
  const down = head.getAttribute("aria-sort") === "ascending";
  const value = (row) => row.children[i].dataset.sort ?? row.children[i].textContent.trim();
  const number = (t) => { const n = parseFloat(t.replace(/[^\d.eE-]/g, "")); return Number.isNaN(n) ? null : n; };
  const rows = [...table.tBodies[0].rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)], [m, n] = [number(x), number(y)];
    return (m !== null && n !== null ? m - n : x.localeCompare(y)) * (down ? -1 : 1);
  });
  for (const h of head.closest("tr").children) h.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  table.tBodies[0].append(...rows);
}

const values = (button) => Object.fromEntries([...(button.closest("[data-form]")?.querySelectorAll("[name]") ?? [])]
  .map((i) => [i.name, i.type === "checkbox" ? (i.checked ? "yes" : "") : i.value]));

async function upload(model, button) {
  const files = [...button.closest("[data-form]").querySelector("input[type=file]").files];
  for (const file of files) model.send({ kind: "upload", name: file.name, last: file === files.at(-1) }, undefined, [await file.arrayBuffer()]);
}

async function copy(button, note) {
  const text = button.closest("[data-cell]").querySelector("pre").textContent;
  try { await navigator.clipboard.writeText(text); note("Copied."); }
  catch { getSelection().selectAllChildren(button.closest("[data-cell]").querySelector("pre")); note("Selected: press Ctrl+C to copy."); }
}

function footer(model) {
  const text = $("span", { role: "status", "aria-live": "polite" });
  const clock = $("span", { class: "dk-clock", "aria-hidden": "true" });
  const bar = $("progress", { max: 1, "aria-label": "Progress" });
  const halt = $("button", { type: "button", class: "dk-stop", text: "Stop" });
  const back = $("button", { type: "button", class: "dk-undo", text: "Undo" });
  const line = $("code", { class: "dk-line" });
  back.onclick = () => say(model, { kind: "do", verb: "undo", args: [], values: {} });
  halt.onclick = () => { halt.disabled = true; text.textContent = "Stopping…"; stop(model).catch((e) => { text.textContent = `Stop was not heard: ${e.message}`; }); };
  const shown = (s) => {
    const busy = s.state === "working";
    bar.hidden = halt.hidden = clock.hidden = !busy;
    back.hidden = busy || !s.undo;
    busy ? armStop(model) : (halt.disabled = false);
    s.of ? (bar.value = s.done / s.of) : bar.removeAttribute("value");
    text.textContent = s.text ?? "";
    text.className = s.state === "error" ? "dk-error" : "";
    if (s.line !== undefined) line.textContent = s.line;
    clock.dataset.since = busy ? Date.now() - 1000 * (s.seconds ?? 0) : "";
  };
  const tick = setInterval(() => {
    if (clock.dataset.since) clock.textContent = `${Math.max(0, (Date.now() - clock.dataset.since) / 1000).toFixed(0)} s`;
  }, 500);
  const box = $("div", { class: "dk-foot" }, $("div", { class: "dk-status" }, text, bar, clock, halt, back), line);
  return { box, shown, note: (t) => { text.textContent = t; }, hint: (t) => { line.textContent = t; }, end: () => clearInterval(tick) };
}

function listen(model, el, root, foot) {
  root.addEventListener("click", (e) => {
    const b = e.target.closest("button,[data-do]");
    if (!b) return;
    lastView.set(model, el);
    if (b.dataset.do) say(model, { kind: "do", ...JSON.parse(b.dataset.do), values: values(b) });
    else if (b.dataset.upload !== undefined) upload(model, b);
    else if (b.dataset.copy !== undefined) copy(b, foot.note);
    else if (b.dataset.sortHead !== undefined) sort(b.closest("th"));
  });
  root.addEventListener("input", (e) => { if (e.target.dataset.filter !== undefined) filter(e.target); });
  let looked = Date.now();                             // whoever comes back to the panel sees what changed meanwhile
  for (const kind of ["pointerenter", "focusin"]) root.addEventListener(kind, () => {
    if (Date.now() - looked > LOOK_AGAIN) { looked = Date.now(); say(model, { kind: "look" }); }
  });
  for (const kind of ["pointerover", "focusin"]) root.addEventListener(kind, (e) => {
    const b = e.target.closest?.("[data-line]");
    if (b && !b.closest("[data-filling]") && !(kind === "pointerover" && root.dataset.still)) foot.hint(b.dataset.line);
  });
  root.addEventListener("pointermove", () => { delete root.dataset.still; });
  root.addEventListener("keydown", (e) => {            // the notebook's single-key shortcuts must not see our keys
    if (e.target.closest("input,textarea,select,button,summary")) e.stopPropagation();
    if (e.key === "Enter" && e.target.matches("input[name]")) e.target.closest("[data-form]")?.querySelector("button[data-do]")?.click();
  });
}

export default {
  initialize({ model }) {                              // once per model, so that two views insert once
    const does = { insert: (m) => insert(model, lastView.get(model), m), undo: (m) => undo(model, m), run: (m) => run(model, m) };
    const heard = async (m) => { if (does[m.kind]) say(model, await does[m.kind](m)); };
    model.on("msg:custom", heard);
    return () => model.off("msg:custom", heard);
  },
  render({ model, el }) {
    const uid = `dk-${Math.random().toString(36).slice(2, 9)}`;
    const panels = model.get("_panels"), ids = panels.map((p) => p.id), sections = {};
    const root = $("div", { class: "dk", role: "region", "aria-label": model.get("_title") });
    const several = ids.length > 1;
    for (const id of ids) sections[id] = $("section", {
      id: `${uid}-${id}`, ...(several ? { role: "tabpanel", "aria-labelledby": `${uid}-tab-${id}`, tabindex: 0 } : {}) });
    const { bar, show } = tabs(model, ids, panels.map((p) => p.title), sections, uid);
    const foot = footer(model);
    const poorer = notebook(model) ? [] : [$("p", { class: "dk-poorer", text:
      "This front end gives widgets no notebook: cells are not inserted or run from here. Use Copy beside the code, or the line below each click; " +
      "Stop is heard once the running cell ends." })];
    root.append($("div", { class: "dk-head", text: model.get("_title") }), ...poorer, ...(several ? [bar] : []), $("div", { class: "dk-body" }, ...Object.values(sections)), foot.box);
    el.append(root);
    lastView.set(model, el);
    listen(model, el, root, foot);
    const watches = [];
    const watch = (name, f) => { model.on(`change:${name}`, f); watches.push([name, f]); f(); };
    ids.forEach((id) => watch(`view_${id}`, () => { fill(sections[id], model.get(`view_${id}`)); frames(model, sections[id]); }));
    watch("_active", () => show(model.get("_active")));
    const go = () => { model.set("_active", model.get("_go")[0]); show(model.get("_active")); };   // Python's word, which no late click overrules
    model.on("change:_go", go); watches.push(["_go", go]);
    watch("_status", () => foot.shown(model.get("_status")));
    watch("_title", () => { root.firstChild.textContent = model.get("_title"); });
    const heard = (m) => { if (m.kind === "status") foot.shown(m); };
    model.on("msg:custom", heard);
    return () => {
      foot.end();
      model.off("msg:custom", heard);
      watches.forEach(([name, f]) => model.off(`change:${name}`, f));
    };
  },
};
