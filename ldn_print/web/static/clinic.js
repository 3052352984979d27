// Shows the letterhead half a second after something was typed; one preview at a time, the newest wins.
// "Show" does the same without a script. Nothing is written before "Save".
"use strict";
const PAUSE_MS = 500;
const form = document.getElementById("clinic"), told = document.getElementById("look-told"), file = document.getElementById("logo");
let timer = 0, busy = false, again = false;

async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  told.textContent = "Drawing…";
  try {
    const answer = await fetch("/clinic/preview", { method: "POST", body: new FormData(form) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.getElementById("preview");
    if (part) document.getElementById("preview").replaceWith(document.adoptNode(part));
    told.textContent = part?.querySelector("img") ? "As typed, not saved." : page.querySelector("main .words, body")?.textContent.trim() || "";
    if (part && !part.querySelector("img")) told.textContent = "Something is not right yet.";
  } catch { told.textContent = "The desk does not answer."; }
  busy = false;
  if (again) { again = false; refresh(); }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(refresh, PAUSE_MS);
}

if (form) {
  form.addEventListener("input", later);
  file.addEventListener("change", () => {
    const most = Number(file.dataset.most), large = file.files[0] && file.files[0].size > most;
    file.setCustomValidity(large ? `This file is larger than ${most / 1000000} MB. Choose a smaller picture.` : "");
    if (large) { file.reportValidity(); file.value = ""; clearTimeout(timer); return; }
    document.getElementById("kept_logo")?.remove();
  });
  file.addEventListener("click", () => file.setCustomValidity(""));
  document.getElementById("look").addEventListener("click", event => { event.preventDefault(); refresh(); });
  document.getElementById("summary")?.focus();
}
