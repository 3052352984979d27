// The first page without loading it anew: results as one types, Enter shows the best, Print prints.
// Everything here also works without a script, one page at a time.
"use strict";
const RECENT = "ldn-recent", MOST_RECENT = 6, PAUSE_MS = 120;
const byId = name => document.getElementById(name);
let asked = 0, timer = 0, marked = -1;

function address() {
  const rows = new URLSearchParams(new FormData(byId("find")));
  return "/?" + rows.toString();
}

async function load(url, parts, options = {}) {
  const mine = ++asked;
  document.body.classList.add("waiting");
  const answer = await fetch(url, options);
  const text = await answer.text();
  if (mine !== asked) return false;
  document.body.classList.remove("waiting");
  const page = new DOMParser().parseFromString(text, "text/html");
  if (!page.getElementById(parts[0])) { location.href = url; return false; }
  for (const name of parts) byId(name)?.replaceWith(document.adoptNode(page.getElementById(name)));
  document.title = page.title;
  marked = -1;
  wire();
  return true;
}

// While somebody types only the list changes; the sheet is made when it is asked for.
function typed() {
  clearTimeout(timer);
  byId("chosen")?.remove();
  timer = setTimeout(() => load(address(), ["results"], { headers: { "x-part": "results" } }), PAUSE_MS);
}

async function show(url) {
  clearTimeout(timer);
  byId("sheet").classList.add("busy");
  if (await load(url, ["results", "sheet", "options-box"])) {
    history.pushState(null, "", url);
    const print = byId("print");
    (print || byId("sheet-head")).focus({ preventScroll: innerWidth >= 960 });
  }
}

function links() { return [...document.querySelectorAll("#results .rows a")]; }

function mark(step) {
  const rows = links();
  if (!rows.length) return;
  marked = (marked + step + rows.length) % rows.length;
  rows.forEach((row, number) => row.classList.toggle("marked", number === marked));
  rows[marked].scrollIntoView({ block: "nearest" });
  byId("told").textContent = rows[marked].innerText;
}

function remember() {
  const what = document.querySelector("#sheet-head .what"), print = byId("print");
  if (!what || !print) return;
  const url = "/?" + print.search.slice(1);
  const rows = recent().filter(row => row.url !== url);
  try { localStorage.setItem(RECENT, JSON.stringify([{ url, name: what.textContent }, ...rows].slice(0, MOST_RECENT))); } catch { /* no room, no list */ }
}

function recent() {
  try { return JSON.parse(localStorage.getItem(RECENT)) || []; } catch { return []; }
}

function showRecent() {
  const box = byId("recent"), rows = recent();
  if (!box) return;
  box.hidden = !rows.length || byId("q").value !== "";
  box.querySelector("ol").replaceChildren(...rows.map(row => {
    const item = document.createElement("li"), link = document.createElement("a"), name = document.createElement("strong");
    name.textContent = row.name;
    link.href = row.url.startsWith("/?") ? row.url : "/";
    link.append(name);
    item.append(link);
    return item;
  }));
}

// A browser prints a PDF from a frame of this page; where it will not, the PDF opens and is printed from there.
function printFile(url, fallback) {
  document.querySelector("iframe.printer")?.remove();
  const frame = document.createElement("iframe");
  frame.className = "printer";
  frame.title = "The sheet for the printer";
  frame.onload = () => {
    try { frame.contentWindow.focus(); frame.contentWindow.print(); } catch { open(fallback || url, "_blank"); }
  };
  frame.src = url;
  document.body.append(frame);
  window.lastPrinted = url;
}

async function copyText(url) {
  const text = await (await fetch(url)).text();
  try { await navigator.clipboard.writeText(text); byId("done").textContent = "The text is copied."; }
  catch { open(url, "_blank"); }
}

// A patient's copy is held by this page alone, for as long as it stands on it.
async function sendCopy(form, url) {
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (answer.headers.get("content-type") === "application/pdf") {
    const held = URL.createObjectURL(await answer.blob());
    printFile(held);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = page.getElementById("sheet");
  if (!part) { document.documentElement.replaceWith(document.adoptNode(page.documentElement)); return; }
  byId("sheet").replaceWith(document.adoptNode(part));
  wire();
  (document.querySelector("#sheet .notice") || byId("copy-head"))?.scrollIntoView({ block: "start" });
}

function wire() {
  const print = byId("print"), copy = byId("copy"), form = byId("patient-form"), box = byId("options-box");
  print?.addEventListener("click", event => { event.preventDefault(); remember(); printFile(print.href); });
  copy?.addEventListener("click", event => { event.preventDefault(); copyText(copy.href); });
  form?.addEventListener("submit", event => {
    event.preventDefault();
    sendCopy(form, event.submitter?.getAttribute("formaction") || form.action);
  });
  for (const row of links()) row.addEventListener("click", event => { event.preventDefault(); show(row.href); });
  if (box && !box.dataset.wired) {
    box.dataset.wired = "yes";
    box.addEventListener("change", () => { if (byId("chosen")) show(address()); });
  }
  showRecent();
}

if (byId("find")) {
  byId("q").addEventListener("input", typed);
  byId("q").addEventListener("keydown", event => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark(event.key === "ArrowDown" ? 1 : -1); }
  });
  byId("find").addEventListener("submit", event => {
    event.preventDefault();
    const row = links()[marked];
    show(row ? row.href : address());
  });
  addEventListener("popstate", () => location.reload());
  addEventListener("pageshow", event => { if (event.persisted) byId("patient-form")?.reset(); });
  byId("patient-form")?.reset();
  wire();
}
