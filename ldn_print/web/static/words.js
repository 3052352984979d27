// The workbench without losing one's place: the page beside the message, Ctrl+Enter, a word before work is lost.
// Everything here also works without a script.
"use strict";

function form() { return document.getElementById("edit"); }

function isChanged() {
  return Boolean(form()) && (form().dataset.saved === "no" || [...form().elements].some(field =>
    field.type === "checkbox" ? field.checked !== field.defaultChecked : field.tagName === "TEXTAREA" && field.value !== field.defaultValue));
}

// The place of the chosen message comes into sight within its own column only.
function showPlace() {
  const column = document.getElementById("sheets"), place = column?.querySelector(".here rect");
  if (!place || column.scrollHeight <= column.clientHeight) return;
  const box = place.getBoundingClientRect(), around = column.getBoundingClientRect();
  column.scrollTop += box.top - around.top - (around.height - box.height) / 2;
}

addEventListener("keydown", event => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form()?.contains(event.target)) {
    event.preventDefault();
    form().requestSubmit();
  }
});

let isSending = false;
form()?.addEventListener("submit", () => {
  isSending = true;
  form().setAttribute("aria-busy", "true");
});
addEventListener("beforeunload", event => { if (!isSending && isChanged()) event.preventDefault(); });
addEventListener("pageshow", () => { isSending = false; });

showPlace();
const first = document.querySelector("#open [role=alert], #open [role=status]");
if (document.getElementById("open")) (first && !form() ? first : document.getElementById("text-0") || document.getElementById("open-head")).focus({ preventScroll: true });
document.getElementById("open")?.scrollIntoView({ block: "start" });
